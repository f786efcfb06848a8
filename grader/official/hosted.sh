#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Official grading where a school's system runs this tree: in a container of its
# own, as root, one submission at a time. What bundles call.
#
#	hosted.sh setup LAB			packages, and all that is built once
#	hosted.sh grade LAB SUBMISSION FORMAT RESULT
#
# Where there are user namespaces, submissions are graded in boxes; in containers
# without, with --isolation uid, which is told. If neither can be had, and if a
# test could not be judged, nothing is written and the status is 1: a system shows
# that as a failure of the grader, and no score. A submission that is refused as
# a whole has no points, and a result that says why. READYLIST_CANARY=no leaves
# out the canary, for who has little time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
top=${here%/grader/official}
grade=$top/build/gcc/grader/grade/grade

fail() {
	echo "hosted.sh: $*" >&2
	exit 2
}

# What make says is of no use unless it fails.
quiet() {
	said=$("$@" 2>&1) || {
		printf '%s\n' "$said" >&2
		echo "hosted.sh: failed: $*" >&2
		exit 1
	}
}

# Programs of submissions may be users of their own, who get nowhere here.
close_to_others() {
	[ "$(id -u)" -ne 0 ] || chmod go-rwx "$1"
}

build() {
	quiet make --no-print-directory -s -j "$(nproc)" -C "$top" grader
	lab=$("$grade" labs "$lab" --root "$top" | cut -f 1) || exit 2
	quiet make --no-print-directory -s -j "$(nproc)" -C "$top/$lab" \
		programs tests
}

set_up() {
	sh "$top/common/setup.sh" instructors
	close_to_others "$top"
	build
}

# refused: what official.sh said of the submission as a whole, if that.
refused() {
	grep -m 1 '^the submission ' "$log"
}

grade_one() {
	submission=$1
	format=$2
	result=$3
	canary=
	[ "${READYLIST_CANARY:-yes}" != no ] || canary=--no-canary
	isolation=auto
	build
	if ! "$grade" formats --box cells --root "$top" >/dev/null 2>&1; then
		isolation=uid
		echo "No user namespaces here: graded with --isolation uid."
		close_to_others "$top"
		close_to_others "$(dirname -- "$submission")"
	fi
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	trap 'exit 130' HUP INT TERM
	rm -f "$result"
	status=0
	sh "$here/official.sh" "$submission" "$lab" ${canary:+"$canary"} \
		--isolation "$isolation" --plain --format "$format" \
		--output "$result" >"$log" 2>&1 || status=$?
	cat "$log"
	if [ "$status" -eq 2 ] && refused >/dev/null; then
		"$grade" run "$lab" --root "$top" --not-built "$(refused)" \
			--format "$format" --output "$result" >/dev/null || :
	fi
	[ -f "$result" ] || exit 1
}

case ${1:-}:$# in
setup:2)
	lab=$2
	set_up
	;;
grade:5)
	lab=$2
	shift 2
	grade_one "$@"
	;;
*) fail "usage: hosted.sh setup LAB | grade LAB SUBMISSION FORMAT RESULT" ;;
esac
