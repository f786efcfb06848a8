# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016,SC2154,SC2034
#
# Idea: Attributes say how a file is changed on its way out.
# Wants: commands and texts that are not in the file
# Seen by: /var/tmp, the program's words
# Told: run
cp "$starter"/*.c "$sub"
answer=$(dirname "$sub")/hostile.git
rm -rf "$answer"
printf '*.c export-subst filter=mine ident\n' >"$sub/.gitattributes"
printf '/* $Format:%%(describe)$ $Id$ */\n' >>"$sub/io.c"
git -C "$sub" init -q
git -C "$sub" add .
git -C "$sub" -c user.name=a -c user.email=a@a.test commit -qm all
git clone -q --bare "$sub" "$answer"
git -C "$answer" config filter.mine.smudge 'touch /var/tmp/run_by_git'
