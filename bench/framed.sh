#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench framed: lab 7's server beside redis-server, which answers PING:
# 50 clients, with 1 and with 16 requests in flight. Both are there together, and
# each load is put on one after the other before the next one begins, so that
# what else the machine does meets both; a ratio is the median of the ratios
# within a repetition. The servers have one core and the clients another, where
# there are two.
#
# Then what an idle client costs in memory, what ten thousand that send a
# heartbeat each 20 s cost in CPU, beside the least server there can be
# (bare_epoll.c), and whether a request is lost in 20 reloads under load.
#
# Last the herd: context switches of eight workers for each client that comes, is
# answered once and goes, beside those of eight processes of bare_epoll, which
# share a listener. They may use all cores: who is woken for nothing is to run.
#
# BENCH_REPS (default 5) repetitions of some 1 s a load and server.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench/lib.sh
. "$top/bench/lib.sh"
build=$top/build/gcc/lab07-master-worker
bare=$top/build/gcc/bench/bare_epoll
out=$top/build/bench/framed
reps=${BENCH_REPS:-5}
clients=50
many=10000
comers=2000
started= # pids

stop_all() {
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	started=
}
tmp=$(mktemp -d)
trap 'stop_all; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# await COMMAND...: up to 5 s.
await() {
	for look in $(seq 100); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	echo "bench: $* ($look looks)" >&2
	return 1
}

# start_here NAME CPU COMMAND...: a server that says where it listens; its pid
# and address go to $tmp/NAME.
start_here() {
	name=$1
	cpu=$2
	shift 2
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	(pin "$cpu" "$@") >"$tmp/ready" 2>"$tmp/$name.log" &
	pid=$!
	started="$started $pid"
	read -r _ _ address <"$tmp/ready"
	echo "$pid $address" >"$tmp/$name"
}

# start_framed NAME WORKERS CPUS
start_framed() {
	mkdir -p "$tmp/$1.d"
	printf '[server]\nlisten = 127.0.0.1:0\nworkers = %s\n' "$2" \
		>"$tmp/$1.d/framed.conf"
	start_here "$1" "$3" "$build/framed" -c "$tmp/$1.d/framed.conf" \
		-s log.level=warn
}

# redis-server cannot say which port it was given: some are tried.
start_redis() {
	for try in 1 2 3 4 5; do
		port=$(shuf -i 20000-60000 -n 1)
		(pin 0 redis-server --bind 127.0.0.1 --port "$port" --save '' \
			--appendonly no --dir "$tmp") >"$tmp/redis.log" 2>&1 &
		pid=$!
		started="$started $pid"
		if await redis-cli -p "$port" ping && kill -0 "$pid"; then
			echo "$pid $port" >"$tmp/redis"
			return
		fi
	done
	echo "bench: redis-server did not start ($try tries)" >&2
	exit 1
}

# use NAME: sets pid and address.
use() {
	read -r pid address <"$tmp/$1"
}

# Nanoseconds of CPU so far, of the server and of its workers.
cpu_ns() {
	for process in "$pid" $(cat "/proc/$pid/task/$pid/children"); do
		cat "/proc/$process"/task/*/schedstat
	done | awk '{ n += $1 } END { printf "%.0f\n", n }'
}

anonymous() {
	read -r worker _ <"/proc/$pid/task/$pid/children" || :
	awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$worker/status"
}

# rate IN_FLIGHT REQUESTS: of the server NAME, requests a second.
rate() {
	if [ "$name" = redis ]; then
		(pin 1 redis-benchmark -p "$address" -t ping_mbulk -q \
			-c "$clients" -P "$1" -n "$2") 2>/dev/null |
			tr '\r' '\n' | awk '/requests per second/ { r = $2 }
			END { print r }'
	else
		(pin 1 "$build/framed-load" "$address" -c "$clients" -P "$1" \
			-n "$2" --json) | tr ',' '\n' |
			awk '/"rate"/ { print $2 }'
	fi
}

# measure NAME IN_FLIGHT
measure() {
	name=$1
	use "$name"
	n=$((100000 + 60000 * $2))
	before=$(cpu_ns)
	figure="$(rate "$2" "$n")"
	after=$(cpu_ns)
	echo "$name rate-$2 $rep $figure"
	echo "$name cpu-$2 $rep $(echo "$before $after $n" |
		awk '{ printf "%.0f", ($2 - $1) / $3 }')"
} >>"$out/raw"

# Memory of a client that has pinged once; CPU of pings that come slowly.
heartbeats() {
	for name in one bare; do
		use "$name"
		[ "$name" = bare ] || idle=$(anonymous)
		(pin 1 "$build/framed-load" "$address" -c "$many" -d 12 \
			--rate "$((many / 20))" --json) >"$tmp/load.$name" &
		load=$!
		sleep 4
		before=$(cpu_ns)
		sleep 6
		echo "$name beat $1 $(($(cpu_ns) - before))" >>"$out/raw"
		[ "$name" = bare ] || [ "$1" -gt 1 ] ||
			echo "one idle $1 $((($(anonymous) - idle) / many))" \
				>>"$out/raw"
		wait "$load" || echo "bench: a heartbeat was lost" >&2
	done
}

# Times that a process of the server has gone to sleep so far.
switches() {
	for process in "$pid" $(cat "/proc/$pid/task/$pid/children"); do
		cat "/proc/$process"/task/*/status
	done | awk '/^voluntary/ { n += $2 } END { print n }'
}

# herd REPETITION
herd() {
	for name in eight shared; do
		use "$name"
		before=$(switches)
		"$build/framed-load" "$address" -c 1 -n "$comers" \
			--reconnect 1 >"$tmp/load.$name"
		echo "$name switches $1 $(echo "$before $(switches) $comers" |
			awk '{ printf "%.2f", ($2 - $1) / $3 }')" >>"$out/raw"
	done
}

reloads() {
	use two
	(pin 1 "$build/framed-load" "$address" -c 20 -d 8 --reconnect 10 \
		--json) >"$tmp/load.reloads" &
	load=$!
	for reload in $(seq 20); do
		sleep 0.3
		kill -HUP "$pid"
	done
	wait "$load" || :
	echo "$reload reloads under load: $(tr ',' '\n' <"$tmp/load.reloads" |
		tr -d '{}' |
		awk '/"(requests|errors|lost|failed_connects)"/ && !n[$1]++ {
			gsub(/"/, "") ; printf "%s%s", sep, $0; sep = "," }')"
}

# Medians, and medians of the ratios within a repetition.
report() {
	awk "$awk_median"'
	function add(key, value) { v[key, ++n[key]] = value + 0 }
	function line(label, what, digits,    s, ratio) {
		printf "  %-34s", label
		for (s = 1; s <= 3; s++)
			printf " %9.0f", median(server[s] " " what)
		printf " %9.2f %9.2f\n", median("one/redis " what),
			median("two/one " what)
	}
	{ add($1 " " $2, $4); at[$1, $2, $3] = $4 }
	END {
		split("redis one two", server)
		for (key in at) {
			split(key, k, SUBSEP)
			if (k[1] == "one" && at["redis", k[2], k[3]])
				add("one/redis " k[2],
					at[key] / at["redis", k[2], k[3]])
			if (k[1] == "two" && at["one", k[2], k[3]])
				add("two/one " k[2],
					at[key] / at["one", k[2], k[3]])
			if (k[1] == "one" && k[2] == "beat")
				add("beat", at[key] / at["bare", "beat", k[3]])
			if (k[1] == "eight")
				add("herd", at[key] / at["shared", k[2], k[3]])
		}
		printf "  %-34s %9s %9s %9s %9s %9s\n", "", "redis",
			"1 worker", "2 workers", "1/redis", "2/1"
		line("requests/s, 1 in flight", "rate-1")
		line("requests/s, 16 in flight", "rate-16")
		line("CPU ns a request, 1 in flight", "cpu-1")
		line("CPU ns a request, 16 in flight", "cpu-16")
		printf "memory of an idle client: %d bytes\n", median("one idle")
		printf "CPU of %d heartbeats a second of %d clients, to a " \
			"bare epoll loop: %.2f\n", many / 20, many, median("beat")
		printf "context switches a client of 8 workers: %.1f; of 8 " \
			"that share a listener: %.1f; ratio %.2f\n",
			median("eight switches"), median("shared switches"),
			median("herd")
	}' many="$many" "$out/raw"
}

need redis-server redis-benchmark redis-cli
make --no-print-directory -s -C "$top/lab07-master-worker" programs
make --no-print-directory -s -C "$top/bench" "$bare"
# shellcheck disable=SC3045 # not every sh has it: then fewer clients are tried
ulimit -n "$(ulimit -H -n)" 2>/dev/null || :
mkdir -p "$out"
rm -f "$out/raw"
start_redis
start_framed one 1 0
start_framed two 2 0,1
start_framed eight 8 0-$(($(nproc) - 1))
start_here bare 0 "$bare"
start_here shared 0-$(($(nproc) - 1)) "$bare" 8
for rep in $(seq "$reps"); do
	for in_flight in 1 16; do
		for name in redis one two; do
			measure "$name" "$in_flight"
			printf '.' >&2
		done
	done
done
for rep in 1 2 3; do
	heartbeats "$rep"
	herd "$rep"
	printf '.' >&2
done
echo >&2
{
	echo "kernel $(uname -r), $(nproc) CPUs; $(redis-server --version |
		cut -d' ' -f1-3); $reps repetitions, $clients clients"
	report
	reloads
} | tee "$out/report.txt"
