#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench forwarder: lab 8's forwarder, HAProxy in TCP mode and nginx
# stream, one thread each, between the same clients and the same nginx.
#
# All of them are there together, and each load is put on one after the other
# before the next load begins, so that what else the machine does meets all of
# them, and each repetition begins with another one; a ratio is the median of the
# ratios within a repetition. Slow requests alone go to all at once. Forwarders have
# one core, clients and the server another where there are two.
#
# BENCH_REPS (default 21) repetitions of BENCH_SECONDS (default 1): in one second,
# two forwarders of the same program differ by a fifth where the processors belong
# to a virtual machine. A third of the repetitions has splice(2) and two threads too.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench/lib.sh
. "$top/bench/lib.sh"
ours=$top/build/gcc/lab08-forwarder/forwarder
bot=$top/build/gcc/lab06-https-client/bot
out=$top/build/bench/forwarder
reps=${BENCH_REPS:-21}
seconds=${BENCH_SECONDS:-1}
idle=1000 # pairs whose memory is measured
low=1000  # requests a second, a fifth to each of five, that are a low load
running=  # pids of all servers

tmp=$(mktemp -d)
chmod 755 "$tmp" # the worker of nginx has another user
stop_all() {
	for pid in $running; do
		kill "$pid" 2>/dev/null || :
		# What is still connected is not waited for.
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	running=
}
trap 'stop_all; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# A port that nobody has now: neither HAProxy nor nginx can say which they got.
free_port() {
	while :; do
		port=$(shuf -i 20000-30000 -n 1)
		ss -Hltn "sport = :$port" | grep -q . || break
	done
	echo "$port"
}

# await PORT: until somebody listens there.
await() {
	for try in 1 2 3 4 5 6 7 8 9 10; do
		! ss -Hltn "sport = :$1" | grep -q . || return 0
		sleep 0.2
	done
	echo "bench: nobody listens on port $1 ($try looks):" >&2
	cat "$tmp"/*.err >&2
	exit 1
}

nginx_http() {
	cat <<-CONFIG
	daemon off;
	worker_processes 1;
	pid $tmp/http.pid;
	error_log $tmp/http.err;
	events { worker_connections 16384; }
	http {
		access_log off;
		sendfile on;
		tcp_nodelay on;
		open_file_cache max=100;
		keepalive_requests 1000000000;
		keepalive_timeout 600;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/proxy;
		fastcgi_temp_path $tmp/fastcgi;
		uwsgi_temp_path $tmp/uwsgi;
		scgi_temp_path $tmp/scgi;
		server { listen 127.0.0.1:$1 backlog=4096; root $tmp/site; }
	}
	CONFIG
}

nginx_stream() {
	cat <<-CONFIG
	$(cat /etc/nginx/modules-enabled/*stream.conf 2>/dev/null)
	daemon off;
	worker_processes $3;
	pid $tmp/stream$3.pid;
	error_log $tmp/stream.err;
	events { worker_connections 16384; }
	stream {
		server { listen 127.0.0.1:$1; proxy_pass 127.0.0.1:$http; }
		server { listen 127.0.0.1:$2; proxy_pass 127.0.0.1:$iperf; }
	}
	CONFIG
}

haproxy_config() {
	cat <<-CONFIG
	global
		nbthread $3
		maxconn 4096
	defaults
		mode tcp
		${4:-}
		timeout connect 5s
		timeout client 60s
		timeout server 60s
	listen a
		bind 127.0.0.1:$1
		server s 127.0.0.1:$http
	listen b
		bind 127.0.0.1:$2
		server s 127.0.0.1:$iperf
	CONFIG
}

our_rules() {
	cat <<-RULES
	a RR ( timeout 60 ) *:* - 127.0.0.1:$1 > 127.0.0.1:$http ;
	b RR ( timeout 60 ) *:* - 127.0.0.1:$2 > 127.0.0.1:$iperf ;
	RULES
}

# start NAME: a forwarder with two ports, for HTTP and for iperf3.
start() {
	a=$(free_port)
	b=$(free_port)
	threads=1
	case $1 in
	*-2) threads=2 ;;
	esac
	cores=0
	[ "$threads" = 1 ] || cores=0,1
	case $1 in
	nginx*)
		nginx_stream "$a" "$b" "$threads" >"$tmp/$1.conf"
		pin "$cores" nginx -c "$tmp/$1.conf" 2>"$tmp/$1.err" &
		;;
	haproxy*)
		option=
		[ "$1" != haproxy-splice ] || option='option splice-auto'
		haproxy_config "$a" "$b" "$threads" "$option" >"$tmp/$1.conf"
		pin "$cores" haproxy -f "$tmp/$1.conf" >"$tmp/$1.err" 2>&1 &
		;;
	ours*)
		our_rules "$a" "$b" >"$tmp/$1.conf"
		options="--workers $threads"
		[ "$1" != ours-splice ] || options="$options --splice"
		# shellcheck disable=SC2086 # words
		pin "$cores" "$ours" -f "$tmp/$1.conf" $options \
			>/dev/null 2>"$tmp/$1.err" &
		;;
	esac
	pid=$!
	running="$running $pid"
	await "$a"
	await "$b"
	echo "$pid $a $b" >"$tmp/$1.server"
}

# use NAME: sets pid, url, and b.
use() {
	read -r pid a b <"$tmp/$1.server"
	url=http://127.0.0.1:$a/
}

# figure NAME WHAT VALUE: a line of the raw results.
figure() {
	echo "$1 $2 $rep $3" >>"$out/raw"
}

kept() {
	(pin 1 wrk -t 1 -c 64 -d "$seconds" "$url") >"$tmp/wrk"
	awk '/^Requests\/sec/ { print $2 }' "$tmp/wrk"
}

connections() {
	(pin 1 wrk -t 1 -c 64 -d "$seconds" -H 'Connection: close' "$url") \
		>"$tmp/wrk"
	awk '/^Requests\/sec/ { print $2 }' "$tmp/wrk"
}

# Bytes a second of 20 MB bodies.
bodies() {
	(pin 1 ab -q -n $((40 * seconds)) -c 4 "${url}big") >"$tmp/ab" 2>&1
	awk '/^Transfer rate/ { print $3 * 1024 }' "$tmp/ab"
}

# Bits a second of one stream.
stream() {
	(pin 1 iperf3 -c 127.0.0.1 -p "$b" -t "$seconds" -J) >"$tmp/iperf" 2>&1
	awk '/"sum_received"/ { in_sum = 1 }
	in_sum && /bits_per_second/ { print $2 + 0; exit }' \
		"$tmp/iperf"
}

# At a low load most requests meet a CPU that is free. The slowest of a hundred
# would tell how long another program had kept it: milliseconds, which are no
# forwarder's. So all that is measured goes first, where the user may say so.
urgent=
! chrt -r 1 true 2>/dev/null || urgent='chrt -r 1'

# first OPTION...: chrt(1) with these for the servers and their children.
first() {
	[ "$urgent" ] || return 0
	for each in $running; do
		for one in $each $(cat "/proc/$each/task/$each/children"); do
			chrt -a "$@" "$one"
		done
	done
}

# Requests that are planned one by one, at equal distances: h2load's clients would
# all speak at the same moment, and most of what is measured would be the wait for
# each other. Four connections, so that the first requests, which wait for two
# connects, are few.
ask_slowly() {
	# shellcheck disable=SC2086 # words
	(pin 1 $urgent "$bot" --json -c 4 --rate $((low / 5)) \
		-d $((5 * seconds)) "$url") >"$tmp/$1.json" 2>"$tmp/$1.bot"
}

# latency NAME QUANTILE: of ask_slowly NAME, in microseconds.
latency() {
	python3 -c 'import json, sys
print(json.load(sys.stdin)["latency_us"][sys.argv[1]])' "$2" <"$tmp/$1.json"
}

# What each forwarder adds to the server's own latency. All are asked at the same
# time, so that what else the machine does meanwhile meets all of them: a
# millisecond of that is more than any forwarder adds.
added() {
	slow=
	# shellcheck disable=SC2086 # words
	for name in $(shuf -e direct $quiet); do
		url=http://127.0.0.1:$http/
		[ "$name" = direct ] || use "$name"
		ask_slowly "$name" &
		slow="$slow $!"
	done
	# shellcheck disable=SC2086 # words
	wait $slow
	for quantile in p50 p90 p99; do
		direct=$(latency direct "$quantile")
		for name in $quiet; do
			through=$(latency "$name" "$quantile")
			figure "$name" "$quantile" "$through"
			figure "$name" "$quantile-added" \
				"$((through - direct))"
		done
	done
	printf '.' >&2
}

# Anonymous memory of a process and its children, in bytes.
anonymous() {
	for each in "$pid" $(cat "/proc/$pid/task/$pid/children"); do
		awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$each/status"
	done | awk '{ n += $1 } END { print n }'
}

# Memory of a pair that has said something and is idle now.
idle_memory() {
	has h2load || return 0
	before=$(anonymous)
	(pin 1 h2load --h1 -c "$idle" -t 1 --rps=1 -D 4 "$url") \
		>/dev/null 2>&1 &
	clients=$!
	sleep 3
	after=$(anonymous)
	wait "$clients" || :
	echo $(((after - before) / idle))
}

measure() {
	use "$1"
	case $2 in
	kept) figure "$1" kept "$(kept)" ;;
	connections) figure "$1" connections "$(connections)" ;;
	bodies) figure "$1" bodies "$(bodies)" ;;
	stream) figure "$1" stream "$(stream)" ;;
	esac
	printf '.' >&2
}

repetition() {
	turns=$alike
	[ $((rep % 3)) -ne 1 ] || turns=$forwarders
	for load in kept connections bodies stream; do
		for name in $turns; do
			echo "measure $name $load"
		done | in_turn
	done
}

# Medians; a ratio is ours to theirs, within a repetition.
report() {
	awk -v names="$forwarders" -v low="$low" "$awk_median"'
	function line(label, format, what, prefix,    s, key) {
		printf "  %-34s", label
		for (s = 1; s <= ns; s++) {
			key = prefix name[s] " " what
			printf " %14s", n[key] ? sprintf(format, median(key)) : "-"
		}
		printf "\n"
	}
	# A line of ratios, and between what they lie.
	function ratios(label, what,    s, key) {
		line(label, "%.2f", what, "ratio ")
		printf "  %-34s", ""
		for (s = 1; s <= ns; s++) {
			key = "ratio " name[s] " " what
			printf " %14s", name[s] == "ours" ? "" : around(key)
		}
		printf "\n"
	}
	function heading(text,    s) {
		printf "\n%s\n  %-34s", text, ""
		for (s = 1; s <= ns; s++)
			printf " %14s", name[s]
		printf "\n"
	}
	NF == 4 {
		v[$1 " " $2, ++n[$1 " " $2]] = $4 + 0
		at[$1, $2, $3] = $4
		reps = $3 > reps ? $3 : reps
	}
	END {
		ns = split(names, name)
		nw = split("kept connections bodies stream p50-added " \
			   "p90-added p99-added", what)
		for (s = 1; s <= ns; s++)
			for (r = 1; r <= reps; r++)
				for (w = 1; w <= nw; w++)
					if (at[name[s], what[w], r] > 0) {
						key = "ratio " name[s] " " what[w]
						v[key, ++n[key]] = \
							at["ours", what[w], r] / \
							at[name[s], what[w], r]
					}
		heading("Ours to each: medians of ratios, and where they lie with 95%")
		ratios("requests/s, 64 kept (more: better)", "kept")
		ratios("connections/s, 64", "connections")
		ratios("bytes/s, bodies of 20 MB", "bodies")
		ratios("bytes/s, one iperf3 stream", "stream")
		ratios("p50 added, slowly (less: better)", "p50-added")
		ratios("p90 added, slowly (less: better)", "p90-added")
		ratios("p99 added, slowly (less: better)", "p99-added")
		heading("Figures (medians)")
		line("requests/s, 64 kept", "%.0f", "kept", "")
		line("connections/s, 64", "%.0f", "connections", "")
		line("MB/s, bodies of 20 MB, 4 clients", "%.0f", "bodies-mb", "")
		line("Gbit/s, one iperf3 stream", "%.1f", "stream-gbit", "")
		line("p50 added, slowly, microseconds", "%.0f", "p50-added", "")
		line("p90 added, slowly, microseconds", "%.0f", "p90-added", "")
		line("p99 added, slowly, microseconds", "%.0f", "p99-added", "")
		line("p99, slowly, microseconds", "%.0f", "p99", "")
		line("bytes of memory an idle pair", "%.0f", "idle", "")
	}' "$out/raw"
}

# The same figures in units for people, beside the raw ones.
units() {
	awk '$2 == "bodies" { print $1, "bodies-mb", $3, $4 / 1e6 }
	$2 == "stream" { print $1, "stream-gbit", $3, $4 / 1e9 }' "$out/raw" \
		>"$tmp/units"
	cat "$tmp/units" >>"$out/raw"
}

need wrk ab iperf3 nginx ss python3
make --no-print-directory -s -C "$top/lab08-forwarder" programs
make --no-print-directory -s -C "$top/lab06-https-client" programs
mkdir -p "$out" "$tmp/site"
rm -f "$out/raw"
awk 'BEGIN { for (i = 0; i < 611; i++) printf "x"; print "" }' \
	>"$tmp/site/index.html"
head -c 20000000 /dev/zero >"$tmp/site/big"
http=$(free_port)
nginx_http "$http" >"$tmp/http.conf"
pin 1 nginx -c "$tmp/http.conf" 2>"$tmp/http.start.err" &
running="$running $!"
await "$http"
iperf=$(free_port)
pin 1 iperf3 -s -B 127.0.0.1 -p "$iperf" >/dev/null 2>"$tmp/iperf.err" &
running="$running $!"
await "$iperf"

forwarders='ours ours-splice ours-2'
alike=ours               # of these: those that copy, with one thread
quiet='ours ours-splice' # of these: those that are asked slowly
if has haproxy; then
	forwarders="$forwarders haproxy haproxy-splice haproxy-2"
	alike="$alike haproxy"
	quiet="$quiet haproxy"
else
	want haproxy
fi
if ls /etc/nginx/modules-enabled/*stream.conf >/dev/null 2>&1; then
	forwarders="$forwarders nginx nginx-2"
	alike="$alike nginx"
	quiet="$quiet nginx"
else
	echo "nginx has no stream module (package libnginx-mod-stream):" \
		"its columns are left out"
fi
for name in $forwarders; do
	start "$name"
done
{
	echo "kernel $(uname -r), $(nproc) CPUs, $(gcc --version | head -n 1)"
	! has haproxy || haproxy -v | head -n 1
	nginx -v 2>&1
	echo "$reps repetitions of $seconds s, medians; -2: two threads;" \
		"slowly: $low/s in all"
} | tee "$out/report.txt"
printf 'measuring ' >&2
for rep in $(seq "$reps"); do
	repetition
done
first -r -p 1
for rep in $(seq $((2 * reps))); do
	added
done
first -o -p 0
rep=0
for name in $forwarders; do
	use "$name"
	figure "$name" idle "$(idle_memory)"
done
echo >&2
units
report | tee -a "$out/report.txt"
echo
echo "Report: build/bench/forwarder/report.txt"
