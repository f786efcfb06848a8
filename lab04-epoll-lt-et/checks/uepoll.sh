#!/bin/sh
# SPDX-License-Identifier: MIT
#
# uepoll against the kernel: a bounded run of the fuzzer, every script that
# was kept or is shipped, every graded script, and bad scripts. Status 0 if all
# is well.
#
#	uepoll.sh [OPS]		operations of the fuzzer (1000000)
set -eu

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
bin=${BIN:-$lab/../build/gcc/$(basename -- "$lab")}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "FAIL: $1"
	exit 1
}

"$bin/fuzz-uepoll" --ops "${1:-1000000}" || fail "fuzz-uepoll"

for script in "$lab"/checks/scripts/*.uep; do
	[ -f "$script" ] || continue
	"$bin/fuzz-uepoll" --replay "$script" || fail "$script"
done

# The graded scripts are strings in C: a file for each call of play(), or for each
# driver that is made, whose script is in parts with promises between them.
cat "$lab"/tests/uepoll.c "$lab"/tests/hidden/uepoll_hidden.c 2>/dev/null |
	awk -v dir="$tmp" '
	/judge_promise\(/ { next }
	/play\(|uepoll_driver(_valgrind)?\(/ { n++; part = "" }
	n && match($0, /".*"/) {
		part = part substr($0, RSTART + 1, RLENGTH - 2)
		if (part ~ /\\n$/) {
			sub(/\\n$/, "", part)
			print part > (dir "/graded-" n ".uep")
			part = ""
		}
	}'
for script in "$tmp"/graded-*.uep; do
	"$bin/fuzz-uepoll" --replay "$script" || fail "a graded script"
done

for script in "$lab"/inside/scope/*.uep; do
	"$bin/epoll-scope" "$script" >"$tmp/out" || fail "epoll-scope $script"
	"$bin/epoll-scope" "$script" --json >"$tmp/json" || fail "$script --json"
	grep -q '"agree": true' "$tmp/json" || fail "$script --json"
done

# --step shows a page a step, back and forth; the title comes with the JSON.
story=$lab/inside/scope/et-stall.uep
printf '  b q' | "$bin/epoll-scope" "$story" --step >"$tmp/out" ||
	fail "--step"
[ "$(grep -c '^  4  epoll e' "$tmp/out")" -eq 2 ] || fail "--step: b goes back"
grep -q '^ *1/12  \[space\] next  \[b\] back  \[q\] end' "$tmp/out" ||
	fail "--step says its keys"
"$bin/epoll-scope" "$story" --json >"$tmp/json"
for part in '"title": "Edge-triggered: what is not read' '"bytes": 54' \
	'"key": "IN|PRI|RDNORM|RDBAND"' '"text": "Told once.'; do
	grep -qF "$part" "$tmp/json" || fail "--json has no $part"
done
! grep -q '"op": "note' "$tmp/json" || fail "--json: a note among the steps"

# Nothing is wider than a terminal of 80 columns.
for script in "$lab"/inside/scope/*.uep; do
	"$bin/epoll-scope" "$script" | LC_ALL=C sed 's/[\x80-\xbf]//g' |
		grep '.\{81\}' && fail "$script: a line over 80 columns"
done

# A mistake is told with file, line and what was expected; status 2.
printf 'epoll e\n\nadd e a IN\n' >"$tmp/bad.uep"
status=0
"$bin/epoll-scope" "$tmp/bad.uep" 2>"$tmp/err" >"$tmp/out" || status=$?
[ "$status" -eq 2 ] || fail "a bad script: status $status"
grep -q "^$tmp/bad.uep:3: expected a name" "$tmp/err" ||
	fail "a bad script: $(cat "$tmp/err")"
printf 'epoll e\nnote \377\n' >"$tmp/bad.uep"
! "$bin/epoll-scope" "$tmp/bad.uep" 2>"$tmp/err" >"$tmp/out" ||
	fail "a script that is no text"
grep -q '^[^:]*:2: expected text in UTF-8, got the byte 0xff$' "$tmp/err" ||
	fail "a script that is no text: $(cat "$tmp/err")"
echo "uepoll: ok"
