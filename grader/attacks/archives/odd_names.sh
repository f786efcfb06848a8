# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: Names may have any byte but two: lines, escapes, dashes.
# Wants: a line, a terminal or an option of the grader's
# Seen by: the grader's words
# Told: refused
# Won: tar -xf "$answer" --one-top-level=copy; test -e "$(printf "copy/io.c\nserve.c")"
cp "$starter"/*.c "$sub"
touch "$sub/io.c
serve.c" "$sub/$(printf '\033]0;owned\007')" "$sub/-rf" "$sub/--checkpoint=1"
ln -sf "$top/lab01-blocking/io.c" "$sub/io.c"
tar -cf "$sub.tar" -C "$sub" --transform 's|^./-rf|../a\n\x1b[2J|' .
answer=$sub.tar
