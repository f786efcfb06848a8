#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is not graded but has to hold: the given modules' own tests, the pool
# under helgrind, httpd under ThreadSanitizer, a bounded run of the parser's
# fuzzer. Less than a minute.
set -u

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=$(basename -- "$lab")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# try WHAT COMMAND...
try() {
	what=$1
	shift
	if "$@" >"$tmp/out" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok    $what"
	else
		failed=$((failed + 1))
		echo "FAIL  $what"
		tail -n 40 "$tmp/out"
	fi
}

quietly() {
	make --no-print-directory -s -C "$lab" "$@"
}

# load MODEL: httpd, built with ThreadSanitizer, under load till its end.
load() {
	"$lab/../build/tsan/$name/httpd" --root "$lab/www" --loops 2 \
		--listen 127.0.0.1:0 --model "$1" >"$tmp/ready" 2>"$tmp/err" &
	httpd=$!
	for wait in 1 2 3 4 5 6 7 8 9 10; do
		! grep -q listening "$tmp/ready" || break
		sleep "0.$wait"
	done
	url=http://$(sed 's/listening on //' "$tmp/ready")
	pages="$url/ $url/style.css $url/live.js $url/status $url/nothing"
	clients=
	for client in 1 2 3 4 5 6; do
		# shellcheck disable=SC2086 # a list of words
		curl -s $pages $pages $pages $pages $pages \
			>"$tmp/page.$client" &
		clients="$clients $!"
	done
	for client in $clients; do
		wait "$client" || failures="$client"
	done
	kill "$httpd"
	wait "$httpd" && [ ! -s "$tmp/err" ] && [ -z "${failures:-}" ] &&
		return
	cat "$tmp/err"
	return 1
}

# A line in the log for each answer, and none that a client has forged.
logs() {
	"$lab/../build/gcc/$name/httpd" --root "$lab/www" \
		--listen 127.0.0.1:0 --access-log "$tmp/log" >"$tmp/ready" &
	httpd=$!
	for wait in 1 2 3 4 5 6 7 8 9 10; do
		! grep -q listening "$tmp/ready" || break
		sleep "0.$wait"
	done
	url=http://$(sed 's/listening on //' "$tmp/ready")
	curl -s -o /dev/null -A 'a "quoted" name' "$url/icon.svg"
	curl -s -o /dev/null -A - -e 'from' "$url/nothing?x=1"
	kill "$httpd"
	wait "$httpd" || return
	cat "$tmp/log"
	[ "$(wc -l <"$tmp/log")" -eq 2 ] &&
		grep -q '"GET /icon.svg HTTP/1.1" 200 [0-9]* "-" "a \\x22quoted' \
			"$tmp/log" &&
		grep -q '"GET /nothing?x=1 HTTP/1.1" 404 [0-9]* "from" "-"$' \
			"$tmp/log"
}

try 'the given modules' quietly check-given
try 'the pool under helgrind' quietly check-helgrind
if command -v curl >/dev/null; then
	try 'the access log' logs
	try 'httpd builds with ThreadSanitizer' \
		quietly VARIANT=tsan SAN=thread programs
	for model in inline reactor proactor; do
		try "httpd under ThreadSanitizer: $model" load "$model"
	done
else
	echo "curl is missing: the access log and races are not looked at"
fi
if command -v clang >/dev/null; then
	try 'the fuzzer of the parser, 15 s' quietly FUZZ_SECONDS=15 \
		fuzz-request
else
	echo "clang is missing: the parser is not fuzzed"
fi
echo "count: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
