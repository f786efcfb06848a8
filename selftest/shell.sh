#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Our shell scripts: nothing that shellcheck has to say a word to.
. "$(dirname -- "$0")/lib.sh"

command -v shellcheck >/dev/null || {
	echo "shellcheck is not installed"
	exit 77
}
cd "$top"
scripts=$(find course .ci/run common grader selftest bench site lab[0-9][0-9]-* \
	-name '*.sh' -o -path course -o -path .ci/run 2>/dev/null | sort)
for script in $scripts; do
	check "$script" shellcheck -s sh -x -P "$top/selftest:$top" -e SC1091,SC2317 "$script"
done
finish
