# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# What attacks with a repository have in common: the instructor's own, which has
# the reference, in the folder $theirs; and the name of the attacker's, $answer.
answer=$(dirname "$sub")/hostile.git
theirs=$(dirname "$sub")/theirs
rm -rf "$answer" "$theirs"
mkdir -p "$theirs/lab01-blocking"
cp "$top/lab01-blocking"/*.c "$theirs/lab01-blocking"
git -C "$theirs" init -q
git -C "$theirs" add .
git -C "$theirs" -c user.name=a -c user.email=a@a.test commit -qm all
