#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What could keep httpd from starting, from serving, or from ending. A few
# seconds.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/httpd.sh"

program=$lab/../build/gcc/$name/httpd

# ---------------------------------------------------------------- options

# wrong STATUS LINE OPTION...: it ends so, and LINE is the first of stderr.
wrong() {
	expected=$1
	line=$2
	shift 2
	ended=0
	timeout 10 "$program" --root "$lab/www" --listen 127.0.0.1:0 "$@" \
		>"$tmp/said" 2>"$tmp/complaint" || ended=$?
	echo "httpd $*: status $ended (expected: $expected), said:"
	cat "$tmp/said" "$tmp/complaint"
	[ "$ended" -eq "$expected" ] && [ ! -s "$tmp/said" ] &&
		[ "$(head -n 1 "$tmp/complaint")" = "httpd: $line" ]
}

options() {
	range="is not a number from"
	for number in '' 0 -1 +1 1x 0x1 65 99999999999999999999; do
		wrong 2 "--loops: '$number' $range 1 to 64" --loops "$number" ||
			return
	done
	wrong 2 "--model: 'x' is not inline, reactor or proactor" --model x &&
		wrong 2 "'extra' is not an option" extra &&
		wrong 1 "cannot serve $tmp/none: No such file or directory" \
			--root "$tmp/none" &&
		wrong 1 "cannot serve $0: Not a directory" --root "$0" &&
		wrong 1 "cannot listen on [::1]: not HOST:PORT" \
			--listen '[::1]' &&
		wrong 1 "cannot listen on a:65536: not HOST:PORT" \
			--listen a:65536 &&
		wrong 1 "cannot log to $tmp: Is a directory" \
			--access-log "$tmp"
}

# Loops share a port with each other, and with no other program.
address_in_use() {
	for loops in 1 2; do
		start_httpd gcc --loops "$loops" || return
		for others in 1 2; do
			address=${url#http://}
			wrong 1 "cannot listen on $address: Address already in use" \
				--listen "$address" --loops "$others" || return
		done
		stop_httpd || return
	done
}

# The shell's limit is for programs that select(2); this one has idle clients.
descriptors() {
	# shellcheck disable=SC3045 # Linux' shells all have it
	ulimit -S -n 64
	start_httpd gcc || return
	grep '^Max open files' "/proc/$(httpd_pid)/limits" | tee "$tmp/limits"
	stop_httpd || return
	read -r _ _ _ soft hard _ <"$tmp/limits"
	[ "$soft" = "$hard" ]
}

# Settings of its own, such as limits, end with it.
apart() (
	"$@"
)

# -------------------------------------------------------------------- log

# 300 answers whose lines are more than a pipe and the log's buffer hold.
unread_log() {
	mkfifo "$tmp/fifo"
	wrong 1 "cannot log to $tmp/fifo: No such device or address" \
		--access-log "$tmp/fifo" || return
	exec 3<>"$tmp/fifo"
	start_httpd gcc --access-log "$tmp/fifo" || return
	agent=$(printf '%02000d' 0)
	curl -sS -m 20 -A "$agent" -o "$tmp/page" -w '%{http_code}\n' \
		"$url/?[1-300]" | sort | uniq -c | tee "$tmp/answers"
	stop_httpd && grep -q '^ *300 200$' "$tmp/answers"
}

# The log is renamed while httpd runs; after SIGUSR1 there is a new one.
rotated_log() {
	rm -f "$tmp/log"
	start_httpd gcc --access-log "$tmp/log" || return
	curl -sS -m 20 -o "$tmp/page" "$url/?before" || return
	mv "$tmp/log" "$tmp/log.1"
	kill -USR1 "$(httpd_pid)"
	await 10 [ -f "$tmp/log" ] || return
	curl -sS -m 20 -o "$tmp/page" "$url/?after" || return
	stop_httpd || return
	cat "$tmp/log.1" "$tmp/log"
	[ "$(wc -l <"$tmp/log.1") $(wc -l <"$tmp/log")" = '1 1' ] &&
		grep -q before "$tmp/log.1" && grep -q after "$tmp/log"
}

# ---------------------------------------------------------------- the end

# A reader that takes a little at a time gets no more than --drain-timeout.
slow_reader() {
	mkdir -p "$tmp/site"
	truncate -s 200M "$tmp/site/big"
	start_httpd gcc --model "$1" --root "$tmp/site" --loops 2 \
		--drain-timeout 300 || return
	rm -f "$tmp/big"
	curl -s -m 60 --limit-rate 200k -o "$tmp/big" "$url/big" &
	reader=$!
	await 10 [ -s "$tmp/big" ] || return
	kill "$httpd"
	ended=0
	wait "$httpd" || ended=$?
	httpd=
	echo "httpd ended with status $ended (expected: 0) and said:"
	cat "$tmp/err"
	kill "$reader" && wait "$reader"
	[ "$ended" -eq 0 ] && grep -q 'drain timed out after 300 ms' "$tmp/err"
}

try 'wrong options' options
try 'an address in use' address_in_use
try 'as many descriptors as it may have' apart descriptors
if command -v curl >/dev/null; then
	try 'a log without a reader' unread_log
	try 'a log that is renamed' rotated_log
	for model in inline reactor proactor; do
		try "the end does not wait for a slow reader: $model" \
			slow_reader "$model"
	done
else
	echo "curl is missing: logs and slow readers are left out"
fi
finish
