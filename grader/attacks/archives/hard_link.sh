# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A hard link to a file of the tree's.
# Wants: to have the reference graded
# Seen by: points
# Told: refused
# Won: is_the_reference "$sub/io.c"
cp "$starter"/*.c "$sub"
cp "$top/lab01-blocking/io.c" "$sub/other" && ln -f "$sub/other" "$sub/io.c"
