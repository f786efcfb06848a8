#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Of the mutants that are made by rule from a lab's reference a sample is
# tried, the same each time; `make mutate` tries others, or all. A sample of a
# few says little about a rate: what is held here is that most of a lab's are
# killed.
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
"$grade" mutate "$lab" --root "$top" --sample 2 --seed 1 --rate 1 \
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
