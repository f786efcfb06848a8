#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Of the mutants that are made by rule from a lab's reference a sample is
# tried, the same each time; `make mutate` tries others, or all. A sample of a
# few says little about a rate: what is held here is that most are killed.
. "$(dirname -- "$0")/lib.sh"

lab=$1
command -v bwrap >/dev/null || {
	echo "bubblewrap is not installed"
	exit 77
}
need_grader
status=0
"$grade" mutate "$lab" --root "$top" --sample 3 --seed 1 \
	--rate 33 >"$tmp/log" 2>&1 ||
	status=$?
cat "$tmp/log"
awk '
/ killed by / { killed++ }
END { printf "count: %d passed, %d failed\n", killed, status != 0 }' \
	status="$status" "$tmp/log"
exit "$status"
