#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course demo, shortened: it tells what happens, no request fails that should
# not, and no process or file is left, however it ends.
#
# Each demo runs in a session of its own (setsid(2)), so that whatever it leaves
# behind is found by that, and by no name.
. "$(dirname -- "$0")/lib.sh"

demo=$top/build/gcc/demo/demo
make --no-print-directory -s -C "$top" demo
export TMPDIR="$tmp/files"
mkdir -p "$TMPDIR"
session=

clean_up() {
	[ -z "$session" ] || in_session | xargs -r kill -9 2>/dev/null || :
	remove_tmp
}

in_session() {
	ps -e -o sid= -o pid= -o stat= |
		awk -v s="$session" '$1 == s && $3 !~ /^Z/ { print $2 }'
}

# begin OPTIONS...: a demo in a session of its own, in the background. What the
# one before has said must not be taken for this one's.
begin() {
	: >"$tmp/said"
	setsid "$demo" "$@" >"$tmp/said" 2>&1 </dev/null &
	session=$!
}

# The status of the demo has to be $1.
ends_with() {
	status=0
	wait "$session" || status=$?
	cat "$tmp/said"
	echo "(status $status)"
	[ "$status" -eq "$1" ]
}

nobody_left() {
	in_session >"$tmp/left"
	xargs -r ps -f -p <"$tmp/left"
	[ ! -s "$tmp/left" ]
}

no_file_left() {
	ls -A "$TMPDIR"
	[ -z "$(ls -A "$TMPDIR")" ]
}

says() {
	grep -q -- "$1" "$tmp/said"
}

# leaves_nothing HOW
leaves_nothing() {
	try "... $1: no process is left" await 10 nobody_left
	try "... $1: no file is left" no_file_left
}

check_status 2 'a word that is no option' "$demo" more
check_says '... is named' "'more'"
for bad in 4 3601 -1 x ''; do
	check_status 2 "--seconds '$bad'" "$demo" --seconds "$bad"
	check_says '... says what it takes' '5 to 3600'
done
check 'the rules for trying by hand are good' \
	"$top/build/gcc/lab08-forwarder/forwarder" -t \
	-f "$top/demo/by-hand.rules"

begin --seconds 6
try 'six seconds without a terminal' ends_with 0
cp "$tmp/said" "$tmp/out"
check_says '... a server is killed' 'httpd B is killed: kill -9'
check_says '... and comes back' 'httpd B is back'
check_says '... a rule is changed' 'modify forward rule ok'
check_says '... framed reloads' 'framed reloads'
check_says '... what failed is accounted for' 'Other failures: 0.'
check_says '... commands to try are told' '-f demo/by-hand.rules'
for figure in ' conns | http ' '/s p99 ' 'failed ' 'httpd A up ' ' MB,'; do
	check_says "... the lines have '$figure'" "$figure"
done
leaves_nothing 'at its end'

# Of what it says at a terminal of 100 columns, the last picture.
at_a_terminal() {
	TERM=xterm timeout 60 script -qec \
		"stty rows 40 cols 100; exec '$demo' --seconds 5" "$tmp/screen" \
		>"$tmp/said" 2>&1 </dev/null
}
check 'five seconds at a terminal' at_a_terminal
cp "$tmp/screen" "$tmp/out"
check_says '... draws over its picture' "$(printf '\033[17A')"
check_says '... shows clients' 'bot, HTTPS'
check_says '... shows shares' '█'
check_says '... gives the cursor back' "$(printf '\033[?25h')"

for signal in INT TERM; do
	begin --seconds 600
	try "a demo for SIG$signal serves" await 30 says 'conns | http'
	kill -"$signal" "$session"
	case $signal in
	INT) try "SIGINT ends it" ends_with 130 ;;
	TERM) try "SIGTERM ends it" ends_with 143 ;;
	esac
	leaves_nothing "SIG$signal"
done

begin --seconds 600
try 'a demo to be killed serves' await 30 says 'conns | http'
kill -KILL "$session"
wait "$session" || :
try '... its children do not outlive it' await 20 nobody_left
finish
