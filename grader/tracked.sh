# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
#
# Sourced by what packs parts of the tree for others: only files that git knows
# are given away, in the state in which they are on the disk, and the same files
# make the same bytes.

# What all files that are packed were changed last at: 2026-01-01.
packed_at=1767225600

# tracked_files TOP: the files that may be given away, a path a line.
tracked_files() {
	if git -C "$1" rev-parse --show-prefix 2>/dev/null | grep -qx ''; then
		git -C "$1" -c core.quotePath=off ls-files
	else
		(cd "$1" && find . \( -path ./build -o -path ./work \) -prune \
			-o -type f -print) | sed 's|^\./||'
	fi
}
