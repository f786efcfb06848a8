#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A student's first hour in a workspace: the board after start, what happens
# to a deliverable that is missing, does not compile or defines main, 100 points
# with the reference, and what is told of a crash. The workspace lies deep, among
# folders with names like the labs' own.
. "$(dirname -- "$0")/lib.sh"

need_grader
lab=$(labs | head -n 1)
[ -n "$lab" ] || { echo "no lab yet" && exit 77; }
short=${lab%%-*}
deep=$(printf '%0180d' 0)
work=$top/build/test/student/labs/lab01/tests/$deep
rm -rf "$top/build/test/student"
mkdir -p "$work"
file=$(find "$top/$lab/starter" -name '*.c' -printf '%f\n' | sort | head -n 1)

COURSE_SETUP=no
export COURSE_SETUP
check 'start' "$top/course" start "DIR=$work"
check_says '... shows the board' Readylist
check_says '... and the first task' 'Next:'
cd "$work"

# broken WHAT TEXT: grade and board of the lab as it is now.
broken() {
	check_status 1 "grade: $1" ./course grade "$short"
	check_says '... it does not build' build
	check_says '... says why' "$2"
	check "the board prints all the same: $1" ./course board
	check_says '... with the lab' "${lab#*-}"
}

rm "$lab/$file"
broken 'a deliverable is missing' "$file"
mkfifo "$lab/$file"
broken 'a deliverable is a FIFO' "$file is a FIFO, expected a regular file"
rm "$lab/$file"
mkdir "$lab/$file"
broken 'a deliverable is a directory' 'is a directory'
rmdir "$lab/$file"
ln -s /dev/zero "$lab/$file"
broken 'a deliverable is a device' 'is a device'
rm "$lab/$file"
echo 'int main(' >"$lab/$file"
broken 'a deliverable that does not compile' 'error:'
./course reset "$short" "$file" >/dev/null
echo 'int main(void); int main(void) { return 0; }' >>"$lab/$file"
broken 'a deliverable that defines main' main

check_status 2 'grade: an unknown lab' ./course grade lab77
check_says '... names the known ones' "$short"
check_status 2 'grade: an unknown test' ./course grade "$short" no/such
check_status 2 'hint: an unknown test' ./course hint no/such
check_status 2 'test is not offered in a workspace' ./course test

check 'solve' ./course solve "$short"
check 'grade of the reference' ./course grade "$short"
check_says '... gives all points' '100 of 100'
# In a function of libc's, called by the student's.
awk '{ print } /^[a-z].*read_some\(/ { on = 1 }
	on && /^{/ {
		print "\tchar *volatile nowhere = (char *)8;"
		print "\t__builtin_memset(nowhere, 0, len);"
		on = 0
	}' \
	"$top/lab01-blocking/io.c" >lab01-blocking/io.c
check_status 1 'a crash' ./course grade lab01 io --first
check_says '... names the function' 'read_some,'
check_says '... and the line' 'lab01-blocking/io.c:25'

check 'hint' ./course hint "$(./course list "$short" |
	sed -n 's|^.* \([a-z_0-9]*/[a-z_0-9]*\) .*|\1|p' | head -n 1)"
finish
