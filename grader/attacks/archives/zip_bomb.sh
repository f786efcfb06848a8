# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A small archive that becomes a large file.
# Wants: memory and disk
# Seen by: time
# Told: refused
# Won: ! python3 -m zipfile -e "$answer" copy
cp "$starter"/*.c "$sub"
head -c 60000000 /dev/zero >"$sub/io.c"
(cd "$sub" && python3 -m zipfile -c ../bomb.zip io.c serve.c listener.c)
answer=$(dirname "$sub")/bomb.zip
