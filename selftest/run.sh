#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The project's tests of itself: what `./course test` runs.
#
#	selftest/run.sh		all steps
#	selftest/run.sh STEP...	only these: "docs", "reference", "mutants:lab01"
#	selftest/run.sh --steps	their names, in the order in which they run
#
# A step is a script beside this one; "mutants:lab01-blocking" runs mutants.sh
# lab01-blocking. Steps that only read or that build in a place of their own
# run two at a time, and those that time programs alone. Those that wait a good
# part of their time come last, three at a time, the long ones first: so the last
# that runs is a short one. In a run of all steps the steps mutants draw one mutant
# for each third test, with a seed that is printed. What a step prints is kept in
# build/test/STEP.out, and shown if it fails.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$top/build/test
limit=900 # seconds for one step
# A warning in our own build is an error.
export WERROR=-Werror

# ------------------------------------------------------------------ steps

labs() {
	for ini in "$top"/lab[0-9][0-9]-*/grading.ini; do
		[ ! -f "$ini" ] || basename -- "${ini%/grading.ini}"
	done
}

# STEP for each lab.
each_lab() {
	for lab in $(labs); do
		echo "$1:$lab"
	done
}

# The same, the last lab first: it is the largest.
each_lab_back() {
	each_lab "$1" | sort -r
}

# STEP for each lab that has checks of its own.
labs_with_own() {
	for script in "$top"/lab[0-9][0-9]-*/checks/*.sh; do
		[ ! -f "$script" ] || basename -- "${script%/checks/*}"
	done | sort -u | sed 's/^/own:/'
}

# races:LAB for each lab that says which of its programs have threads.
labs_with_threads() {
	grep -l '^THREADED = ' "$top"/lab[0-9][0-9]-*/Makefile |
		sed 's|/Makefile$||; s|.*/|races:|'
}

steps_first() {
	echo build:gcc
}

steps_side_by_side() {
	printf '%s\n' build:clang explorer format shell layers layout door \
		workspace docs common judge site bench formats similar \
		undefended
}

# These time programs, or count what the whole machine does. The references are
# built for each sanitizer here, and the steps mutate below start with that.
steps_alone() {
	echo grade
	echo without_uring
	echo machines
	each_lab reference
	labs_with_threads
	labs_with_own
	echo experiments
	echo attacks
	echo without
	echo demo
	echo sweep
	echo commands
}

# These flood the machine with processes, so they have none but each other beside
# them.
steps_hostile() {
	printf 'attacks:%d\n' 1 2 3 4 5 6
}

# These wait for deadlines that wrong programs miss, or for hosts and daemons.
steps_waiting() {
	each_lab_back tasks
	echo starters
	each_lab_back mutants
	each_lab_back mutate
	echo student
	echo handout # like the step explorer, it builds the page
	echo bundle
	echo batch
	echo user
	echo walk
	echo slurm
	echo ssh
}

steps() {
	steps_first
	steps_side_by_side
	steps_alone
	steps_hostile
	steps_waiting
}

# Steps that may say that they cannot run here, also where nobody looks on.
may_skip() {
	case $1 in
	attacks* | batch | machines | similar | slurm | ssh | undefended | \
		user | walk | without | without_uring)
		return 0 # a container may forbid namespaces
		;;
	*) return 1 ;;
	esac
}

# Of the steps on standard input, those that the arguments name.
named() {
	[ $# -gt 0 ] || set -- ''
	while read -r step; do
		for name in "$@"; do
			case $step in
			"$name" | "$name":* | "$name"-*) echo "$step" ;;
			*) [ -n "$name" ] || echo "$step" ;;
			esac
		done
	done
}

# ---------------------------------------------------------------- running

# "PASSED FAILED" from what the step with this status printed; a step that
# cannot count is one test.
count() {
	said=$(sed -n 's/^count: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' \
		"$2" | tail -n 1)
	case $1:$said in
	0:) echo '1 0' ;;
	0:*) echo "$said" ;;
	*:*' 0' | *:) echo "${said%% *}" | awk '{ print $1 + 0, 1 }' ;;
	*) echo "$said" ;;
	esac
}

# Called again by xargs: runs one step and leaves STEP.out and STEP.row.
run_step() {
	step=$1
	arg=
	[ "${step%%:*}" = "$step" ] || arg=${step#*:}
	began=$(date +%s)
	status=0
	timeout -k 10 "$limit" sh "$top/selftest/${step%%:*}.sh" ${arg:+"$arg"} \
		>"$out/$step.out" 2>&1 </dev/null &
	pid=$!
	trap 'kill $pid; exit 130' HUP INT TERM
	wait "$pid" || status=$?
	case $status in
	0) word=ok tests=$(count 0 "$out/$step.out") ;;
	77) word=skipped tests='0 0'
		# CI has all packages: what cannot run there is never run.
		[ -z "${CI:-}" ] || may_skip "$step" ||
			word=FAILED tests='0 1'
		;;
	124) word='TIME-OUT' tests=$(count 124 "$out/$step.out") ;;
	*) word=FAILED tests=$(count "$status" "$out/$step.out") ;;
	esac
	echo "$step $word $tests $(($(date +%s) - began))" >"$out/$step.row"
	printf '%-32s %s\n' "$step" "$word"
}

# run JOBS: the steps on standard input.
run() {
	xargs -r -n 1 -P "$1" sh "$0" --step
}

# --------------------------------------------------------------- printing

# What a step that is not well printed, but for what passed in it.
failures() {
	for row in "$out"/*.row; do
		read -r step word _ <"$row"
		case $word in
		ok | skipped) continue ;;
		esac
		printf '\n---- %s ----\n' "$step"
		grep -av '^ok    \|^  pass  ' "$out/$step.out" || true
	done
}

# The lines that name a failure, once more: the last lines of a long log are
# all that some people see of it.
summary() {
	for row in "$out"/*.row; do
		read -r step word _ <"$row"
		case $word in
		ok | skipped) continue ;;
		esac
		grep -a '^FAIL\|^FAILED\|^  fail  \|survived' "$out/$step.out" |
			head -n 12 | sed "s/^/$step: /"
	done
}

skipped() {
	for row in "$out"/*.row; do
		read -r step word _ <"$row"
		[ "$word" != skipped ] ||
			printf '%s skipped: %s\n' "$step" \
				"$(tail -n 1 "$out/$step.out")"
	done
}

# The steps in the order in which they are listed.
table() {
	printf '\n%-32s %-9s %6s %6s %8s\n' step result passed failed seconds
	while read -r step; do
		[ ! -f "$out/$step.row" ] || cat "$out/$step.row"
	done <"$list/steps" | awk '
	{ printf "%-32s %-9s %6d %6d %8d\n", $1, $2, $3, $4, $5 }'
}

total() {
	cat "$out"/*.row | awk -v began="$1" -v ended="$(date +%s)" '
	{ passed += $3; failed += $4 }
	END {
		printf "\nin %d s\n%d passed, %d failed\n", ended - began,
			passed, failed
		exit failed > 0
	}'
}

# ------------------------------------------------------------------- main

if [ "${1:-}" = --step ]; then
	run_step "$2"
	exit 0
elif [ "${1:-}" = --steps ]; then
	steps
	exit 0
fi

list=$(mktemp -d)
trap 'rm -rf "$list"' EXIT
trap 'exit 130' HUP INT TERM
steps >"$list/known"
named "$@" <"$list/known" >"$list/steps"
if [ ! -s "$list/steps" ]; then
	echo "no step '$*'; known: $(tr '\n' ' ' <"$list/known")" >&2
	exit 2
fi

# All steps together are to take less than 40 minutes.
if [ $# -eq 0 ]; then
	MUTANTS_SEED=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
	export MUTANTS_SEED
	echo "mutants: one of those that each third test catches, seed $MUTANTS_SEED"
fi
mkdir -p "$out"
exec 9>"$out/lock"
if ! flock -n 9; then
	echo "Another run is under way in build/test; waiting for its end."
	flock 9
fi
began=$(date +%s)
rm -f "$out"/*.row "$out"/*.out
steps_first | named "$@" | run 1
if [ -f "$out/build:gcc.row" ] && ! grep -q ' ok ' "$out/build:gcc.row"; then
	echo "Nothing else can run before it builds."
else
	steps_side_by_side | named "$@" | run 2
	steps_alone | named "$@" | run 1
	steps_hostile | named "$@" | run 3
	steps_waiting | named "$@" | run 3
fi
failures
skipped
table
summary
total "$began"
