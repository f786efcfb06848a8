# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: The folders of a repository are links into the instructor's.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: git -C "$answer" show HEAD:lab01-blocking/io.c >io.c && is_the_reference io.c
# shellcheck source=grader/attacks/theirs.sh
. "$top/grader/attacks/theirs.sh"
mkdir "$answer"
cp "$theirs/.git/HEAD" "$theirs/.git/config" "$answer"
ln -s "$theirs/.git/objects" "$theirs/.git/refs" "$answer"
