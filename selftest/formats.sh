#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The formats of `grade --format`, on the made-up course of the grader's own
# tests, with a hidden test in it that has much to say.
. "$(dirname -- "$0")/lib.sh"
. "$top/grader/checks/fixture.sh"

need_grader
export FIXTURE="$tmp/fixture"
tree="$tmp/tree"
formats='classroom50 csv gradescope json junit prairielearn tap'
mkdir -p "$FIXTURE" "$tmp/results"
make_fixture "$tree"
mkdir -p "$tree/lab01-fake/tests/hidden"
{
	section secret/nul 8 4 |
		sed 's/= visible/= hidden/; s/The title/The SECRET title/'
	section secret/pass 2 4 | sed 's/= visible/= hidden/'
} >>"$tree/lab01-fake/grading.ini"
# Its report has everything that a format has to keep back or to escape.
sed -i '/^mess\/nul)/i\
secret/nul) report fail "SECRET" "SECRET \\\\u202e"; exit 1 ;;\
end/crash) report crash "<b>\&]]> \\\\u0085 \\\\u202e \\\\u001b[2J" "=1"; exit 1 ;;' \
	"$tree/build/gcc/lab01-fake/tests/graded"

run() {
	"$grade" run --root "$tree" "$@"
}

# No test passes or fails by chance here, so each format is a run of its own.
for format in $formats; do
	run lab01 --seed 5 --format "$format" --output "$tmp/results/$format" \
		>"$tmp/out" 2>&1 || true
	check "$format is written" test -s "$tmp/results/$format"
done
check "all are written at once" run lab02 --formats "$tmp/all"
check "... a file each" test "$(find "$tmp/all" -type f | wc -l)" -eq 7
check "... with the name of its kind" test -s "$tmp/all/junit.xml"
check_status 2 "all formats of all labs" run --formats "$tmp/all"
check_status 1 "formats in an unwritable place" \
	run lab02 --formats "$tmp/no/such"
check "the known ones are said" test "$("$grade" formats --root "$tree")" \
	= "$formats"
check "junit fits its schema" xmllint --noout --schema \
	"$top/grader/schemas/junit.xsd" "$tmp/results/junit"
check "several labs in one file" \
	sh -c "'$grade' run --root '$tree' --format tap | grep -q '^# lab02-real'"
check_status 2 "an unknown format" run lab01 --format yaml
check_says "... is refused with the known ones" "expected one of $formats"
check_status 2 "a format of one lab without a lab" run --format gradescope
check_status 2 "--output alone" run lab01 --output x
check_status 1 "an unwritable place" \
	run lab02 --format csv --output "$tmp/no/such/place"
check_says "... is named" "$tmp/no/such/place"

python3 "$top/selftest/formats.py" "$top/grader/schemas" "$tmp/results" \
	>"$tmp/python" || failed=$((failed + 1))
grep -v '^count:' "$tmp/python"
passed=$((passed + $(grep -c '^ok' "$tmp/python")))
finish
