# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A FIFO is never at its end.
# Wants: the grader to hang
# Seen by: time
# Told: refused
# Won: ! timeout 1 cat "$sub/io.c"
cp "$starter"/*.c "$sub"
rm "$sub/io.c" && mkfifo "$sub/io.c"
