#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bot and a resolver that fails, is slow, or never comes back: it is another one
# here, see resolver_preload.c.
set -u

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
bin=$(dirname -- "$lab")/build/gcc/$(basename -- "$lab")
tmp=$(mktemp -d)
origin=
failures=0
trap 'rm -rf "$tmp"; [ -z "$origin" ] || kill "$origin"' EXIT

fail() {
	failures=$((failures + 1))
	echo "FAILED: $*"
}

# bot STATUS ARGUMENTS...: its report, and the names that were looked up.
bot() {
	want=$1
	shift
	: >"$tmp/names"
	LOOK_UPS=$tmp/names LD_PRELOAD=$bin/checks/resolver_preload.so \
		timeout 60 "$bin/bot" --json "$@" >"$tmp/report" 2>"$tmp/err"
	got=$?
	[ "$got" = "$want" ] || fail "bot $*: status $got, expected $want"
}

# says TEXT: in the report.
says() {
	grep -qF -- "$1" "$tmp/report" ||
		fail "no $1 in $(cat "$tmp/report" "$tmp/err")"
}

# asked NAMES: the look-ups, in their order.
asked() {
	[ "$(paste -sd ' ' "$tmp/names")" = "$1" ] ||
		fail "looked up: $(paste -sd ' ' "$tmp/names"), expected: $1"
}

make --no-print-directory -s -C "$lab" programs \
	"$bin/checks/resolver_preload.so" || exit 1
"$bin/origin" >"$tmp/address" &
origin=$!
until [ -s "$tmp/address" ]; do sleep 0.05; done
address=$(sed -n 's/^listening on //p' "$tmp/address")
port=${address##*:}

# Once a run, whatever comes of it, and in whatever case it is written.
bot 0 -n 20 -c 4 --no-keepalive "http://a.test:$port/ok" "http://A.Test:$port/ok"
says '"done":20'
asked a.test
bot 1 -n 20 -c 4 "http://no.test:$port/ok"
says '"failures":{"dns":20}'
says '"reason":"the name has no address"'
asked no.test
bot 1 -n 2 "http://again.test:$port/ok"
says '"failures":{"dns":2}'
says '"reason":"the resolver does not know it now"'
asked again.test

# A number needs nobody.
bot 0 "http://$address/ok"
asked ''

# The delay is in the phase.
bot 0 "http://slow.test:$port/ok"
grep -q '"dns":{"p50":[3-9][0-9]\{5\}\|"dns":{"p50":[0-9]\{7\}' "$tmp/report" ||
	fail "a look-up of 300 ms is not in $(cat "$tmp/report")"

# One that is stuck is late, and stops neither those whose name is known, nor
# the end. It does not eat the time for the connect.
bot 1 -c 3 -n 9 --timeout 5 "http://a.test:$port/ok" \
	"http://stuck.test:$port/ok" "http://$address/ok"
says '"done":6'
says '"failures":{"timeout":3}'
asked 'a.test stuck.test'
bot 0 --connect-timeout 0.25 "http://slow.test:$port/ok"

kill "$origin"
wait "$origin" || fail "origin: status $?"
origin=
[ "$failures" = 0 ]
