#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Clients that others wrote, used as one would type them: curl, wrk, h2load
# and ab work against httpd in all three models, and a browser shows its pages
# and runs their script. Half a minute. What is not installed is left out.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/httpd.sh"

site=$tmp/site

has() {
	command -v "$1" >/dev/null
}

# The server's own pages, and what they are too small for.
make_site() {
	cp -R "$lab/www" "$site"
	cp "$lab/checks/live/watch.html" "$site"
	mkdir "$site/folder"
	echo 'a page in a folder' >"$site/folder/index.html"
	echo 'a name with a space' >"$site/a page.txt"
	seq 1 1200000 | head -c 8000000 >"$site/big.txt"
	split -n 24 -d -a 2 "$site/big.txt" "$site/part"
}

# ------------------------------------------------------------------- curl

# gets STATUS FILE ARGUMENT...: what curl is answered, and the bytes it saves.
gets() {
	expected=$1
	content=$2
	shift 2
	: >"$tmp/got"
	echo "curl $*"
	status=$(curl -sS -m 10 -o "$tmp/got" -w '%{http_code}' "$@") || return
	echo "status $status (expected: $expected)," \
		"$(wc -c <"$tmp/got") bytes (expected: those of $content)"
	[ "$status" = "$expected" ] && cmp "$content" "$tmp/got"
}

# refused STATUS ARGUMENT...: the page says so, whatever else is in it.
refused() {
	expected=$1
	shift
	echo "curl $*"
	status=$(curl -sS -m 10 -o "$tmp/got" -w '%{http_code}' "$@") || return
	echo "status $status (expected: $expected, and a page that says it):"
	cat "$tmp/got"
	[ "$status" = "$expected" ] && grep -q "$expected" "$tmp/got"
}

whole_files() {
	gets 200 "$site/index.html" "$url" &&
		gets 200 "$site/index.html" "$url/?a=1#b" &&
		gets 200 "$site/style.css" "$url/style.css" &&
		gets 200 "$site/a page.txt" "$url/a%20page.txt" &&
		gets 200 "$site/folder/index.html" -L "$url/folder" &&
		gets 200 "$site/big.txt" "$url/big.txt"
}

other_ways() {
	gets 200 "$site/index.html" --compressed "$url/" &&
		gets 200 "$site/index.html" --http1.0 "$url/" &&
		gets 200 "$site/big.txt" --http1.0 "$url/big.txt" &&
		gets 200 "$site/index.html" --http2 "$url/" &&
		gets 200 "$site/index.html" -H 'Connection: close' "$url/"
}

heads() {
	echo "curl -I, of three pages on one connection:"
	curl -sS -m 10 -I -w '%{stderr}%{num_connects}' "$url/big.txt" \
		"$url/" "$url/style.css" >"$tmp/got" 2>"$tmp/connects" || return
	cat "$tmp/got" "$tmp/connects"
	tr -d '\r' <"$tmp/got" | sed -n 's/^Content-Length: //p' >"$tmp/lengths"
	for page in big.txt index.html style.css; do
		wc -c <"$site/$page"
	done | cmp - "$tmp/lengths" &&
		[ "$(grep -c '^HTTP/1.1 200 OK' "$tmp/got")" -eq 3 ] &&
		[ "$(cat "$tmp/connects")" = 100 ]
}

ranges() {
	head -c 10 "$site/style.css" >"$tmp/first"
	tail -c 10 "$site/style.css" >"$tmp/last"
	tail -c +4000001 "$site/big.txt" >"$tmp/half"
	head -c 4000000 "$site/big.txt" >"$tmp/resumed"
	gets 206 "$tmp/first" -r 0-9 "$url/style.css" &&
		gets 206 "$tmp/last" -r -10 "$url/style.css" &&
		gets 206 "$tmp/half" -r 4000000- "$url/big.txt" &&
		refused 416 -r 9000000- "$url/big.txt" &&
		curl -sS -m 10 -C - -o "$tmp/resumed" "$url/big.txt" &&
		cmp "$site/big.txt" "$tmp/resumed"
}

# A file of the present second has no ETag yet.
has_etag() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! curl -sI "$1" | grep -qi '^etag:' || return 0
		sleep 0.5
	done
	return 1
}

conditions() {
	has_etag "$url/live.js" &&
		gets 200 "$site/live.js" --etag-save "$tmp/etag" "$url/live.js" &&
		gets 304 /dev/null --etag-compare "$tmp/etag" "$url/live.js" &&
		gets 200 "$site/style.css" --etag-compare "$tmp/etag" \
			"$url/style.css" &&
		gets 304 /dev/null -z "$site/live.js" "$url/live.js" &&
		gets 200 "$site/live.js" -z 'Jan 1 2001' "$url/live.js"
}

refusals() {
	refused 404 "$url/nothing" &&
		refused 405 -d 'name=value' "$url/" &&
		refused 405 -X DELETE "$url/style.css" &&
		refused 405 -T "$site/style.css" "$url/style.css" &&
		refused 413 -T "$site/big.txt" "$url/big.txt" &&
		refused 400 -H 'Host:' "$url/"
}

# All at once, and all of them whole.
at_once() {
	echo "curl -Z, 24 files and a page:"
	rm -f "$tmp"/at-once.*
	curl -sS -m 10 -Z -o "$tmp/at-once.#1" "$url/part[00-23]" \
		-o "$tmp/page" "$url/" || return
	cat "$tmp"/at-once.* | cmp - "$site/big.txt" &&
		cmp "$site/index.html" "$tmp/page"
}

curl_works() {
	try "curl gets files: $1" whole_files
	try "curl in other ways: $1" other_ways
	try "curl -I, on one connection: $1" heads
	try "curl gets ranges, and resumes: $1" ranges
	try "curl asks whether it has changed: $1" conditions
	try "curl is refused: $1" refusals
	try "curl gets many at once: $1" at_once
}

# ------------------------------------------------------------------- load

# ran COMMAND...: it ends in time, and well; what it said is in $tmp/said.
ran() {
	echo "$*"
	within 20 "$@" >"$tmp/said" 2>&1
	status=$?
	cat "$tmp/said"
	echo "status $status (expected: 0; 124 is a time-out)"
	return "$status"
}

# says PATTERN...: each is a line of that.
says() {
	for line; do
		if ! grep -Eqx "$line" "$tmp/said"; then
			echo "expected in it: $line"
			return 1
		fi
	done
}

# says_not PATTERN
says_not() {
	! grep -E "$1" "$tmp/said" || return
}

wrk_works() {
	ran wrk -d 1 -c 64 "$url/" && says ' *[1-9][0-9]* requests in .*' &&
		says_not 'Socket errors|Non-2xx'
}

h2load_works() {
	ran h2load --h1 -n 2000 -c 50 "$url/" &&
		says 'requests: .* 2000 succeeded, 0 failed, 0 errored, 0 timeout' \
			'status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx'
}

# ab_works OPTION...: it has a line on failures of any kind, lengths included.
ab_works() {
	ran ab -q -n 2000 -c 50 "$@" "$url/" &&
		says 'Complete requests: *2000' 'Failed requests: *0' \
			"Document Length: *$(wc -c <"$site/index.html") bytes" &&
		says_not 'Non-2xx'
}

ab_keeps() {
	ab_works -k && says 'Keep-Alive requests: *2000'
}

load_works() {
	! has wrk || try "wrk: $1" wrk_works
	! has h2load || try "h2load --h1: $1" h2load_works
	! has ab || try "ab: $1" ab_works
	! has ab || try "ab -k: $1" ab_keeps
}

# ----------------------------------------------------------------- browser

# browse PAGE OPTION...: leaves the page in $tmp/said as its script has made
# it, in a browser that has been nowhere before. Its script has no errors.
browse() {
	page=$1
	shift
	rm -rf "$tmp/profile"
	# Containers often allow no sandbox; the only pages here are our own.
	if [ "$(id -u)" -eq 0 ] || ! unshare -U true 2>/dev/null; then
		set -- --no-sandbox "$@"
	fi
	TMPDIR=$tmp within 40 chromium --headless --disable-gpu \
		--disable-dev-shm-usage --no-first-run --no-proxy-server \
		--user-data-dir="$tmp/profile" --enable-logging=stderr "$@" \
		--dump-dom "$url$page" >"$tmp/said" 2>"$tmp/browser"
	status=$?
	echo "chromium $* --dump-dom $url$page"
	cat "$tmp/said"
	grep -v dbus "$tmp/browser"
	echo "status $status (expected: 0, and no message of the script's)"
	[ "$status" -eq 0 ] && ! grep -q CONSOLE "$tmp/browser"
}

# The script has filled in what it asked the server for, again and again.
shows_front() {
	browse / --virtual-time-budget=5000 &&
		says '.*<section id="live">.*' \
			".* data-is=\"model\">$1<.*" \
			'.* data-is="connections">[1-9][0-9]*<.*' \
			'.* data-is="2xx">[1-9][0-9]*<.*' \
			'.*<polyline id="line" points="([0-9]+,[0-9.]+ ?){3,}".*'
}

shows_status() {
	browse /status &&
		says "<tbody><tr><td>model</td><td>$1" \
			'</td></tr><tr><td>2xx</td><td>[1-9][0-9]*'
}

# Both pages show new figures by themselves, and fit a telephone.
updates() {
	browse /watch.html --virtual-time-budget=5000 || return
	for frame in front status; do
		shown=$(grep -Ec "(^|>)$frame [0-9]+ fits$" "$tmp/said")
		echo "$frame: $shown figures (expected: 3 or more)"
		[ "$shown" -ge 3 ] || return
	done
	says_not '(^|>)(front|status) [0-9]+ (sticks|has)'
}

# What the browser asked for, and how it was answered. The icon may come or not.
asked_for() {
	awk -F'"' '{ split($2, word, " "); split($3, figure, " ")
		print figure[1], word[1], word[2] }' "$tmp/log" |
		sort | uniq -c >"$tmp/asked"
	cat "$tmp/asked"
	for page in / /style.css /live.js /status.json /status; do
		if ! grep -q " 200 GET $page\$" "$tmp/asked"; then
			echo "expected: GET $page, answered with 200"
			return 1
		fi
	done
	! grep -Ev ' (200|304) GET ' "$tmp/asked"
}

browser_works() {
	rm -f "$tmp/log"
	start_httpd gcc --model "$1" --root "$site" \
		--access-log "$tmp/log" || exit
	try "a browser shows the front page: $1" shows_front "$1"
	try "a browser shows the status page: $1" shows_status "$1"
	try "a browser shows what changes: $1" updates
	try "... and httpd ends well: $1" stop_httpd
	try "... and answered all it asked for: $1" asked_for
}

# At a limit of one connection, the next one comes as soon as the client has the
# answer: httpd has not looked yet whether the last one is over, and has to; with
# the reactor, a worker may still hold it.
comes_back() {
	ab -q -n 3000 -c 1 "$url/" >"$tmp/said" 2>&1
	cat "$tmp/said"
	says 'Complete requests:      3000' 'Failed requests:        0'
}

# is_traced PID
is_traced() {
	! grep -q '^TracerPid:	0$' "/proc/$1/status"
}

# The same while strace(1) holds up what each worker writes to the loop: that it
# is done with a client.
comes_back_early() {
	pid=$(httpd_pid)
	strace -f -qq -o /dev/null -e trace=write \
		-e inject=write:delay_enter=2000 -p "$pid" 2>/dev/null &
	child=$!
	if await 10 is_traced "$pid"; then
		ab -q -n 200 -c 1 "$url/" >"$tmp/said" 2>&1
		cat "$tmp/said"
	else
		echo "nobody may trace here" >"$tmp/said"
	fi
	kill "$child" 2>/dev/null
	wait "$child"
	child=
	says 'Complete requests:      200' 'Failed requests:        0' ||
		says 'nobody may trace here'
}

room_works() {
	for limit in --max-connections --max-per-address; do
		start_httpd gcc --model "$1" "$limit" 1 || exit
		try "ab comes back 3,000 times at $limit 1: $1" comes_back
		! has strace ||
			try "... and before a slow worker is done: $1" \
				comes_back_early
		try "... and httpd ends well: $1" stop_httpd
	done
}

# ------------------------------------------------------------------- main

# It has refused no client but those above.
still_answers() {
	gets 200 "$site/index.html" "$url/" &&
		curl -sS -m 10 "$url/status.json" >"$tmp/said" || return
	cat "$tmp/said"
	says '  "5xx": 0,' '  "queue_refused": 0,'
}

for tool in curl wrk h2load ab chromium; do
	has "$tool" || echo "$tool is missing: left out"
done
make_site
for model in inline reactor proactor; do
	[ "$failed" -eq 0 ] || break # what is wrong may take long to tell
	start_httpd gcc --model "$model" --root "$site" || exit
	! has curl || curl_works "$model"
	load_works "$model"
	! has curl || try "httpd still answers: $model" still_answers
	try "httpd ends well: $model" stop_httpd
	! has ab || room_works "$model"
	! has chromium || browser_works "$model"
done
finish
