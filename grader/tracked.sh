# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
#
# Sourced by what packs parts of the tree for others: only files that git knows
# are given away, in the state in which they are on the disk, and the same files
# make the same bytes.

# What all files that are packed were changed last at: 2026-01-01.
packed_at=1767225600

# git, also in a tree that is somebody else's: whose script this is may be asked.
its_git() {
	git -C "$1" -c core.quotePath=off -c safe.directory='*' ls-files
}

# tracked_files TOP: the files that may be given away, a path a line. All of them
# only in a tree that is no clone, where nothing tells them apart.
tracked_files() {
	if [ -e "$1/.git" ]; then
		its_git "$1" || {
			echo "git is to say which files of $1 may be given" \
				"away, and does not" >&2
			return 1
		}
	else
		(cd "$1" && find . \( -path ./build -o -path ./work \) -prune \
			-o -type f -print) | sed 's|^\./||'
	fi
}
