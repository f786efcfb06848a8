# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: The lab's folder is a link to the reference's.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: cp -rL "$sub" copy && is_the_reference copy/lab01-blocking/io.c
ln -s "$top/lab01-blocking" "$sub/lab01-blocking"
