#!/bin/sh
# SPDX-License-Identifier: MIT
#
# One case of the sweep: a program meets one trouble.
#
#	case.sh PROGRAM TROUBLE [N]
#
# PROGRAM is one of those that start() below knows. TROUBLE:
#
#	alloc N		the N-th allocation fails; 0: none does, and the number of
#			those that were made is printed
#	faults SEED	calls are short, interrupted, and fail for the moment
#	emfile SEED	a third of its accepts and sockets find no descriptor
#	descriptors N	it has N descriptors
#	full		what it writes to is full
#	clock real|mono	the clock jumps, see jump.c
#	signal N	SIGTERM before its N-th accept, read or write
#	odd N		signals that mean nothing to it, after N looks
#
# Prints "ok    ..." or "FAIL  ..." and what was seen; status 1 for FAIL, and 3 if
# N was beyond the end: nothing happened. What has to hold is at judge().
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
asan=$top/build/asan
plain=$top/build/gcc
program=$1
trouble=$2
n=${3:-0}
patience=30 # seconds: for what does not compute, a long time
tmp=$(mktemp -d)
pid=
helper=

clean_up() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || :
	[ -z "$helper" ] || kill "$helper" 2>/dev/null || :
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

# await COMMAND...: status 1 if it does not hold in time.
await() {
	looks=$((patience * 40))
	until "$@"; do
		looks=$((looks - 1))
		[ "$looks" -gt 0 ] || return 1
		sleep 0.025
	done
	return 0 # and not what became of the last sleep
}

gone() {
	! kill -0 "$pid" 2>/dev/null
}

listens_or_gone() {
	grep -q '^listening' "$tmp/out" 2>/dev/null || gone
}

# ------------------------------------------------------------- the programs

# The file that runs, by its path below a folder of programs.
file_of() {
	case $1 in
	echo-*) echo lab01-blocking/echo-server ;;
	spin) echo lab02-nonblocking/spin-server ;;
	select | poll) echo lab03-select-poll/mux-server ;;
	epoll-*) echo lab04-epoll-lt-et/mux-server ;;
	httpd-*) echo lab05-threadpool/httpd ;;
	bot) echo lab06-https-client/bot ;;
	framed) echo lab07-master-worker/framed ;;
	forwarder) echo lab08-forwarder/forwarder ;;
	esac
}

# helped COMMAND...: a server that the program needs; sets there.
helped() {
	: >"$tmp/helper"
	"$@" >"$tmp/helper" 2>"$tmp/helper.err" &
	helper=$!
	await grep -q '^listening' "$tmp/helper"
	there=$(sed -n 's/^listening on //p' "$tmp/helper")
}

# What a program stands on, and its arguments, into the list of arguments of ran.
prepare() {
	case $program in
	bot)
		helped "$plain/lab06-https-client/origin" --ca "$tmp/ca.pem"
		;;
	framed)
		mkdir "$tmp/framed"
		printf '[server]\nlisten = 127.0.0.1:0\nworkers = 1\nthreads = 1\n' \
			>"$tmp/framed/framed.conf"
		[ "$trouble" != full ] ||
			printf '[log]\nfile = /dev/full\n' \
				>>"$tmp/framed/framed.conf"
		;;
	forwarder)
		helped "$plain/lab05-threadpool/httpd" --listen 127.0.0.1:0 \
			--root "$top/lab05-threadpool/www"
		echo "web RR *:* - 127.0.0.1:0 > $there ;" >"$tmp/rules"
		;;
	esac
}

# begin: the program, in the background, with the trouble.
begin() {
	file=$asan/$(file_of "$program")
	# The sanitizers need descriptors themselves.
	[ "$trouble" != descriptors ] || file=$plain/$(file_of "$program")
	set -- "$file"
	case $program in
	echo-*) set -- "$@" --listen 127.0.0.1:0 --mode "${program#echo-}" ;;
	spin) set -- "$@" --listen 127.0.0.1:0 ;;
	select | poll | epoll-*)
		set -- "$@" --listen 127.0.0.1:0 --poller "$program" --app echo
		;;
	httpd-*)
		set -- "$@" --listen 127.0.0.1:0 --model "${program#httpd-}" \
			--root "$top/lab05-threadpool/www"
		[ "$trouble" != full ] || set -- "$@" --access-log /dev/full
		;;
	bot)
		set -- "$@" --json -n 30 -c 4 --retry 3 --timeout 10 \
			--cacert "$tmp/ca.pem" --connect-to "::$there" \
			https://a.test/ok http://a.test/chunked
		;;
	framed) set -- "$@" -c "$tmp/framed/framed.conf" ;;
	forwarder) set -- "$@" -f "$tmp/rules" ;;
	esac
	# By another program, as the shell has descriptors of its own.
	[ "$trouble" != descriptors ] || set -- prlimit --nofile="$n" "$@"
	out=$tmp/out
	: >"$out"
	: >"$tmp/err"
	[ "$program.$trouble" != bot.full ] || out=/dev/full
	(
		export ASAN_OPTIONS="exitcode=99:verify_asan_link_order=0"
		# OpenSSL forgets 23 bytes when it cannot note what a hash is
		# called; framed has nothing else of it.
		printf 'leak:CRYPTO_zalloc\nleak:CRYPTO_strndup\n' >"$tmp/lsan"
		[ "$program.$trouble" != framed.alloc ] ||
			export LSAN_OPTIONS="suppressions=$tmp/lsan:print_suppressions=0"
		# Nor does it take back a beginning of its own that failed; that
		# these calls are its own is seen only by the whole stack.
		if [ "$program.$trouble" = bot.alloc ]; then
			echo leak:OPENSSL_init_crypto >"$tmp/lsan"
			export LSAN_OPTIONS="suppressions=$tmp/lsan:print_suppressions=0"
			export ASAN_OPTIONS="$ASAN_OPTIONS:fast_unwind_on_malloc=0"
		fi
		export UBSAN_OPTIONS=halt_on_error=1:exitcode=99
		meet "$file"
		exec "$@" >"$out" 2>"$tmp/err" </dev/null
	) &
	pid=$!
}

# The file that libchaos.so counts in, see grader/chaos/chaos.h.
make_table() {
	functions=$(grep -c '^	X(' "$top/grader/chaos/chaos.h")
	printf 'chaos1\0\0' >"$tmp/table"
	head -c $((16 + 24 * functions)) /dev/zero >>"$tmp/table"
}

# meet FILE: in the process that becomes the program.
meet() {
	chaos=
	case $trouble in
	alloc) chaos="fail_alloc=$n" ;;
	faults)
		chaos="seed=$n,eintr=30,eintr_connect=30,econnaborted=30"
		# Master and workers send each other a few bytes by pipes, which
		# take and give such messages whole (pipe(7)).
		[ "$program" = framed ] || chaos="$chaos,short_read=40"
		[ "$program" = framed ] || chaos="$chaos,short_write=40,eagain=30"
		;;
	emfile) chaos="seed=$n,emfile=33" ;;
	signal)
		chaos="signal=15,signal_call=$n"
		chaos="$chaos,signal_before=accept4+accept+read+recv+write+send"
		;;
	clock)
		export JUMP="$n"
		export LD_PRELOAD="$plain/selftest/sweep/jump.so"
		;;
	esac
	[ -n "$chaos" ] || return 0
	make_table
	export CHAOS="exe=$1,table=$tmp/table,$chaos"
	export LD_PRELOAD="$plain/grader/chaos/libchaos.so"
}

# --------------------------------------------------------------- the clients

# Someone uses the program at $address: status 0 if all went well.
use() {
	case $program in
	bot) return 0 ;;
	httpd-* | forwarder)
		timeout "$patience" "$plain/lab06-https-client/bot" -n 20 -c 4 \
			--timeout 10 --fail "http://$address/" >"$tmp/used" 2>&1
		;;
	framed)
		timeout "$patience" "$plain/lab07-master-worker/framed-load" \
			"$address" -c 4 -n 40 --mix ping=20,register=1,login=1 \
			>"$tmp/used" 2>&1
		;;
	*)
		seq 8000 >"$tmp/sent"
		timeout "$patience" "$plain/lab01-blocking/echo-client" \
			"$address" <"$tmp/sent" >"$tmp/used" 2>"$tmp/used.err" &&
			cmp -s "$tmp/sent" "$tmp/used"
		;;
	esac
}

disturb() {
	for signal in WINCH URG CONT CHLD; do
		kill -$signal "$pid" 2>/dev/null || return 0
		sleep "0.0$n"
	done
}

# ------------------------------------------------------------- what has to hold

fail() {
	# Of a thread's first allocations some are the sanitizer's own.
	! grep -q 'AddressSanitizer: CHECK failed: sanitizer_' "$tmp/err" ||
		exit 3
	echo "FAIL  $program $trouble $n: $1"
	for seen in out err used; do
		[ ! -s "$tmp/$seen" ] || tail -n 25 "$tmp/$seen" |
			cut -c 1-300 | sed "s/^/      $seen: /"
	done
	exit 1
}

# Whether the N-th allocation has come at all.
was_reached() {
	[ "$trouble" = alloc ] || return 0
	made=$(od -An -t u8 -j 16 -N 8 "$tmp/table" | tr -d ' ')
	[ "$n" -ne 0 ] || echo "$made"
	[ "$n" -ne 0 ] && [ "$made" -ge "$n" ]
}

# A server that goes on afterwards has to serve the next client: a failed
# allocation and a clock that jumped cost one connection at most. Troubles that
# a program can weather have to cost nothing.
has_served() {
	case $trouble in
	alloc) use || use || fail 'does not serve after it' ;;
	clock | faults | odd)
		# Time-outs that it made due are rightly so.
		[ "$n" != mono ] || use || use || :
		[ "$trouble" != odd ] || disturb
		use || fail 'does not serve'
		;;
	full) use || fail 'does not serve' ;;
	*) use || : ;;
	esac
}

# Calls so far of the functions that a server waits with, by the table.
waits() {
	{
		sed -n 's/^	X(\([a-z0-9_]*\)).*/\1/p' "$top/grader/chaos/chaos.h"
		od -An -v -t u8 -w24 -j 24 "$tmp/table"
	} | awk '/^[a-z]/ { name[++n] = $1; next }
	name[++row] ~ /^(accept|poll|ppoll|select|pselect|epoll_p?wait)/ {
		calls += $1
	}
	END { print calls + 0 }'
}

# What fails before a server waits for the first time is its start, though it
# listens by then.
in_its_loop_or_gone() {
	gone || [ "$(waits)" -gt 0 ]
}

# The end: in time, with a status that is told in --help or the man page.
judge() {
	await gone || fail "does not end in $patience s"
	status=0
	wait "$pid" || status=$?
	pid=
	! grep -q -e 'ERROR: AddressSanitizer' -e 'runtime error:' \
		-e 'ERROR: LeakSanitizer' "$tmp/err" || fail 'a sanitizer objects'
	case $status in
	0) ;;
	1 | 2) [ -z "$started" ] || fail "ends with $status" ;;
	127) [ "$trouble" = descriptors ] || fail 'cannot be run' ;;
	143) # bot says so in its report; others only before they can do better
		[ "$trouble$started" = signal ] || fail 'ends with 143'
		return
		;;
	*) fail "ends with $status" ;;
	esac
	[ "$status" -eq 0 ] || [ -s "$tmp/err" ] || [ -s "$tmp/out" ] ||
		fail "ends with $status and no word"
}

# A container may lack the device, and a file in its place is not full.
[ "$trouble" != full ] || [ -c /dev/full ] || exit 3
prepare
begin
started=
if [ "$program" = bot ]; then
	[ "$trouble" != odd ] || disturb
	judge
	[ "$trouble.$status" != full.0 ] || fail 'its report is lost, and it says 0'
	case $trouble in
	faults | clock | odd)
		[ "$status" -eq 0 ] || [ "$n" = mono ] || fail "ends with $status"
		;;
	esac
else
	await listens_or_gone || fail 'neither listens nor ends'
	[ "$trouble" != alloc ] || await in_its_loop_or_gone ||
		fail 'listens, and does not wait for anybody'
	if ! gone; then
		started=yes
		address=$(sed -n 's/^listening on \([^ ]*\).*/\1/p' "$tmp/out" |
			head -n 1)
		has_served
		kill -TERM "$pid" 2>/dev/null || :
	fi
	judge
fi
was_reached || exit 3
echo "ok    $program $trouble $n (status $status${started:+, had served})"
