#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course bench models: what each way of waiting for many clients costs.
#
# (a) one event, by the number of descriptors watched: our loop on its four
#     pollers, and libevent and libuv, in turns within one program;
# (b) the echo servers of labs 1 to 4, by the number of clients, all busy;
# (c) the same with 10 of the clients busy, and the others silent;
# (d) readiness and completion: 10, 100 and 1000 busy of 1000 and of 10000
#     clients, on epoll, on io_uring by polls and by completions, on libuv, and
#     on the least that liburing's examples make of it. BENCH_ONLY=d: this alone.
#
# Tables on the terminal; the same and plots (SVG) under build/bench/models/.
# BENCH_REPS (default 5) repetitions, BENCH_CLIENTS (default "1 10 100 1000");
# medians are shown, ratios are medians of the ratios within a repetition.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
bin=$top/build/gcc
out=$top/build/bench/models
reps=${BENCH_REPS:-5}
clients=${BENCH_CLIENTS:-1 10 100 1000}
server_pid=

stop_server() {
	[ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || :
	[ -z "$server_pid" ] || wait "$server_pid" 2>/dev/null || :
	server_pid=
}
trap stop_server EXIT
trap 'exit 130' INT TERM

# pin CPU COMMAND...: client and server each have a core where there are two.
pin() {
	cpu=$1
	shift
	if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then
		exec taskset -c "$cpu" "$@"
	fi
	exec "$@"
}

cells='10/1000 100/1000 1000/1000 10/10000 100/10000 1000/10000'

servers='lab01-fork lab01-thread lab02-spin lab03-select lab03-poll
lab04-epoll-lt lab04-epoll-et'

# The command line of a server; max-clients are set above what we ask for.
command_of() {
	case $1 in
	lab01-*) echo "$bin/lab01-blocking/echo-server --max-clients 2000" \
		"--mode ${1#lab01-}" ;;
	lab02-*) echo "$bin/lab02-nonblocking/spin-server" ;;
	lab03-*) echo "$bin/lab03-select-poll/mux-server --app echo" \
		"--poller ${1#lab03-}" ;;
	lab04-*) echo "$bin/lab04-epoll-lt-et/mux-server --app echo" \
		"--poller ${1#lab04-}" ;;
	esac
}

rings='epoll-lt epoll-et uring-poll completion liburing libuv'

command_of_ring() {
	mux="$bin/lab04-epoll-lt-et/mux-server --listen 127.0.0.1:0 --app echo"
	case $1 in
	epoll-lt | epoll-et) echo "$mux --poller $1" ;;
	uring-poll) echo "$mux --poller uring" ;;
	completion) echo "$bin/lab05-threadpool/uring-echo" \
		"--listen 127.0.0.1:0" ;;
	liburing) echo "$bin/bench/bare_uring" ;;
	libuv) echo "$bin/bench/libuv_echo" ;;
	esac
}

# start_server NAME [PREFIX...]: sets server_pid and address.
start_server() {
	name=$1
	shift
	# shellcheck disable=SC2046 # the words of a command line
	start "$@" $(command_of "$name") --listen 127.0.0.1:0
}

# start COMMAND...: on its core, and what it says it listens on.
start() {
	rm -f "$out/ready"
	mkfifo "$out/ready"
	pin 0 "$@" >"$out/ready" 2>"$out/server.log" &
	server_pid=$!
	read -r _ _ address <"$out/ready" || {
		echo "bench: $* did not start:" >&2
		cat "$out/server.log" >&2
		exit 1
	}
}

# load CLIENTS BUSY MS [TABLE]: a line of echo_load about the server.
load() {
	(pin 1 "$bin/bench/echo_load" "$address" "$1" "$2" "$3" "$server_pid" \
		${4:+"$4"})
}

shuffled() {
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' $1 | shuf
}

# Lines "name clients repetition requests/s cpu-us memory calls" to raw-b, and
# "name clients repetition cpu-us" to raw-c.
measure_servers() {
	for rep in $(seq "$reps"); do
		for k in $clients; do
			for name in $(shuffled "$servers"); do
				measure_busy "$name" "$k" "$rep"
				[ "$k" -lt 10 ] || measure_silent "$name" "$k" "$rep"
			done
		done
		printf '.' >&2
	done
	echo >&2
}

measure_busy() {
	start_server "$1"
	figures=$(load "$2" "$2" 400)
	stop_server
	start_server "$1" "$bin/bench/run_counted" \
		"$bin/grader/chaos/libchaos.so" "$out/table"
	calls=$(load "$2" "$2" 100 "$out/table")
	stop_server
	echo "$figures" | awk -v id="$1 $2 $3" -v calls="${calls##* }" '
		{ printf "%s %.0f %.2f %.0f %.2f\n", id, $1 / $2,
			$3 / $1 * 1e6, $5, calls }' >>"$out/raw-b"
}

measure_silent() {
	start_server "$1"
	load "$2" 10 300 | awk -v id="$1 $2 $3" '
		{ printf "%s %.2f\n", id, $3 / $1 * 1e6 }' >>"$out/raw-c"
	stop_server
}

# Lines "name busy/clients repetition requests/s cpu-us switches system-calls"
# to raw-d.
measure_rings() {
	for rep in $(seq "$reps"); do
		for cell in $cells; do
			for name in $(shuffled "$rings"); do
				measure_ring "$name" "$cell" "$rep"
			done
		done
		printf '.' >&2
	done
	echo >&2
}

measure_ring() {
	# shellcheck disable=SC2046 # the words of a command line
	start $(command_of_ring "$1")
	load "${2#*/}" "${2%/*}" 400 | awk -v id="$1 $2 $3" '
		{ printf "%s %.0f %.2f %.3f %.3f\n", id, $1 / $2,
			$3 / $1 * 1e6, $6, $7 }' >>"$out/raw-d"
	stop_server
}

# medians FILE KEYCOLUMNS VALUECOLUMN: lines "key... median".
medians() {
	awk -v keys="$2" -v value="$3" '
	{
		key = $1
		for (i = 2; i <= keys; i++)
			key = key " " $i
		n[key]++
		v[key, n[key]] = $value
	}
	END {
		for (key in n) {
			for (i = 2; i <= n[key]; i++)
				for (j = i; j > 1 && v[key, j] + 0 < v[key, j - 1] + 0; j--) {
					t = v[key, j]
					v[key, j] = v[key, j - 1]
					v[key, j - 1] = t
				}
			print key, v[key, int((n[key] + 1) / 2)]
		}
	}' "$1"
}

# table TITLE FORMAT ROWS COLUMNS < "row column value" lines
table() {
	awk -v title="$1" -v format="$2" -v rows="$3" -v columns="$4" '
	{ value[$1, $2] = $3 }
	END {
		nr = split(rows, row)
		nc = split(columns, column)
		printf "\n%s\n", title
		printf "  %-17s", ""
		for (c = 1; c <= nc; c++)
			printf " %12s", column[c]
		printf "\n"
		for (r = 1; r <= nr; r++) {
			printf "  %-17s", row[r]
			for (c = 1; c <= nc; c++)
				if ((row[r], column[c]) in value)
					printf " %12s", sprintf(format, value[row[r], column[c]])
				else
					printf " %12s", "-"
			printf "\n"
		}
	}'
}

# Ratios of one loop to another within each repetition, medians.
ratios() {
	awk -v a="$1" -v b="$2" '
	{ v[$1, $2, $3] = $4; watched[$2]; rep[$3] }
	END {
		for (w in watched)
			for (r in rep)
				if ((a, w, r) in v && (b, w, r) in v)
					print a "/" b, w, r, v[a, w, r] / v[b, w, r]
	}' "$out/raw-a"
}

# One loop's cost with many watched to its cost with 100.
flatness() {
	awk '
	{ v[$1, $2, $3] = $4; loop[$1]; watched[$2]; rep[$3] }
	END {
		for (l in loop)
			for (w in watched)
				for (r in rep)
					if ((l, w, r) in v && (l, 100, r) in v)
						print l, w, r, v[l, w, r] / v[l, 100, r]
	}' "$out/raw-a"
}

report_events() {
	loops='select poll epoll-lt epoll-et libevent libuv'
	watched='10 100 1000 10000'
	medians "$out/raw-a" 2 4 >"$out/events"
	table "Cost of one event in ns, by descriptors watched (100 active)" \
		'%.0f' "$loops" "$watched" <"$out/events"
	for mine in epoll-lt epoll-et; do
		ratios "$mine" libevent
		ratios "$mine" libuv
	done >"$out/ratios"
	medians "$out/ratios" 2 4 | table \
		"The same as a ratio, ours to theirs (below 1: ours is cheaper)" \
		'%.2f' 'epoll-lt/libevent epoll-lt/libuv epoll-et/libevent
		epoll-et/libuv' "$watched"
	flatness >"$out/flat"
	medians "$out/flat" 2 4 | table \
		"The same as a ratio to 100 watched (1: flat)" \
		'%.2f' "$loops" "$watched"
}

report_servers() {
	medians "$out/raw-b" 2 4 | table \
		"Requests a second, by clients (64 bytes there and back)" \
		'%.0f' "$servers" "$clients"
	medians "$out/raw-b" 2 5 >"$out/cpu"
	table "Server CPU a request in microseconds, by clients" \
		'%.2f' "$servers" "$clients" <"$out/cpu"
	medians "$out/raw-b" 2 7 | table \
		"Calls into the kernel a request, by clients" \
		'%.2f' "$servers" "$clients"
	medians "$out/raw-b" 2 6 | table \
		"Server memory a client in bytes (1: what the first costs)" \
		'%.0f' "$servers" "$clients"
	medians "$out/raw-c" 2 4 >"$out/silent"
	table "Server CPU a request in microseconds, by clients, 10 of them busy" \
		'%.2f' "$servers" '10 100 1000' <"$out/silent"
}

# spread FILE VALUECOLUMN FORMAT: lines "name column lowest-highest".
spread() {
	awk -v value="$2" -v format="$3" '
	{
		key = $1 " " $2
		if (!(key in low) || $value + 0 < low[key])
			low[key] = $value + 0
		if (!(key in high) || $value + 0 > high[key])
			high[key] = $value + 0
	}
	END {
		for (key in low)
			printf "%s " format "-" format "\n", key, low[key], high[key]
	}' "$1"
}

report_rings() {
	medians "$out/raw-d" 2 5 >"$out/rings"
	table "Server CPU a request in microseconds, by busy/clients" \
		'%.2f' "$rings" "$cells" <"$out/rings"
	spread "$out/raw-d" 5 '%.1f' | table "The same, lowest to highest" \
		'%s' "$rings" "$cells"
	medians "$out/raw-d" 2 4 | table \
		"Requests a second, by busy/clients" '%.0f' "$rings" "$cells"
	spread "$out/raw-d" 4 '%.0f' | table "The same, lowest to highest" \
		'%s' "$rings" "$cells"
	medians "$out/raw-d" 2 7 | table \
		"System calls a request (0: they could not be counted here)" \
		'%.2f' "$rings" "$cells"
	medians "$out/raw-d" 2 6 | table \
		"Context switches a request" '%.3f' "$rings" "$cells"
}

# plot FILE TITLE YLABEL XLABEL NAMES < "name x y" lines
plot() {
	cat >"$out/plot.data"
	{
		echo "set terminal svg size 860,520 font 'sans-serif,14' \
			background '#ffffff'"
		echo "set output '$out/$1.svg'"
		echo "set title '$2' font ',17'"
		echo "set ylabel '$3'; set xlabel '$4'"
		echo "set logscale xy; set grid lc rgb '#dddddd'"
		echo "set key outside right center; set border 3"
		echo "set xtics nomirror; set ytics nomirror"
		printf 'plot'
		comma=
		n=0
		for name in $5; do
			n=$((n + 1))
			grep "^$name " "$out/plot.data" | sort -k2,2n \
				>"$out/plot.$n" || :
			printf "%s '%s' using 2:3 with linespoints lw 3 \
				ps 0.8 pt 7 title '%s'" "$comma" \
				"$out/plot.$n" "$name"
			comma=,
		done
		echo
	} >"$out/plot.gp"
	gnuplot "$out/plot.gp"
	rm -f "$out"/plot.*
}

plots() {
	plot events "What one event costs" "nanoseconds an event" \
		"descriptors watched, 100 of them active" \
		'select poll epoll-lt epoll-et libevent libuv' <"$out/events"
	plot servers "What one echo costs the server, all clients busy" \
		"CPU microseconds a request" "clients" \
		"$servers" <"$out/cpu"
	plot silent "What one echo costs the server, 10 clients busy" \
		"CPU microseconds a request" "clients, the others silent" \
		"$servers" <"$out/silent"
}

mkdir -p "$out"
rm -f "$out"/raw-*
for lab in lab01-blocking lab02-nonblocking lab03-select-poll \
	lab04-epoll-lt-et lab05-threadpool bench; do
	make --no-print-directory -s -C "$top/$lab" all
done
{
	echo "kernel $(uname -r), $(nproc) CPUs, $(gcc --version | head -n 1)"
	dpkg-query -W -f '${Package} ${Version}\n' libevent-dev libuv1-dev liburing-dev \
		2>/dev/null || :
	echo "$reps repetitions, medians"
} | tee "$out/report.txt"
if [ "${BENCH_ONLY:-}" != d ]; then
	echo "measuring what one event costs..." >&2
	"$bin/bench/event_cost" "$reps" >"$out/raw-a"
	report_events | tee -a "$out/report.txt"
	printf 'measuring the servers ' >&2
	measure_servers
	report_servers | tee -a "$out/report.txt"
	plots
fi
printf 'measuring readiness and completion ' >&2
measure_rings
report_rings | tee -a "$out/report.txt"
awk '{ split($2, c, "/"); if (c[2] == 1000) print $1, c[1], $3 }' "$out/rings" |
	plot rings "What one echo costs the server, 1000 clients" \
		"CPU microseconds a request" "busy clients, the others silent" \
		"$rings"
echo
echo "Report: build/bench/models/report.txt; plots: events.svg, servers.svg,
silent.svg, rings.svg beside it"
