# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A file .git says where the repository is.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: git -C "$sub" show HEAD:lab01-blocking/io.c >io.c && is_the_reference io.c
cp "$starter"/*.c "$sub"
answer=$(dirname "$sub")/hostile.git
rm -rf "$answer"
theirs=$(dirname "$sub")/theirs
rm -rf "$theirs"
mkdir -p "$theirs/lab01-blocking"
cp "$top/lab01-blocking"/*.c "$theirs/lab01-blocking"
git -C "$theirs" init -q
git -C "$theirs" add .
git -C "$theirs" -c user.name=a -c user.email=a@a.test commit -qm all
rm -f "$sub"/*.c
echo "gitdir: $theirs/.git" >"$sub/.git"
answer=file://$sub
