#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Lab 4's page in a browser: it is built, and a headless Chromium holds it
# against epoll-scope (lab04-epoll-lt-et/checks/explorer/run.mjs). The packages of
# npm that this takes are fetched into build/, as its package-lock.json says.
#
#	explorer.sh [PART...]	of doors, stories, parser, fuzz, guess, usage, axe,
#				hostile, policy; all of them if none is named
. "$(dirname -- "$0")/lib.sh"

lab=$top/lab04-epoll-lt-et
checks=$lab/checks/explorer
bin=$top/build/gcc/lab04-epoll-lt-et
packages=$top/build/explorer/npm
page=$lab/inside/explorer/epoll.html

skip() {
	echo "$1"
	exit 77
}

for program in chromium clang node npm wasm-ld; do
	command -v $program >/dev/null || skip "$program is not installed"
done
[ -e /usr/include/wasm32-wasi ] || skip 'wasi-libc is not installed'

fetch() {
	mkdir -p "$packages"
	cp "$checks/package.json" "$checks/package-lock.json" "$packages"
	cmp -s "$checks/package-lock.json" "$packages/fetched" ||
		(cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund)
	cp "$checks/package-lock.json" "$packages/fetched"
}

all_agree() {
	for puzzle in "$lab"/inside/explorer/puzzles/*.uep; do
		"$bin/fuzz-uepoll" --replay "$puzzle" || return
	done
}

# A browser that writes down what it was asked to show.
stub_browser() {
	cat >"$tmp/browser" <<-STUB
		#!/bin/sh
		echo "\$1" >"$tmp/shown"
	STUB
	chmod +x "$tmp/browser"
	rm -f "$tmp/shown"
}

explore() {
	BROWSER="$tmp/browser" sh "$1/explore.sh" "$2" ${3:+"$3"}
}

shown() {
	[ -s "$tmp/shown" ]
}

fetched() {
	curl -sf "$(sed 's/#.*//' "$tmp/shown")" | cmp - "$page"
}

# In the tree: lab 5's httpd serves it, until it is told to stop.
check_served() {
	make --no-print-directory -s -C "$top/lab05-threadpool" programs
	stub_browser
	BROWSER="$tmp/browser" sh "$top/grader/explore.sh" "$top" et-stall \
		>"$tmp/served" 2>&1 &
	server=$!
	check 'explore opens a browser' await 120 shown
	check 'explore: the address has the story' \
		grep -qx 'http://127.0.0.1:[0-9]*/#story=et-stall' "$tmp/shown"
	check 'explore: the page is what httpd serves' fetched
	kill -TERM "$server"
	try 'explore ends when it is told to' wait "$server"
	check_status 7 'explore: httpd has ended with it' \
		curl -s "$(sed 's/#.*//' "$tmp/shown")"
}

# A workspace has the page that was built before, and opens it as a file; so does
# a handout, which does not know where it came from.
check_handed_out() {
	work="$tmp/work place"
	check 'a workspace is made' sh "$top/grader/workspace.sh" start "$work"
	rm -f "$work/.readylist/origin"
	check 'it has the page' cmp "$page" \
		"$work/lab04-epoll-lt-et/inside/explorer/epoll.html"
	stub_browser
	check 'explore in a handout' explore "$work/.readylist/grader" "$work" dup
	check_says 'explore: the address is a file' "file://$tmp/work%20place/lab04"
	check 'explore: the browser is asked to show it' await 20 shown
	check '... with its story' grep -q 'epoll.html#story=dup$' "$tmp/shown"
	check_status 2 'explore: an unknown story' \
		explore "$work/.readylist/grader" "$work" nonesuch
	check_says '... names the known ones' 'et-stall'
	rm "$work/lab04-epoll-lt-et/inside/explorer/epoll.html"
	check_status 2 'explore without the page' \
		explore "$work/.readylist/grader" "$work"
	check_says '... says how to get it' './course explore'
}

need_grader
check 'the page is built' make --no-print-directory -s -C "$lab" programs \
	explorer explorer-record
check 'the kernel and uepoll agree in every puzzle' all_agree
case "$#:$*" in
0:* | *doors*)
	check_served
	check_handed_out
	;;
esac
fetch >"$tmp/npm" 2>&1 || {
	cat "$tmp/npm"
	skip 'the packages of npm cannot be fetched'
}
PAGE=$page STORIES=$lab/inside/scope \
	PUZZLES=$lab/inside/explorer/puzzles SCOPE=$bin/epoll-scope \
	RECORD=$bin/explorer-record NODE_FOLDER=$packages TMPDIR=$tmp \
	node "$checks/run.mjs" "$@" >"$tmp/run" 2>&1 || true
passed=$((passed + $(grep -c '^ok ' "$tmp/run" || true)))
failed=$((failed + $(grep -c '^FAIL ' "$tmp/run" || true)))
cat "$tmp/run"
: >"$tmp/out"
check 'the checks came to their end' grep -q '^count: ' "$tmp/run"
finish
