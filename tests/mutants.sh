#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every mutant of a lab is caught by the test that it names.
. "$(dirname -- "$0")/lib.sh"

lab=$1
ls "$top/$lab/mutants/"*.patch >/dev/null 2>&1 || {
	echo "$lab has no mutants yet"
	exit 77
}
need_grader
sh "$top/grader/mutants.sh" "$lab"
