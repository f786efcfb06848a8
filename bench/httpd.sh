#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench httpd: lab 5's server in its three models, beside nginx with
# one worker and no access log, all serving the same file of 612 bytes; and
# beside "limit", an epoll loop that answers with fixed bytes (bare_loop.c),
# which no server of one thread can be faster than.
#
# nginx is tried in several configurations, the limit in two orders of its calls,
# and each load is compared with the one that is the fastest for it.
#
# All servers run together, and each load is put on one after the other before
# the next load begins, so that other work on the machine meets all of them; a
# ratio is the median of the ratios within a repetition. The server has one core
# and the client another where there are two. BENCH_REPS (default 5) repetitions
# of BENCH_SECONDS (default 1).
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench/lib.sh
. "$top/bench/lib.sh"
httpd=$top/build/gcc/lab05-threadpool/httpd
bare=$top/build/gcc/bench/bare_loop
out=$top/build/bench/httpd
reps=${BENCH_REPS:-5}
seconds=${BENCH_SECONDS:-1}
masters= # of all servers that run

stop_servers() {
	for master in $masters; do
		kill "$master" 2>/dev/null || :
		wait "$master" 2>/dev/null || :
	done
	masters=
}
tmp=$(mktemp -d)
chmod 755 "$tmp" # the worker of nginx has another user
trap 'stop_servers; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# The configurations of nginx: how it sends a small file, and what it may leave
# out. "deferred" saves it the wake-up that it saves us, too.
nginx_ways='file copy lean'
nginx_way() {
	case $1 in
	file) echo 'sendfile on; tcp_nopush on;' ;;
	copy) echo 'sendfile off;' ;;
	lean) echo 'sendfile off; etag off; server_tokens off;' ;;
	esac
}

# The orders of the limit's calls.
limit_ways='each batch'

# nginx_config PORT WAY
nginx_config() {
	cat <<-CONFIG
	daemon off;
	worker_processes 1;
	pid $tmp/nginx.$1.pid;
	error_log $tmp/nginx.err;
	events { worker_connections 8192; }
	http {
		access_log off;
		types { text/html html; }
		$(nginx_way "$2")
		tcp_nodelay on;
		open_file_cache max=100;
		keepalive_requests 1000000000;
		keepalive_timeout 60;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/proxy;
		fastcgi_temp_path $tmp/fastcgi;
		uwsgi_temp_path $tmp/uwsgi;
		scgi_temp_path $tmp/scgi;
		server { listen 127.0.0.1:$1 deferred; root $tmp/site; }
	}
	CONFIG
}

answers() {
	curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$1/"
}

# nginx cannot say which port it was given: some are tried.
# start_nginx WAY
start_nginx() {
	for try in 1 2 3 4 5; do
		port=$(shuf -i 20000-60000 -n 1)
		! answers "$port" || continue
		nginx_config "$port" "$1" >"$tmp/nginx.$1.conf"
		pin 0 nginx -c "$tmp/nginx.$1.conf" 2>"$tmp/err" &
		master=$!
		masters="$masters $master"
		for wait in 1 2 3 4 5 6 7 8 9 10; do
			if answers "$port"; then
				read -r pid _ \
					<"/proc/$master/task/$master/children" || :
				return
			fi
			sleep 0.1
		done
		kill "$master" 2>/dev/null || :
	done
	echo "bench: nginx did not start ($try tries, $wait looks):" >&2
	cat "$tmp/err" "$tmp/nginx.err" >&2
	exit 1
}

# start_ours COMMAND...: says "listening on HOST:PORT".
start_ours() {
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	pin 0 "$@" >"$tmp/ready" &
	pid=$!
	masters="$masters $pid"
	read -r _ _ address <"$tmp/ready"
	port=${address##*:}
}

# start NAME: notes the pid (of the process that serves) and the url.
start() {
	case $1 in
	nginx-*) start_nginx "${1#nginx-}" ;;
	limit-*) start_ours "$bare" "$tmp/answer" "${1#limit-}" ;;
	*) start_ours "$httpd" --root "$tmp/site" --listen 127.0.0.1:0 \
		--model "$1" ;;
	esac
	echo "$pid http://127.0.0.1:$port/" >"$tmp/$1.server"
}

# ways NAME: "-WAY" for each in which it is tried; an empty word if there is one.
# shellcheck disable=SC2086 # lists of words
ways() {
	case $1 in
	nginx) printf ' -%s' $nginx_ways ;;
	limit) printf ' -%s' $limit_ways ;;
	esac
}

# Servers are started one by one, in each way.
start_servers() {
	for name in $servers; do
		all=$(ways "$name")
		[ -n "$all" ] || start "$name"
		for way in $all; do
			start "$name$way"
		done
	done
}

# use NAME LOAD: sets pid and url, those of its best way for LOAD.
use() {
	server=$1
	[ ! -f "$tmp/best.$1.$2" ] || server=$1$(cat "$tmp/best.$1.$2")
	read -r pid url <"$tmp/$server.server"
}

# load CONNECTIONS [HEADER]: requests a second by wrk.
load() {
	(pin 1 wrk -t 1 -c "$1" -d "$seconds" ${2:+-H "$2"} "$url") \
		>"$tmp/wrk"
	if grep -q 'Non-2xx' "$tmp/wrk"; then
		echo "bench: not all answers were 200" >&2
		exit 1
	fi
	awk '/^Requests\/sec/ { print $2 }' "$tmp/wrk"
}

# Voluntary and other context switches of all threads so far.
switches() {
	cat "/proc/$pid"/task/*/status 2>/dev/null |
		awk '/ctxt_switches/ { n += $2 } END { print n }'
}

# Ticks of CPU time so far, user and system; getconf CLK_TCK a second.
ticks() {
	sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'
}

# cpu BEFORE AFTER: microseconds of it for each of the requests.
cpu() {
	echo "$1 $2 $(requests) $(getconf CLK_TCK)" |
		awk '{ printf "%.2f", ($2 - $1) * 1e6 / $4 / $3 }'
}

anonymous() {
	awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$pid/status"
}

requests() {
	awk '/ requests in / { print $1 }' "$tmp/wrk"
}

# figure NAME WHAT VALUE: a line of the raw results.
figure() {
	echo "$1 $2 $rep $3" >>"$out/raw"
}

# Latency at 5,000 requests a second: 50 clients with 100 each.
latency() {
	has h2load || return 0
	rm -f "$tmp/h2load.log"
	(pin 1 h2load --h1 -c 50 -t 1 --rps=100 -D 2 \
		--log-file="$tmp/h2load.log" "$url") >/dev/null 2>&1 || return 0
	sort -n -k 3 "$tmp/h2load.log" | awk '
	{ v[NR] = $3 }
	END { if (NR) print v[int(NR * 0.99) + (NR < 100)] }'
}

# Memory a connection, of thousands that are idle nearly all of the time.
idle_memory() {
	has h2load || return 0
	before=$(anonymous)
	(pin 1 h2load --h1 -c 4000 -t 1 --rps=1 -D 4 "$url") \
		>/dev/null 2>&1 &
	clients=$!
	sleep 3
	after=$(anonymous)
	wait "$clients" || :
	echo $(((after - before) / 4000))
}

calls() {
	has strace && has ab || return 0
	strace -f -c -o "$tmp/strace" -p "$pid" 2>/dev/null &
	tracer=$!
	sleep 0.5
	ab -q -k -n 2000 -c 16 "$url" >"$tmp/ab" 2>&1 || :
	kill -INT "$tracer"
	wait "$tracer" || :
	# "% time, seconds, usecs/call, calls, errors": calls are the 4th.
	awk '$NF == "total" { printf "%.2f\n", $4 / 2000 }' "$tmp/strace"
}

# The loads that measure() knows, in their order.
loads='keep-64 keep-1000 close-64'

# put_load LOAD: requests a second.
put_load() {
	case $1 in
	keep-64) load 64 ;;
	keep-1000) load 1000 ;;
	close-64) load 64 'Connection: close' ;;
	esac
}

# choose NAME LOAD: which way suits it best? Three looks at each.
choose() {
	for look in 1 2 3; do
		for way in $(ways "$1"); do
			read -r pid url <"$tmp/$1$way.server"
			echo "$way $(put_load "$2") $look"
		done
		printf '.' >&2
	done >"$tmp/looks"
	sort -k 1,1 -k 2,2n "$tmp/looks" |
		awk '++n[$1] == 2 { print $2, $1 }' | sort -rn |
		awk 'NR == 1 { print $2 }' >"$tmp/best.$1.$2"
	way=$(cat "$tmp/best.$1.$2")
	echo "$1, $2: ${way#-} $(nginx_way "${way#-}")" >>"$tmp/chosen"
}

choose_all() {
	start_servers
	for load in $loads; do
		for name in $servers; do
			[ -z "$(ways "$name")" ] || choose "$name" "$load"
		done
	done
	stop_servers
}

# measure NAME LOAD
measure() {
	use "$1" "$2"
	began=$(ticks)
	before=$(switches)
	figure "$1" "$2" "$(put_load "$2")"
	figure "$1" "cpu-$2" "$(cpu "$began" "$(ticks)")"
	figure "$1" "switches-$2" "$(echo "$before $(switches) $(requests)" |
		awk '{ printf "%.3f", ($2 - $1) / $3 }')"
}

repetition() {
	start_servers
	for load in $loads; do
		for name in $servers; do
			measure "$name" "$load"
			printf '.' >&2
		done
	done
	stop_servers
	start_servers
	for name in $servers; do
		use "$name" keep-64
		figure "$name" p99-us "$(latency)"
		[ "$rep" = 1 ] || continue
		[ "$name" != limit ] || continue
		figure "$name" idle-bytes "$(idle_memory)"
		figure "$name" calls "$(calls)"
	done
	stop_servers
}

# Medians; the second table is each to nginx, within a repetition.
report() {
	awk "$awk_median"'
	function line(label, format, what, prefix,    s, key) {
		printf "  %-36s", label
		for (s = 1; s <= ns; s++) {
			key = prefix server[s] " " what
			if (n[key])
				printf " %10s", sprintf(format, median(key))
			else
				printf " %10s", "-"
		}
		printf "\n"
	}
	function heading(text,    s) {
		printf "\n%s\n  %-36s", text, ""
		for (s = 1; s <= ns; s++)
			printf " %10s", server[s]
		printf "\n"
	}
	# The ratios to the server BASE, as figures whose names begin with it.
	function compare(base,    s, r, w, key) {
		for (s = 1; s <= ns; s++)
			for (r = 1; r <= reps; r++)
				for (w = 1; w <= nw; w++)
					if (at[base, what[w], r] > 0) {
						key = base " " server[s] " " what[w]
						v[key, ++n[key]] = \
							at[server[s], what[w], r] / \
							at[base, what[w], r]
					}
	}
	function rates(prefix) {
		line("requests/s, 64 kept (more: better)", "%.2f", "keep-64", prefix)
		line("requests/s, 1,000 kept", "%.2f", "keep-1000", prefix)
		line("requests/s, 64, a connection each", "%.2f", "close-64", prefix)
	}
	NF == 4 {
		v[$1 " " $2, ++n[$1 " " $2]] = $4 + 0
		at[$1, $2, $3] = $4
		reps = $3 > reps ? $3 : reps
	}
	END {
		ns = split(servers, server)
		nw = split("keep-64 keep-1000 close-64 p99-us " \
			"cpu-keep-64 cpu-close-64", what)
		compare("nginx")
		if (n["nginx keep-64"]) {
			heading("Ratio to nginx, in its best way (medians)")
			rates("nginx ")
			line("p99 at 5,000/s (less: better)", "%.2f", "p99-us", "nginx ")
			line("CPU a request, 64 kept", "%.2f", "cpu-keep-64", "nginx ")
			line("CPU a request, a connection each", "%.2f", "cpu-close-64", "nginx ")
		}
		compare("limit")
		heading("Ratio to the limit (medians)")
		rates("limit ")
		heading("Figures (medians)")
		line("requests/s, 64 kept", "%.0f", "keep-64", "")
		line("requests/s, 1,000 kept", "%.0f", "keep-1000", "")
		line("requests/s, 64, a connection each", "%.0f", "close-64", "")
		line("p99 at 5,000/s, microseconds", "%.0f", "p99-us", "")
		line("CPU microseconds a request, 64 kept", "%.2f", "cpu-keep-64", "")
		line("  ... a connection each", "%.2f", "cpu-close-64", "")
		line("context switches a request, 1,000", "%.3f", "switches-keep-1000", "")
		line("  ... 64, a connection each", "%.3f", "switches-close-64", "")
		line("system calls a request, 16 kept", "%.2f", "calls", "")
		line("bytes of memory a connection", "%.0f", "idle-bytes", "")
	}' servers="$servers" "$out/raw"
}

need wrk
make --no-print-directory -s -C "$top/lab05-threadpool" programs
make --no-print-directory -s -C "$top/bench" bare_loop
mkdir -p "$out" "$tmp/site"
rm -f "$out/raw"
awk 'BEGIN { for (i = 0; i < 611; i++) printf "x"; print "" }' \
	>"$tmp/site/index.html"
# What httpd answers: as many bytes as the others send.
awk 'BEGIN {
	printf "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	printf "Content-Type: text/html; charset=utf-8\r\n"
	printf "Content-Length: 612\r\n"
	printf "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	printf "ETag: \"123456-264-187b6d3cbe6c4000\"\r\n"
	printf "Accept-Ranges: bytes\r\n\r\n"
}' >"$tmp/answer"
cat "$tmp/site/index.html" >>"$tmp/answer"
touch -d '1 hour ago' "$tmp/site/index.html"
servers='limit nginx inline reactor proactor'
want nginx curl h2load strace ab
{ has nginx && has curl; } || servers='limit inline reactor proactor'
{
	echo "kernel $(uname -r), $(nproc) CPUs, $(gcc --version | head -n 1)"
	! has nginx || nginx -v 2>&1
	wrk -v 2>&1 | head -n 1 | cut -d' ' -f1-2 || :
	echo "$reps repetitions of $seconds s, medians; 4 threads in the pool"
} | tee "$out/report.txt"
printf 'measuring ' >&2
choose_all
for rep in $(seq "$reps"); do
	repetition
done
echo >&2
[ ! -f "$tmp/chosen" ] || tee -a "$out/report.txt" <"$tmp/chosen"
report | tee -a "$out/report.txt"
echo
echo "Report: build/bench/httpd/report.txt"
