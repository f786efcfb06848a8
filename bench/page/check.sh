#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench check: compares the ratios of the last runs, in
# build/bench/summary.tsv, with those in bench/expected.ini, and says which fell.
#
#	bench/page/check.sh [SUMMARY [EXPECTED]]
#
# Status 0: none fell; 1: some did; 2: nothing to compare.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
summary=${1:-$top/build/bench/summary.tsv}
expected=${2:-$top/bench/expected.ini}

[ -f "$summary" ] || {
	echo "bench check: no results yet; ./course bench makes them" >&2
	exit 2
}
awk -F '\t' '
FNR == NR {
	sub(/[#;].*/, "")
	if (match($0, /^\[.*\]/)) {
		what = substr($0, 2, RLENGTH - 2)
		next
	}
	if (!index($0, "="))
		next
	key = value = $0
	sub(/ *=.*/, "", key)
	sub(/[^=]*= */, "", value)
	if (what == "check")
		setting[key] = value
	else
		want[what " " key] = value
	next
}
$1 == "ratio" {
	key = $2 " " $4 "/" $5 " " $3
	if (!(key in want))
		next
	compared++
	seen[key] = 1
	slack = 1 + setting["tolerance_percent"] / 100
	worse = $10 == "more" ? $7 < want[key] / slack : $7 > want[key] * slack
	if (worse) {
		fell++
		printf "fell: %s: %.2f, expected %s (%s is better; half of " \
			"%d repetitions: %.2f to %.2f)\n", key, $7, want[key],
			$10, $6, $8, $9
	}
}
END {
	for (key in want)
		if (!(key in seen))
			print "not measured: " key | "sort"
	close("sort")
	printf "%d ratios compared, %d fell\n", compared, fell
	exit compared == 0 ? 2 : fell > 0
}' "$expected" "$summary"
