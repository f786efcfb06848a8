#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A sample of the mutants that are made by rule from a lab's reference is
# caught. The sample is the same each time; `make mutate` tries others.
. "$(dirname -- "$0")/lib.sh"

lab=$1
command -v bwrap >/dev/null || {
	echo "bubblewrap is not installed"
	exit 77
}
need_grader
status=0
"$grade" mutate "$lab" --root "$top" --sample 3 --seed 1 >"$tmp/log" 2>&1 ||
	status=$?
cat "$tmp/log"
awk '
/ killed by / { killed++ }
/ SURVIVED, / { survived++ }
END { printf "count: %d passed, %d failed\n", killed, survived }' "$tmp/log"
exit "$status"
