#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs the make target of the folder given ("grader check") and counts the
# tests in Criterion's own summaries.
. "$(dirname -- "$0")/lib.sh"

status=0
make --no-print-directory -C "$top/$1" "$2" >"$tmp/log" 2>&1 || status=$?
cat "$tmp/log"
sed 's/\x1b\[[0-9;]*m//g' "$tmp/log" | awk -v status="$status" '
/Synthesis: Tested:/ {
	for (i = 1; i < NF; i++) {
		if ($i == "Passing:")
			passed += $(i + 1)
		if ($i == "Failing:" || $i == "Crashing:")
			failed += $(i + 1)
	}
}
END {
	if (passed + failed > 0)
		printf "count: %d passed, %d failed\n", passed, failed
}'
exit "$status"
