# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A repository may have its objects in another one: the instructor's.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: git -C "$answer" show HEAD:lab01-blocking/io.c >io.c && is_the_reference io.c
# shellcheck source=grader/attacks/theirs.sh
. "$top/grader/attacks/theirs.sh"
git init -q --bare "$answer"
echo "$theirs/.git/objects" >"$answer/objects/info/alternates"
git -C "$theirs" rev-parse HEAD >"$answer/HEAD"
