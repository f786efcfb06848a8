#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Of the mutants that are made by rule from a lab's reference a sample is
# tried, one a deliverable and the same each time; `make mutate` tries others, or
# all. So few say little about a rate (docs/MUTATION.md has rates): what is held
# here is that the rules work, and that most of what they make is killed.
. "$(dirname -- "$0")/lib.sh"

lab=$1
command -v bwrap >/dev/null || {
	echo "bubblewrap is not installed"
	exit 77
}
need_grader
# A wrong submission may well be one that the compiler warns of.
WERROR=
export WERROR
"$grade" mutate "$lab" --root "$top" --sample 1 --seed 1 --rate 1 \
	>"$tmp/log" 2>&1 || true
cat "$tmp/log"
# The last row "all" of its tables has the whole lab: tried, killed, survived.
awk -F '|' '
$2 ~ /^ all / { killed = $4; survived = $5; any = 1 }
END {
	good = any && killed >= survived
	printf "count: %d passed, %d failed\n", killed, !good
	exit !good
}' "$tmp/log"
