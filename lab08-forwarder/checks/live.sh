#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Real clients and servers with the forwarder between them, each with servers of
# its own on ports of 127.0.0.1 that nobody has. Who is not installed is left
# out. A minute.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../../common/checks/harness.sh"

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
forwarder=$top/build/gcc/lab08-forwarder/forwarder
running=

clean_up() {
	for pid in $running; do
		kill "$pid" 2>/dev/null || :
		kill "$pid" 2>/dev/null || :
	done
	[ ! -d "$tmp/pg" ] || stop_postgres
	remove_tmp
}

# installed WHAT COMMAND...: whether all are; says so if not.
installed() {
	what=$1
	shift
	for command in "$@"; do
		PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || {
			echo "$command is missing: $what"
			return 1
		}
	done
}

listens() {
	ss -Hltn "sport = :$1" | grep -q .
}

free_port() {
	while :; do
		port=$(shuf -i 30000-32000 -n 1)
		listens "$port" || break
	done
	echo "$port"
}

# server COMMAND...: runs it in the background.
server() {
	"$@" >"$tmp/server.log" 2>&1 </dev/null &
	running="$running $!"
}

# forward MODE PORT [OPTION]...: sets $via, the port that leads there.
forward() {
	mode=$1
	to=$2
	shift 2
	printf 'adm G *:* - 127.0.0.1:0 ;\nlive %s ( timeout 60 ) *:* - %s;\n' \
		"$mode" "127.0.0.1:0 > 127.0.0.1:$to" >"$tmp/rules"
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	"$forwarder" -f "$tmp/rules" "$@" >"$tmp/ready" 2>"$tmp/log" &
	running="$running $!"
	{
		read -r _ _ address _
		admin=${address##*:}
		read -r _ _ address _
		via=${address##*:}
	} <"$tmp/ready"
}

# ---- curl, a gigabyte, metrics

site() {
	mkdir -p "$tmp/site"
	echo hello >"$tmp/site/hello"
	truncate -s 1G "$tmp/site/big"
	http=$(free_port)
	server python3 -m http.server --bind 127.0.0.1 \
		--directory "$tmp/site" "$http"
	await 10 listens "$http"
}

fetches() {
	[ "$(curl -s --max-time 20 "http://127.0.0.1:$via/hello")" = hello ]
}

# The forwarder's memory stays what it was.
gigabyte() {
	pid=${running##* }
	size=$(curl -s --max-time 120 -o /dev/null -w '%{size_download}' \
		"http://127.0.0.1:$via/big")
	rss=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status")
	echo "$size bytes, $rss KiB of anonymous memory"
	[ "$size" = 1073741824 ] && [ "$rss" -lt 20480 ]
}

good_metrics() {
	curl -s --max-time 20 "http://127.0.0.1:$admin/metrics" >"$tmp/metrics"
	[ -s "$tmp/metrics" ] && promtool check metrics <"$tmp/metrics"
}

if installed 'no HTTP goes through' curl python3; then
	site
	forward RR "$http"
	check 'curl' fetches
	check 'a gigabyte' gigabyte
	forward LC "$http" --splice --workers 2
	check 'curl, by splice and two workers' fetches
	check 'a gigabyte, by splice' gigabyte
	if installed 'nobody looks at the metrics' promtool; then
		check 'promtool check metrics' good_metrics
	fi
fi

# ---- Redis

redis() {
	[ "$(redis-cli -p "$via" set key value)" = OK ] &&
		[ "$(redis-cli -p "$via" get key)" = value ] &&
		redis-cli -p "$via" -r 2000 incr counter >/dev/null &&
		[ "$(redis-cli -p "$via" get counter)" = 2000 ]
}

pipelined() {
	redis-benchmark -q -p "$via" -n 20000 -c 50 -P 16 -t set,get
}

if installed 'no Redis goes through' redis-server redis-cli; then
	port=$(free_port)
	server redis-server --bind 127.0.0.1 --port "$port" --save '' \
		--dir "$tmp"
	await 10 listens "$port"
	forward MS "$port"
	check 'redis-cli' redis
	check 'redis-benchmark, pipelined' pipelined
fi

# ---- iperf3: a connection that commands and one that carries, each way

# The server is busy for a moment after each client.
measures() {
	await 10 iperf3 -c 127.0.0.1 -p "$via" -t 1 "$@"
}

if installed 'no iperf3 goes through' iperf3; then
	port=$(free_port)
	server iperf3 -s -B 127.0.0.1 -p "$port"
	await 10 listens "$port"
	forward RR "$port"
	check 'iperf3' measures
	check 'iperf3, backwards' measures -R
	check 'iperf3, both ways, four streams' measures -P 4 --bidir
fi

# ---- PostgreSQL, which does not run as root

as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		"$@"
	fi
}

start_postgres() {
	mkdir "$tmp/pg"
	chmod 755 "$tmp"
	[ "$(id -u)" != 0 ] || chown postgres "$tmp/pg"
	as_nobody "$pg/initdb" -D "$tmp/pg/data" -A trust -U live >/dev/null
	as_nobody "$pg/pg_ctl" -D "$tmp/pg/data" -w -l "$tmp/pg/log" \
		-o "-c listen_addresses=127.0.0.1 -p $port -k $tmp/pg" start
}

stop_postgres() {
	as_nobody "$pg/pg_ctl" -D "$tmp/pg/data" -m immediate stop \
		>/dev/null 2>&1 || :
}

psql_through() {
	psql -h 127.0.0.1 -p "$via" -U live -d postgres -At "$@"
}

queries() {
	[ "$(psql_through -c 'select 6 * 7')" = 42 ] &&
		[ "$(psql_through -c 'select sum(n) from
			generate_series(1, 200000) n')" = 20000100000 ] &&
		[ "$(psql_through -c 'copy (select n from
			generate_series(1, 300000) n) to stdout' | wc -l)" = 300000 ]
}

pg=$(find /usr/lib/postgresql -name initdb -exec dirname {} \; 2>/dev/null |
	sort | tail -n 1)
if [ -n "$pg" ] && installed 'no PostgreSQL goes through' psql setpriv; then
	port=$(free_port)
	try 'PostgreSQL starts' start_postgres
	forward HS "$port"
	check 'psql' queries
else
	echo "PostgreSQL is missing: no psql goes through"
fi

# ---- ssh

start_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/host" &&
		ssh-keygen -q -t ed25519 -N '' -f "$tmp/key" || return
	cp "$tmp/key.pub" "$tmp/authorized"
	cat >"$tmp/sshd_config" <<-CONFIG
	ListenAddress 127.0.0.1:$port
	HostKey $tmp/host
	AuthorizedKeysFile $tmp/authorized
	PidFile none
	StrictModes no
	UsePAM no
	CONFIG
	mkdir -p /run/sshd 2>/dev/null || :
	server /usr/sbin/sshd -D -e -f "$tmp/sshd_config"
	await 10 listens "$port"
}

ssh_through() {
	ssh -F none -i "$tmp/key" -p "$via" -o BatchMode=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR 127.0.0.1 "$@"
}

copies_both_ways() {
	head -c 20000000 /dev/urandom >"$tmp/bytes"
	[ "$(ssh_through echo hello)" = hello ] || return
	ssh_through cat <"$tmp/bytes" >"$tmp/back"
	cmp "$tmp/bytes" "$tmp/back"
}

if installed 'no ssh goes through' sshd ssh ssh-keygen; then
	port=$(free_port)
	try 'sshd starts' start_sshd
	forward CH "$port"
	check 'ssh' copies_both_ways
fi
finish
