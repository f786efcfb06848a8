#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every mutant of a lab is caught by the test that it names. If MUTANTS_SEED is
# set, as in a run of all steps, one mutant of each third test is drawn with that
# seed.
. "$(dirname -- "$0")/lib.sh"

lab=$1
[ -n "$(find "$top/$lab" -path '*/mutants/*.patch' -print -quit)" ] || {
	echo "$lab has no mutants yet"
	exit 77
}
need_grader
# A wrong submission may well be one that the compiler warns of.
WERROR=
export WERROR
"$grade" mutants "$lab" --root "$top" \
	${MUTANTS_SEED:+--sample 1 --one-in 3 --seed "$MUTANTS_SEED"} >"$tmp/log" 2>&1 || :
cat "$tmp/log"

# A race is won now and then: what survived once has to be caught three times
# in a row, and is told.
caught_again() {
	for _ in 1 2 3; do
		"$grade" mutants "$lab" "$1" --root "$top" || return
	done
}

sed -n 's/^\([^ ]*\) * survived, [0-9]* s$/\1/p' "$tmp/log" >"$tmp/survived"
survived=$(wc -l <"$tmp/survived")
passed=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$tmp/log")
others=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$tmp/log")
passed=${passed:-0}
if [ "${others:--1}" -ne "$survived" ]; then
	grep ' broken: ' "$tmp/log" >"$tmp/out" || tail "$tmp/log" >"$tmp/out"
	bad "$lab: every mutant applies, builds and is tried"
fi
while read -r name; do
	check "$name survived once: it is caught three times" caught_again "$name"
done <"$tmp/survived"
finish
