# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A tree that has a tree ten times, and that one again, is small.
# Wants: memory and time
# Seen by: time
# Told: whole
# Won: ! timeout 1 git -C "$answer" ls-tree -rz HEAD >/dev/null
cp "$starter"/*.c "$sub"
answer=$(dirname "$sub")/hostile.git
rm -rf "$answer"
git init -q --bare "$answer"
blob=$(git -C "$answer" hash-object -w "$sub/io.c")
entry="100644 blob $blob"
for level in 0 1 2 3 4 5 6 7 8; do
	tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do
		printf '%s\tf%s\n' "$entry" $i
	done | git -C "$answer" mktree)
	entry="040000 tree $tree"
done
commit=$(git -C "$answer" -c user.name=a -c user.email=a@a.test \
	commit-tree -m bomb "$tree")
git -C "$answer" update-ref HEAD "$commit"
