#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bot and a resolver that fails, is slow, or never comes back: it is another one
# here, see resolver_preload.c.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/origin.sh"

# bot ARGUMENTS...: prints its report, and notes the names that were looked up.
bot() {
	: >"$tmp/names"
	LOOK_UPS=$tmp/names LD_PRELOAD=$bin/checks/resolver_preload.so \
		timeout 60 "$bin/bot" --json "$@"
}

# asked WHAT NAMES: the look-ups, in their order.
asked() {
	paste -sd ' ' "$tmp/names" >"$tmp/out"
	check "$1" test "$(cat "$tmp/out")" = "$2"
}

# A look-up of 300 ms is in the phase, in microseconds.
takes_its_time() {
	bot "http://slow.test:$port/ok" >"$tmp/report"
	cat "$tmp/report"
	grep -q '"dns":{"p50":[3-9][0-9]\{5\}\|"dns":{"p50":[0-9]\{7\}' \
		"$tmp/report"
}

start_origin "$bin/checks/resolver_preload.so"
port=${address##*:}

check 'a name in any case is one name' bot -n 20 -c 4 --no-keepalive \
	"http://a.test:$port/ok" "http://A.Test:$port/ok"
check_says '... and all is answered' '"done":20'
asked '... which is looked up once' a.test
check_status 1 'a name that is not there' bot -n 20 -c 4 \
	"http://no.test:$port/ok"
check_says '... has its kind' '"failures":{"dns":20}'
check_says '... and its reason' '"reason":"the name has no address"'
asked '... and is looked up once' no.test
check_status 1 'a name that the resolver does not know now' bot -n 2 \
	"http://again.test:$port/ok"
check_says '... has its kind' '"failures":{"dns":2}'
check_says '... and its reason' '"reason":"the resolver does not know it now"'
asked '... and is looked up once' again.test
check 'an address' bot "http://$address/ok"
asked '... is not looked up' ''
check 'a slow look-up is in the phase' takes_its_time

# It stops neither those whose name is known, nor the end.
check_status 1 'a look-up that is stuck' bot -c 3 -n 9 --timeout 5 \
	"http://a.test:$port/ok" "http://stuck.test:$port/ok" \
	"http://$address/ok"
check_says '... is late' '"failures":{"timeout":3}'
check_says '... and the others are answered' '"done":6'
asked '... and both names are looked up once' 'a.test stuck.test'
check 'a look-up does not take the time for the connect' bot \
	--connect-timeout 0.25 "http://slow.test:$port/ok"
try 'the origin ends as it should' origin_ends
finish
