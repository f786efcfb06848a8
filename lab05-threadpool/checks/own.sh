#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is not graded but has to hold: the given modules' own tests, hostile
# clients and files that change, the access log, several loops under
# ThreadSanitizer, a bounded run of the parser's fuzzer. About a minute.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/httpd.sh"

quietly() {
	make --no-print-directory -s -C "$lab" "$@"
}

# load MODEL: what the graded tests, which selftest/races.sh runs, leave alone:
# several loops that share a log, and show their figures, under load.
load() {
	start_httpd tsan --loops 2 --model "$1" \
		--access-log "$tmp/log.$1" || return
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
	stop_httpd && [ -z "${failures:-}" ]
}

# A line in the log for each answer, and none that a client has forged.
logs() {
	start_httpd gcc --access-log "$tmp/log" || return
	curl -s -o /dev/null -A 'a "quoted" name' "$url/icon.svg"
	curl -s -o /dev/null -A - -e 'from' "$url/nothing?x=1"
	stop_httpd || return
	cat "$tmp/log"
	[ "$(wc -l <"$tmp/log")" -eq 2 ] &&
		grep -q '"GET /icon.svg HTTP/1.1" 200 [0-9]* "-" "a \\x22quoted' \
			"$tmp/log" &&
		grep -q '"GET /nothing?x=1 HTTP/1.1" 404 [0-9]* "from" "-"$' \
			"$tmp/log"
}

try 'the given modules' quietly check-given
try 'httpd with clients that it does not like' quietly check-live
if command -v curl >/dev/null; then
	try 'the access log' logs
	try 'httpd builds with ThreadSanitizer' \
		quietly VARIANT=tsan SAN=thread programs
	for model in inline reactor proactor; do
		try "two loops under ThreadSanitizer: $model" load "$model"
	done
else
	echo "curl is missing: the access log and loops are not looked at"
fi
if command -v clang >/dev/null; then
	try 'the fuzzer of the parser, 15 s' quietly FUZZ_SECONDS=15 \
		fuzz-request
else
	echo "clang is missing: the parser is not fuzzed"
fi
finish
