# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A file .git says where the repository is.
# Wants: the reference as the answer
# Seen by: points
# Told: whole
# Won: git -C "$sub" show HEAD:lab01-blocking/io.c >io.c && is_the_reference io.c
# shellcheck source=grader/attacks/theirs.sh
. "$top/grader/attacks/theirs.sh"
echo "gitdir: $theirs/.git" >"$sub/.git"
answer=file://$sub
