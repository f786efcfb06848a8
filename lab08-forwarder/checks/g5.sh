#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The sample of G5 as it stands, on its own ports: in a network namespace, where
# nobody else has them. Its servers, clients and a manager beside it. Seconds.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../../common/checks/harness.sh"

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
forwarder=$top/build/gcc/lab08-forwarder/forwarder
rules=$top/lab08-forwarder/samples/g5.rules
running=

clean_up() {
	for pid in $running; do
		kill "$pid" 2>/dev/null || :
	done
	remove_tmp
}

for command in unshare ip curl nc python3; do
	command -v "$command" >/dev/null && continue
	echo "$command is missing: the sample of G5 does not run"
	finish
done
if [ "${1-}" != inside ]; then
	if unshare -rn true 2>/dev/null; then
		unshare -rn sh "$0" inside
		exit
	fi
	echo "a network namespace is missing: the sample of G5 does not run"
	finish
fi
ip link set lo up

# site PORT: an HTTP server that says which one it is.
site() {
	mkdir -p "$tmp/$1"
	echo "$1" >"$tmp/$1/name"
	python3 -m http.server --bind 127.0.0.2 --directory "$tmp/$1" "$1" \
		>"$tmp/$1.log" 2>&1 &
	running="$running $!"
	await 10 answers "127.0.0.2:$1"
}

answers() {
	curl -s -o "$tmp/body" --max-time 5 "http://$1/name"
}

fetches() {
	name=$(curl -s --max-time 5 --interface "$1" "http://$2/name")
}

# gets CLIENT ADDRESS SERVER: the client at CLIENT is served by SERVER, once the
# one before is gone.
gets() {
	await 5 fetches "$1" "$2"
	echo "$1 at $2: served by '$name', expected '$3'"
	[ "$name" = "$3" ]
}

turned_away() {
	! curl -s -o "$tmp/body" --max-time 5 --interface "$1" "http://$2/name"
}

for port in 8071 8089 8090 8091; do
	site "$port"
done
"$forwarder" -f "$rules" >"$tmp/out.ready" 2>"$tmp/log" &
program=$!
running="$running $program"
try 'it starts' await 10 grep -q '8080 webdog2' "$tmp/out.ready"
cat >"$tmp/expected" <<-LINES
	listening on 127.0.0.1:8060 admin
	listening on 127.0.0.1:8070 webdog
	listening on 127.0.0.1:8080 webdog2
LINES
check 'it listens as the file says' diff "$tmp/expected" "$tmp/out.ready"
check 'MS, the one server' gets 127.0.0.1 127.0.0.1:8070 8071
check 'MS, the second client' gets 127.0.0.2 127.0.0.1:8070 8071
check 'MS, who is not named' turned_away 127.0.0.3 127.0.0.1:8070
for port in 8089 8090 8091 8089; do
	check "RR, server $port" gets 127.0.0.3 127.0.0.1:8080 "$port"
done

# One at a time, as the file says, of a client and in all.
held() {
	nc -d -s 127.0.0.1 127.0.0.1 8080 >"$tmp/held" &
	holder=$!
	await 10 eval "ss -Htn state established '( dport = :8080 )' |
		grep -q ."
	turned_away 127.0.0.1 127.0.0.1:8070 &&
		turned_away 127.0.0.3 127.0.0.1:8080
}

try 'one session of an address, and one client of an entry' held
kill "$holder"

# What the commands of G5's README answer.
says() {
	printf '%s\r\nquit\r\n' "$1" | nc 127.0.0.1 8060 >"$tmp/said"
	cat "$tmp/said"
	grep -q "$2" "$tmp/said"
}

check 'ver' says ver 'version .* build '
check 'list rules' says 'list rules' \
	'3 : webdog2 RR \*\.\*\.\*\.\*:\* ( maxclients 1 ) - 127.0.0.1:8080'
check 'add rule' says \
	'add rule webdog3 MS 127.0.0.1:* - 127.0.0.1:8081 > 127.0.0.2:8089 ;' \
	'add forward rule ok'
check '... is in force' gets 127.0.0.1 127.0.0.1:8081 8089
check 'modify rule' says \
	'modify rule webdog3 HS 127.0.0.1:* - 127.0.0.1:8081 > 127.0.0.2:8090 ;' \
	'modify forward rule ok'
check '... is in force' gets 127.0.0.1 127.0.0.1:8081 8090
check 'remove rule' says 'remove rule webdog3 ;' 'remove forward rule ok'
check '... and nobody listens' turned_away 127.0.0.1 127.0.0.1:8081
check 'list forwards' says 'list forwards' '^> '
check 'clean forwards' says 'clean forwards' 'clean forwards ok'
kill "$program"
try 'it ends as it should' wait "$program"
finish
