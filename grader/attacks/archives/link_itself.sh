# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: The submission is itself a link, to the reference.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: cp -rL "$answer" copy && is_the_reference copy/io.c
answer=$sub.link
rm -f "$answer"
ln -s "$top/lab01-blocking" "$answer"
