#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Lab 4's page in a browser: it is built, and a headless Chromium holds it
# against epoll-scope (lab04-epoll-lt-et/checks/explorer/run.mjs). The packages of
# npm that this takes are fetched into build/, as its package-lock.json says.
#
#	explorer.sh [PART...]	stories, parser, fuzz, guess, usage, axe, hostile
. "$(dirname -- "$0")/lib.sh"

lab=$top/lab04-epoll-lt-et
checks=$lab/checks/explorer
bin=$top/build/gcc/lab04-epoll-lt-et
packages=$top/build/explorer/npm

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

need_grader
check 'the page is built' make --no-print-directory -s -C "$lab" programs \
	explorer explorer-record
check 'the kernel and uepoll agree in every puzzle' all_agree
fetch >"$tmp/npm" 2>&1 || {
	cat "$tmp/npm"
	skip 'the packages of npm cannot be fetched'
}
PAGE=$lab/inside/explorer/epoll.html STORIES=$lab/inside/scope \
	PUZZLES=$lab/inside/explorer/puzzles SCOPE=$bin/epoll-scope \
	RECORD=$bin/explorer-record NODE_FOLDER=$packages TMPDIR=$tmp \
	node "$checks/run.mjs" "$@" >"$tmp/run" 2>&1 || true
passed=$((passed + $(grep -c '^ok ' "$tmp/run" || true)))
failed=$((failed + $(grep -c '^FAIL ' "$tmp/run" || true)))
cat "$tmp/run"
: >"$tmp/out"
check 'the checks came to their end' grep -q '^count: ' "$tmp/run"
finish
