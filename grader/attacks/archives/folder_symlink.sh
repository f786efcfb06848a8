# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: The submission's folder has a link to the reference.
# Wants: the reference as the answer
# Seen by: points
# Told: refused
# Won: cp -rL "$sub" copy && is_the_reference copy/io.c
cp "$starter"/*.c "$sub"
ln -sf "$top/lab01-blocking/io.c" "$sub/io.c"
