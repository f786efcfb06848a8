#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Grades by the bundles for Gradescope and PrairieLearn as these would: a fresh
# Debian in a temporary folder with the files in the places that they have there,
# root, and what the bundle's own set-up installs. Their images are Ubuntu; the
# packages have the same names. The reference has to have all points, the starter
# its own.
#
#	selftest/fresh-bundle.sh [LAB] [RELEASE] [--keep]
#
# LAB is lab01 and RELEASE bookworm unless told. Needs root, debootstrap and a
# network. Not a part of `./course test`, which tries the bundles without.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
grade=$top/build/gcc/grader/grade/grade
# shellcheck source=selftest/root.sh
. "$top/selftest/root.sh"
release=bookworm
lab=lab01

for arg; do
	case $arg in
	--keep) keep=yes ;;
	-*) echo "usage: fresh-bundle.sh [LAB] [RELEASE] [--keep]" >&2 && exit 2 ;;
	lab*) lab=$arg ;;
	*) release=$arg ;;
	esac
done
need_root_and_debootstrap
make --no-print-directory -s -C "$top" grader
found=$("$grade" labs "$lab" --root "$top")
lab=$(echo "$found" | cut -f 1)
points=$(echo "$found" | cut -f 2)

# hand_in FOLDER-OF-THE-LAB TO: the deliverables, from there.
hand_in() {
	rm -rf "${root:?}/$2"
	mkdir -p "$root/$2"
	"$grade" deliverables "$lab" --root "$top" | while read -r path; do
		cp "$top/$lab/$1${path##*/}" "$root/$2/"
	done
}

# score FILE EXPRESSION IS
score() {
	got=$(python3 -c "import json,sys
r = json.load(open(sys.argv[1]))
print($2)" "$root/$1")
	[ "$got" = "$3" ] || fail "$1: $got points, expected $3"
	echo "==== $1: $got points, as expected"
}

try_gradescope() {
	mkdir -p "$root/autograder/source" "$root/autograder/results"
	"$top/course" bundle gradescope "$lab" --out "$root/autograder.zip"
	python3 -m zipfile -e "$root/autograder.zip" "$root/autograder/source"
	cp "$root/autograder/source/run_autograder" "$root/autograder/"
	chmod 755 "$root/autograder/run_autograder"
	inside 'Gradescope: setup.sh' 'bash /autograder/source/setup.sh'
	hand_in '' autograder/submission
	inside 'Gradescope: the reference' \
		'cd /autograder && ./run_autograder'
	score autograder/results/results.json 'r["score"]' 100
	hand_in starter/ autograder/submission
	inside 'Gradescope: the starter' 'cd /autograder && ./run_autograder'
	score autograder/results/results.json 'r["score"]' "$points"
}

# The image's own instructions, of which there are three.
try_prairielearn() {
	"$top/course" bundle prairielearn "$lab" --out "$root/question"
	cp -a "$root/question/tests/readylist" "$root/readylist"
	inside 'PrairieLearn: the image' \
		"$(sed -n 's/^RUN //p' "$root/question/tests/Dockerfile")"
	mkdir -p "$root/grade/data"
	cp -a "$root/question/tests" "$root/grade/"
	run='chmod +x /grade/tests/run.sh && /grade/tests/run.sh'
	hand_in '' grade/student
	inside 'PrairieLearn: the reference' "$run"
	score grade/results/results.json 'round(r["score"] * 100)' 100
	hand_in starter/ grade/student
	inside 'PrairieLearn: the starter' "$run"
	score grade/results/results.json 'round(r["score"] * 100)' "$points"
}

make_root
try_gradescope
try_prairielearn
