#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A stall of the server is not hidden: with --rate, latency counts from the
# planned start. The server is stopped for a while in the middle of a run. By
# the plan, a request that falls into that time waits for what is left of it,
# and that is what the percentiles have to say at least. A busy machine makes
# them larger, never smaller.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/origin.sh"

rate=200 # a second

# shellcheck disable=SC2119 # it builds nothing else
start_origin
url=http://$address/ok

answered() {
	find "$tmp/bodies" -type f 2>/dev/null | wc -l
}

# Ten connections, and soon hundreds of requests that wait for one.
"$bin/bot" --json -c 10 -n 1000000 --rate "$rate" --output "$tmp/bodies" \
	"$url" >"$tmp/report" &
bot=$!
until [ "$(answered)" -ge 200 ]; do sleep 0.05; done
kill -STOP "$origin"
from=$(date +%s.%N)
sleep 1
to=$(date +%s.%N)
kill -CONT "$origin"
# Those of before, of the stall, and of some time after it.
until [ "$(answered)" -ge 600 ]; do sleep 0.05; done
kill -INT "$bot"
status=0
wait "$bot" || status=$?
bot=
check 'bot ends by SIGINT' test "$status" = 130
requests=$(sed -n 's/^{"requests":{"done":\([0-9]*\).*/\1/p' "$tmp/report")

# percentile NAME PERCENT
percentile() {
	sed -n "s/.*\"latency_us\":{[^}]*\"$1\":\\([0-9]*\\).*/\\1/p" \
		"$tmp/report" |
		awk -v percent="$2" -v from="$from" -v to="$to" -v rate="$rate" \
			-v requests="$requests" '{
			plan = to - from - requests / rate * (1 - percent / 100)
			printf "p%s: %.3f s, by the plan at least %.3f s\n",
				percent, $1 / 1e6, plan
			bad = $1 / 1e6 < plan * 0.95
		}
		END { exit !NR || bad }'
}

check 'p90 has the stall' percentile p90 90
check 'p99 has the stall' percentile p99 99
finish
