#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every lab's starter builds without a warning (gcc and clang) and scores what
# its grading.ini says; then the reference is put in, and the next lab's
# starter is tried on it. The workspace is kept, and renewed.
. "$(dirname -- "$0")/lib.sh"

work=$top/build/test/starters
need_grader
export GRADE="$grade"
check 'start' sh "$top/grader/workspace.sh" start "$work"
cd "$work"
for lab in $(labs); do
	check "$lab is handed out" test -d "$lab"
	[ -d "$lab" ] || continue
	sh .readylist/grader/workspace.sh reset "$lab" >/dev/null
done
rm -rf .readylist/backup
share_objects common grader
make --no-print-directory -s grader

# The starter_points of the lab $1.
promised() {
	"$grade" labs "$1" --root "$top" | cut -f 2
}

for lab in $(labs); do
	[ -d "$lab" ] || continue
	check "$lab: the starter builds with gcc" \
		make --no-print-directory -C "$lab" programs
	check "$lab: the starter builds with clang" \
		make --no-print-directory -C "$lab" CC=clang programs
	build/gcc/grader/grade/grade run "$lab" --build plain --jobs 10 >"$tmp/out" || true
	points=$(points "$lab" "$work")
	echo "$lab: the starter scores ${points:-nothing}"
	check "$lab: ... as promised: $(promised "$lab")" \
		test "$points" = "$(promised "$lab")"
	sh .readylist/grader/workspace.sh solve "$lab" >/dev/null
done
finish
