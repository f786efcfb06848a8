# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A member is a link to the reference.
# Wants: the reference as the answer
# Seen by: points
# Told: refused
# Won: tar -xf "$answer" --one-top-level=copy && is_the_reference copy/io.c
cp "$starter"/*.c "$sub"
ln -sf "$top/lab01-blocking/io.c" "$sub/io.c"
tar -cf "$sub.tar" -C "$sub" .
answer=$sub.tar
