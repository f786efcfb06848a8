#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench bot: lab 6's client beside wrk, h2load and ab, all of them
# against one nginx with one worker, which serves the same file of 612 bytes.
#
# Within a repetition the clients have their turns one after the other on each
# load, so that what else the machine does meets all of them, and each repetition
# begins with another one; a ratio is the median of the ratios within a
# repetition. The server has one core and the client another where there are two.
# BENCH_REPS (default 9) repetitions of BENCH_SECONDS (default 1). None of the
# others verifies a certificate, so bot runs with --insecure.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench/lib.sh
. "$top/bench/lib.sh"
bot=$top/build/gcc/lab06-https-client/bot
openssl_memory=$top/build/gcc/bench/openssl_memory
out=$top/build/bench/bot
reps=${BENCH_REPS:-9}
seconds=${BENCH_SECONDS:-1}
crowd=5000 # connections that are open at once
master=
worker= # nginx's, which does the work
client=

tmp=$(mktemp -d)
chmod 755 "$tmp" # the worker of nginx has another user
end() {
	for pid in $client $master; do
		kill -CONT "$pid" 2>/dev/null || :
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	rm -rf "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM

# The ports: plain, TLS that resumes nothing, TLS with tickets.
nginx_config() {
	cat <<-CONFIG
	daemon off;
	worker_processes 1;
	worker_rlimit_nofile 20000;
	pid $tmp/nginx.pid;
	error_log $tmp/nginx.err;
	events { worker_connections 16384; }
	http {
		access_log off;
		types { text/html html; }
		sendfile on;
		tcp_nopush on;
		tcp_nodelay on;
		open_file_cache max=100;
		keepalive_requests 1000000000;
		keepalive_timeout 60;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/proxy;
		fastcgi_temp_path $tmp/fastcgi;
		uwsgi_temp_path $tmp/uwsgi;
		scgi_temp_path $tmp/scgi;
		root $tmp/site;
		ssl_certificate $tmp/cert.pem;
		ssl_certificate_key $tmp/key.pem;
		ssl_protocols TLSv1.3;
		ssl_session_cache off;
		server {
			listen 127.0.0.1:$1 backlog=4096;
			location /slow { limit_rate 10; try_files /index.html =404; }
		}
		server {
			listen 127.0.0.1:$(($1 + 1)) ssl backlog=4096;
			ssl_session_tickets off;
		}
		server {
			listen 127.0.0.1:$(($1 + 2)) ssl backlog=4096;
			ssl_session_tickets on;
			location /slow { limit_rate 10; try_files /index.html =404; }
		}
	}
	CONFIG
}

answers() {
	"$bot" --connect-timeout 1 "http://127.0.0.1:$1/" >/dev/null 2>&1
}

# nginx cannot say which port it was given: some are tried.
start_nginx() {
	for try in 1 2 3 4 5; do
		port=$(shuf -i 20000-30000 -n 1)
		! answers "$port" || continue
		nginx_config "$port" >"$tmp/nginx.conf"
		pin 0 nginx -c "$tmp/nginx.conf" 2>"$tmp/err" &
		master=$!
		for wait in 1 2 3 4 5 6 7 8 9 10; do
			if answers "$port"; then
				read -r worker _ <"/proc/$master/task/$master/children" || :
				return 0
			fi
			sleep 0.1
		done
		kill "$master" 2>/dev/null || :
	done
	echo "bench: nginx did not start ($try tries, $wait looks):" >&2
	cat "$tmp/err" "$tmp/nginx.err" >&2
	exit 1
}

# member NAME...: a number out of the report in $tmp/json
member() {
	python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2:]:
    value = value[name]
print(value)' "$tmp/json" "$@"
}

# How long the server has worked, in seconds of CPU time (proc(5)).
worked() {
	awk -v ticks="$(getconf CLK_TCK)" '{ print ($14 + $15) / ticks }' \
		"/proc/$worker/stat"
}

# timed COMMAND...: its standard output goes to $tmp/out, its seconds of CPU
# time and the server's to $tmp/cpu.
timed() {
	before=$(worked)
	(
		(pin 1 "$@") >"$tmp/out" 2>"$tmp/client.err" || :
		times >"$tmp/times"
	)
	{
		tr 'ms' '  ' <"$tmp/times" |
			awk 'NR == 2 { print $1 * 60 + $2 + $3 * 60 + $4 }'
		echo "$before $(worked)" | awk '{ print $2 - $1 }'
	} | paste -s >"$tmp/cpu"
}

# done_at NAME WHAT REQUESTS RATE: lines of the raw results.
done_at() {
	awk -v who="$1" -v what="$2" -v rep="$rep" -v n="$3" -v rate="$4" \
		-v shares="$tmp/shares" '{
		each = n ? 1 / n : 0
		print who, what, rep, rate
		print who, "cpu-" what, rep, $1 * 1e6 * each
		print who, "busy-" what, rep, $1 * 100 * rate * each >>shares
		print who, "server-" what, rep, $2 * 100 * rate * each >>shares
	}' "$tmp/cpu" >>"$out/raw"
	printf '.' >&2
}

# Each of these: WHAT URL, and options; --insecure is for bot alone.
by_bot() {
	what=$1
	shift
	timed "$bot" --insecure --json "$@"
	cp "$tmp/out" "$tmp/json"
	done_at bot "$what" "$(member requests "done")" "$(member rate)"
}

by_wrk() {
	what=$1
	shift
	timed wrk -t 1 "$@"
	done_at wrk "$what" \
		"$(awk '/ requests in / { print $1 }' "$tmp/out")" \
		"$(awk '/^Requests\/sec/ { print $2 }' "$tmp/out")"
}

by_h2load() {
	what=$1
	shift
	has h2load || return 0
	timed h2load --h1 -t 1 "$@"
	done_at h2load "$what" \
		"$(sed -n 's/^requests:.* \([0-9]*\) succeeded.*/\1/p' "$tmp/out")" \
		"$(sed -n 's/^finished.* \([0-9.]*\) req\/s.*/\1/p' "$tmp/out")"
}

by_ab() {
	what=$1
	shift
	has ab || return 0
	timed ab -q "$@"
	done_at ab "$what" \
		"$(awk '/^Complete requests/ { print $3 }' "$tmp/out")" \
		"$(awk '/^Requests per second/ { print $4 }' "$tmp/out")"
}

# As many handshakes as a second takes, about.
handshakes=1200
resumptions=2500

repetition() {
	plain=http://127.0.0.1:$port/
	new=https://127.0.0.1:$((port + 1))/
	old=https://127.0.0.1:$((port + 2))/
	for c in 64 1000; do
		in_turn <<-TURNS
		by_bot plain-$c -c $c -d $seconds $plain
		by_wrk plain-$c -c $c -d $seconds $plain
		TURNS
	done
	in_turn <<-TURNS
	by_bot tls -c 64 -d $seconds $new
	by_wrk tls -c 64 -d $seconds $new
	by_h2load tls -c 64 -D $seconds $new
	TURNS
	in_turn <<-TURNS
	by_bot new -c 64 -n $handshakes --no-keepalive --no-resume $new
	by_h2load new -c 64 -n $handshakes -H 'Connection: close' $new
	by_ab new -c 64 -n $handshakes $new
	TURNS
	in_turn <<-TURNS
	by_bot resumed -c 64 -n $resumptions --no-keepalive $old
	by_h2load resumed -c 64 -n $resumptions -H 'Connection: close' $old
	by_wrk resumed -c 64 -d $seconds -H 'Connection: close' $old
	TURNS
}

anonymous() {
	awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$client/status"
}

# memory URL: bytes of bot's for each of $crowd connections that are in the
# middle of an answer.
memory() {
	"$bot" --insecure --json -c 1 --rate 1 -d 30 "$1" >/dev/null 2>&1 &
	client=$!
	sleep 1
	before=$(anonymous)
	kill "$client"
	wait "$client" || :
	"$bot" --insecure --json -c "$crowd" -n "$crowd" --rate 1000 "$1" \
		>/dev/null 2>&1 &
	client=$!
	sleep $((crowd / 1000 + 3))
	after=$(anonymous)
	kill "$client" 2>/dev/null || :
	wait "$client" || :
	client=
	echo $(((after - before) / crowd))
}

# What OpenSSL takes for one is measured without bot.
memories() {
	tls=127.0.0.1:$((port + 2))
	all=$(memory "https://$tls/slow")
	openssl=$("$openssl_memory" "$tls" /slow 900)
	echo
	echo "User memory of bot a connection, $crowd of them open, in bytes:" \
		"plain $(memory "http://127.0.0.1:$port/slow");" \
		"TLS $all, where OpenSSL without bot takes $openssl"
}

# Is the rate held, and is a stall of the server in the percentiles? By the plan,
# each request of the stall waits for what is left of it.
rate() {
	"$bot" --json --rate 1000 -d 3 "http://127.0.0.1:$port/" >"$tmp/json"
	member rate | awk '{
		printf "planned 1,000 requests a second: %.2f done (%+.2f %%)\n",
			$1, $1 / 10 - 100
	}'
	"$bot" --json --rate 500 -d 4 -c 50 "http://127.0.0.1:$port/" \
		>"$tmp/json" &
	client=$!
	sleep 1.5
	kill -STOP "$worker"
	from=$(date +%s.%N)
	sleep 1
	to=$(date +%s.%N)
	kill -CONT "$worker"
	wait "$client" || :
	client=
	echo "of 500 a second for 4 s, with the server stopped for one second:"
	for percent in 90 99 99.9; do
		echo "$percent $(member latency_us "p$percent") $from $to"
	done | awk '{
		plan = ($4 - $3 - 4 * (1 - $1 / 100)) * 1e3
		printf "  p%-5s %6.1f ms, by the plan %6.1f (%+.1f %%)\n", $1,
			$2 / 1e3, plan, $2 / 10 / plan - 100
	}'
}

# Medians; the first table is bot's ratio to each, within a repetition.
report() {
	awk "$awk_median"'
	function line(label, format, what, prefix,    s, key) {
		printf "  %-38s", label
		for (s = 1; s <= ns; s++) {
			key = prefix name[s] " " what
			printf " %10s", n[key] ? sprintf(format, median(key)) : "-"
		}
		printf "\n"
	}
	function heading(text,    s) {
		printf "\n%s\n  %-38s", text, ""
		for (s = 1; s <= ns; s++)
			printf " %10s", name[s]
		printf "\n"
	}
	NF == 4 && $4 > 0 {
		v[$1 " " $2, ++n[$1 " " $2]] = $4 + 0
		at[$1, $2, $3] = $4
		reps = $3 > reps ? $3 : reps
	}
	END {
		ns = split("bot wrk h2load ab", name)
		nw = split("plain-64 plain-1000 tls new resumed", what)
		split("plain, 64 kept open;plain, 1,000 kept open;TLS 1.3, 64 " \
			"kept open;new TLS 1.3 handshakes;resumed TLS 1.3 " \
			"handshakes", label, ";")
		for (w = 1; w <= nw; w++)
			for (s = 2; s <= ns; s++)
				for (r = 1; r <= reps; r++)
					for (cpu = 0; cpu < 2; cpu++) {
						key = (cpu ? "cpu-" : "") what[w]
						t = at[name[s], key, r]
						if (!t || !at["bot", key, r])
							continue
						k = "ratio " name[s] " " key
						v[k, ++n[k]] = at["bot", key, r] / t
					}
		heading("bot to each, requests a second (more: better)")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.2f", what[w], "ratio ")
		heading("bot to each, CPU time a request (less: better)")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.2f", "cpu-" what[w], "ratio ")
		heading("Requests a second")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.0f", what[w], "")
		heading("Microseconds of CPU time a request")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.2f", "cpu-" what[w], "")
		heading("What limits: per cent of its core that the client is busy")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.0f", "busy-" what[w], "")
		heading("and nginx of its own, at that client")
		for (w = 1; w <= nw; w++)
			line(label[w], "%.0f", "server-" what[w], "")
	}' "$out/raw" "$tmp/shares"
}

need wrk nginx python3 openssl
want h2load ab
make --no-print-directory -s -C "$top/lab06-https-client" programs
make --no-print-directory -s -C "$top/bench" openssl_memory
mkdir -p "$out" "$tmp/site"
rm -f "$out/raw"
awk 'BEGIN { for (i = 0; i < 611; i++) printf "x"; print "" }' \
	>"$tmp/site/index.html"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-keyout "$tmp/key.pem" -out "$tmp/cert.pem" -days 2 \
	-subj /CN=localhost 2>/dev/null
start_nginx
{
	echo "kernel $(uname -r), $(nproc) CPUs, $(gcc --version | head -n 1)"
	nginx -v 2>&1
	openssl version
	wrk -v 2>&1 | head -n 1 | cut -d' ' -f1-2 || :
	echo "$reps repetitions of $seconds s, medians"
} | tee "$out/report.txt"
printf 'measuring ' >&2
for rep in $(seq "$reps"); do
	repetition
done
echo >&2
{
	report
	memories
	rate
} | tee -a "$out/report.txt"
echo
echo "Report: build/bench/bot/report.txt"
