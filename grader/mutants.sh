#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Does each wrong submission get caught, by the test it names?
#
#	mutants.sh [LAB] [NAME] [--matrix] [--jobs N]
#
# A mutant is labNN-*/mutants/FILE/NAME.patch, or one without a folder: lines
# "Mutant:", "Story:" and "Caught-by: SUITE/NAME", an empty line, a unified diff
# against the lab (-p1 from the top of the tree). Each is applied to a copy of the tree below
# build/mutants/, built, and graded with the test that it names; two side by
# side, or --jobs N. --matrix runs all tests and writes build/mutants/LAB.md,
# which test catches which mutant.
#
# A mutant that hangs takes the judge's whole deadline. It is not shortened
# for mutants: the reference could miss a shorter one, and then a mutant that
# is caught would prove nothing.
#
# Status: 0 all caught, 1 one survived, does not build or does not apply,
# 2 wrong usage.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
grade=$top/build/gcc/grader/grade/grade
out=$top/build/mutants
workers=2
matrix=
lab=
name=

usage() {
	echo "$1; usage: mutants [LAB] [NAME] [--matrix] [--jobs N]" >&2
	exit 2
}

# The folders of all labs with a grading.ini, or of the one that $1 means.
labs() {
	for dir in "$top"/lab[0-9][0-9]-*/; do
		dir=$(basename -- "$dir")
		short=${dir%%-*}
		number=${short#lab}
		[ -f "$top/$dir/grading.ini" ] || continue
		case ${1:-$dir} in
		"$dir" | "$short" | "$number" | "${number#0}") echo "$dir" ;;
		esac
	done
}

# header KEY FILE: the value of KEY in the lines before the first empty one.
header() {
	sed -n "/^\$/q; s/^$1:[ 	]*//p" "$2" | head -n 1
}

# patches LAB [NAME]
patches() {
	find "$top/$1/mutants" -maxdepth 2 -name "${2:-*}.patch" \
		2>/dev/null | sort
}

# Objects know their sources by absolute path, in the .d files beside them.
move_to() {
	find "$1/build/gcc" -name '*.d' -exec sed -i "s|$2/|$1/|g" {} +
}

# The tree as it is now, built: everything else is copied from it, so that an
# edit during the run changes nothing. Times are kept, so make builds only
# what a mutant touches.
make_base() {
	rm -rf "$out/base"
	mkdir -p "$out/base/build/gcc/grader"
	for part in common grader $(cd "$top" && echo lab[0-9][0-9]-*); do
		cp -a "$top/$part" "$out/base/$part"
	done
	for part in common grader/judge grader/chaos "$1" \
		$(uses "$1"); do
		[ -d "$top/build/gcc/$part" ] || continue
		cp -a "$top/build/gcc/$part" "$out/base/build/gcc/$part"
	done
	move_to "$out/base" "$top"
	make --no-print-directory -s -C "$out/base/$1" programs tests \
		>"$out/base.log" 2>&1 || {
		cat "$out/base.log"
		return 1
	}
}

# The labs whose modules lab $1 uses.
uses() {
	make --no-print-directory -s -C "$top/$1" print-uses |
		tr ' ' '\n' | sed 's|/.*||' | sort -u
}

# fresh COPY LAB: the lab in COPY as in the base, sources and objects.
fresh() {
	rm -rf "${1:?}/$2" "$1/build/gcc/$2" "$1/build/state"
	cp -a "$out/base/$2" "$1/$2"
	cp -a "$out/base/build/gcc/$2" "$1/build/gcc/$2"
	move_to "$1" "$out/base"
}

# apply COPY LAB PATCH: into the lab's own files and nothing else.
apply() {
	if sed -n 's/^+++ //p' "$3" | grep -vq "^b/$2/"; then
		echo "touches files outside $2/"
		return 1
	fi
	patch -p1 --fuzz=0 --batch --no-backup-if-mismatch -d "$1" <"$3" 2>&1
}

# one COPY LAB PATCH: prints what becomes of the mutant:
# "caught", or "survived", "broken" with the reason.
one() {
	test=$(header Caught-by "$3")
	mutant=$(basename -- "$3" .patch)
	[ -n "$test" ] || { echo "broken: no line Caught-by:" && return; }
	[ "$(header Mutant "$3")" = "$mutant" ] ||
		{ echo "broken: expected a line Mutant: $mutant" && return; }
	"$grade" list "$2" "$test" --root "$1" --plain 2>/dev/null |
		cut -f 2 | grep -qx "$test" ||
		{ echo "broken: $2 has no test $test" && return; }
	fresh "$1" "$2"
	if ! said=$(apply "$1" "$2" "$3"); then
		echo "broken: does not apply: $(echo "$said" | tail -n 1)"
		return
	fi
	[ -n "$matrix" ] && only='' || only=$test
	"$grade" run "$2" ${only:+"$only"} --root "$1" \
		--jobs 2 --plain >"$1/plain" 2>"$1/errors" &
	pid=$!
	trap 'kill $pid; wait $pid; exit 130' HUP INT TERM
	wait "$pid" || true
	trap 'exit 130' HUP INT TERM
	sed "s|^|$mutant	|" "$1/plain" >>"$out/$2.tsv"
	outcome=$(awk -F '\t' -v t="$test" '$5 == t { print $1 }' "$1/plain")
	case $outcome in
	fail | crash | timeout | leak) echo "caught ($outcome)" ;;
	pass) echo "survived" ;;
	build)
		reason=$(make --no-print-directory -s -C "$1/$2" programs 2>&1 |
			grep -m 1 error || true)
		echo "broken: does not build: $reason"
		;;
	*) echo "broken: ${outcome:-no result}: $(tail -n 1 "$1/errors")" ;;
	esac
}

# work N LAB PATCH...: takes mutants that no other worker has taken.
work() {
	copy=$out/copy$1
	dir=$2
	shift 2
	rm -rf "$copy"
	cp -a "$out/base" "$copy"
	trap 'exit 130' HUP INT TERM
	for patch; do
		mutant=$(basename -- "$patch" .patch)
		mkdir "$out/taken/$mutant" 2>/dev/null || continue
		began=$(date +%s)
		# Not in a subshell: the trap must find grade's process.
		one "$copy" "$dir" "$patch" >"$copy/said"
		said=$(cat "$copy/said")
		echo "$mutant ${said%%[: ]*}" >>"$out/$dir.done"
		printf '%-36s %s, %d s\n' "$mutant" "$said" \
			$(($(date +%s) - began))
	done
}

# The tests that no mutant of the lab names.
unproven() {
	"$grade" list "$1" --root "$top" --plain | cut -f 2 |
		while read -r test; do
			grep -rqx --include='*.patch' \
				"Caught-by:[ 	]*$test" "$top/$1/mutants" ||
				echo "$test"
		done
}

# The table mutant x test, from the lines MUTANT OUTCOME ... TEST.
table() {
	echo "# $1: which test catches which mutant"
	echo
	echo "X is the test that the mutant names, x another that fails too."
	echo
	patches "$1" "$name" | while read -r patch; do
		printf 'named\t%s\t%s\n' "$(basename -- "$patch" .patch)" \
			"$(header Caught-by "$patch")"
	done | awk -F '\t' '
	$1 == "named" { named[$2] = $3; next }
	!($6 in column) { column[$6] = ++tests; test[tests] = $6 }
	!($1 in row) { row[$1] = ++mutants; mutant[mutants] = $1 }
	{ outcome[$1, $6] = $2 }
	END {
		printf "| mutant |"
		for (t = 1; t <= tests; t++)
			printf " %d |", t
		printf "\n|---|"
		for (t = 1; t <= tests; t++)
			printf "---|"
		for (m = 1; m <= mutants; m++) {
			printf "\n| %s |", mutant[m]
			for (t = 1; t <= tests; t++) {
				o = outcome[mutant[m], test[t]]
				mark = o == "pass" ? " " : "x"
				if (named[mutant[m]] == test[t] && mark == "x")
					mark = "X"
				if (o == "" || o == "infra")
					mark = "?"
				printf " %s |", mark
			}
		}
		print "\n"
		for (t = 1; t <= tests; t++)
			printf "%d. `%s`\n", t, test[t]
	}' - "$out/$1.tsv"
}

# All mutants of one lab; status 1 unless all are caught.
run_lab() {
	dir=$1
	# shellcheck disable=SC2046 # no name of a patch has a space
	set -- $(patches "$dir" "$name")
	if [ $# -eq 0 ]; then
		[ -z "$name" ] || usage "$dir has no mutant '$name'; known: $(
			patches "$dir" | sed 's|.*/||; s|\.patch$||' |
				tr '\n' ' ')"
		echo "$dir: no mutants"
		return 0
	fi
	began=$(date +%s)
	rm -rf "$out/taken" "$out/$dir.tsv" "$out/$dir.done"
	mkdir -p "$out/taken"
	make_base "$dir"
	pids=
	for n in $(seq "$workers"); do
		work "$n" "$dir" "$@" &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # a list
	trap 'kill $pids 2>/dev/null; wait; exit 130' HUP INT TERM
	wait
	trap - HUP INT TERM
	totals "$dir" $# $(($(date +%s) - began))
}

# totals LAB COUNT SECONDS
totals() {
	touch "$out/$1.done"
	caught=$(grep -c ' caught$' "$out/$1.done" || true)
	survived=$(grep -c ' survived$' "$out/$1.done" || true)
	echo
	if [ -z "$name" ]; then
		open=$(unproven "$1" | tr '\n' ' ')
		[ -z "$open" ] || echo "$1: no mutant names: $open"
	fi
	if [ -n "$matrix" ]; then
		table "$1" >"$out/$1.md"
		echo "$1: the table is in build/mutants/$1.md"
	fi
	echo "$1: $2 mutants, $caught caught, $survived survived," \
		"$(($2 - caught - survived)) broken, $3 s"
	all=$((all + $2))
	all_caught=$((all_caught + caught))
}

while [ $# -gt 0 ]; do
	case $1 in
	--matrix) matrix=yes ;;
	--jobs)
		shift
		workers=${1:-}
		case $workers in
		[1-9] | [1-9][0-9]) ;;
		*) usage "--jobs: expected 1 to 99, got '$workers'" ;;
		esac
		;;
	-*) usage "no option '$1'" ;;
	*)
		if [ -z "$lab" ]; then
			lab=$1
		elif [ -z "$name" ]; then
			name=${1%.patch}
		else
			usage "too much: '$1'"
		fi
		;;
	esac
	[ $# -eq 0 ] || shift
done

found=$(labs "$lab")
[ -n "$found" ] || usage "no lab '$lab'; known: $(labs | tr '\n' ' ')"
mkdir -p "$out"
exec 9>"$out/lock"
if ! flock -n 9; then
	echo "Another run is under way in build/mutants; waiting for its end." >&2
	flock 9
fi
all=0
all_caught=0
for dir in $found; do
	run_lab "$dir"
done
echo "$all_caught passed, $((all - all_caught)) failed"
[ "$all_caught" -eq "$all" ]
