# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A member's path leads out of the archive.
# Wants: a file outside
# Seen by: /tmp, the tree
# Told: refused
# Won: mkdir -p a/b && tar -xPf "$answer" -C a/b && test -f io.c
cp "$starter"/*.c "$sub"
tar -cf "$sub.tar" -C "$sub" --transform 's|^io.c|../../io.c|' io.c serve.c
answer=$sub.tar
