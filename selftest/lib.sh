# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the steps of selftest/run.sh share. A step is a script that prints what it
# checks, ends with a line "count: N passed, N failed" if it can count, and
# has status 0 if all is well, 77 if it cannot run here.
#
# A step includes this, calls check and its kin, and ends with finish.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
export grade="$top/build/gcc/grader/grade/grade"
passed=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM

good() {
	passed=$((passed + 1))
	echo "ok    $1"
}

# bad WHAT: and what the last command said.
bad() {
	failed=$((failed + 1))
	echo "FAIL  $1"
	[ ! -s "$tmp/out" ] || sed 's/^/      /' "$tmp/out"
}

# check WHAT COMMAND...: the command ends with status 0.
check() {
	check_status 0 "$@"
}

# check_status STATUS WHAT COMMAND...
check_status() {
	want=$1
	what=$2
	shift 2
	got=0
	("$@") >"$tmp/out" 2>&1 </dev/null || got=$?
	if [ "$got" -eq "$want" ]; then
		good "$what"
	else
		echo "(status $got, expected $want)" >>"$tmp/out"
		bad "$what"
	fi
}

# check_says WHAT TEXT: the command checked last printed TEXT.
check_says() {
	if grep -qF -- "$2" "$tmp/out"; then
		good "$1"
	else
		echo "(expected in it: $2)" >>"$tmp/out"
		bad "$1"
	fi
}

# For a step that is run by itself; else it is built already.
need_grader() {
	make --no-print-directory -s -C "$top" grader
}

# The labs that can be graded, a name a line.
labs() {
	for ini in "$top"/lab[0-9][0-9]-*/grading.ini; do
		[ ! -f "$ini" ] || basename -- "${ini%/grading.ini}"
	done
}

# A copy of the tree as it is now in the folder $1, nothing built.
copy_tree() {
	mkdir -p "$1"
	(cd "$top" && tar -cf - --exclude=./build --exclude=./work \
		--exclude=./.git .) | tar -xf - -C "$1"
}

# What `grade run --json` wrote to the file $2 says of the whole lab: points,
# max_points.
figure() {
	sed -n "s/^      \"$1\": \([0-9]*\),\$/\1/p" "$2"
}

# One check for each test in that file: it passed.
check_results() {
	sed -n 's/^          "\(test\|outcome\)": "\(.*\)",$/\2/p' "$1" |
		paste - - >"$tmp/results"
	: >"$tmp/out"
	[ -s "$tmp/results" ] || bad "$2: no test has a result"
	while read -r id outcome; do
		if [ "$outcome" = pass ]; then
			good "$2 $id"
		else
			bad "$2 $id: $outcome"
		fi
	done <"$tmp/results"
}

finish() {
	echo "count: $passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}
