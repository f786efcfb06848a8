#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What bot says to its options, its files and its end: exit statuses, one clear
# line for each mistake, standard output empty before the first connection, and a
# report that keeps to its schema.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/origin.sh"
# What fails is told, and the rest is tried all the same.
set +e
cd "$tmp" || exit 1

fail() {
	bad "$*"
}

# bot STATUS ARGUMENTS...: runs it; out and err are what it said.
bot() {
	want=$1
	shift
	timeout 60 "$bin/bot" "$@" >out 2>err
	got=$?
	if [ "$got" = "$want" ]; then
		good "status $want: bot $(echo "$*" | head -n 1 | cut -c 1-90)"
	else
		fail "bot $*: status $got, expected $want"
	fi
}

# refuses WORD ARGUMENTS...: status 2, WORD in its one line, nothing else.
refuses() {
	word=$1
	shift
	bot 2 "$@"
	[ ! -s out ] || fail "bot $*: something on standard output"
	grep -q -- "$word" err || fail "bot $*: no '$word' in: $(cat err)"
	lines=$(grep -cv '^usage' err)
	[ "$lines" = 1 ] || fail "bot $*: $lines lines instead of one"
}

# reports STATUS FILTER WANT ARGUMENTS...: FILTER of the report is WANT.
reports() {
	status=$1 filter=$2 value=$3
	shift 3
	bot "$status" --json --cacert ca.pem --connect-to "::$address" "$@"
	"$bin/checks/schema" "$lab/report/report.schema.json" <out ||
		fail "bot $*: a report against its schema: $(cat out)"
	[ "$(wc -l <out)" = 1 ] || fail "bot $*: more than one line"
	case $(cat out) in
	*"$filter:$value"[,\}]*) ;;
	*) fail "bot $*: $filter is not $value in $(cat out)" ;;
	esac
}

# shellcheck disable=SC2034 # for start_origin
origin_options='--ca ca.pem'
start_origin "$bin/checks/schema"
url=http://$address

# Options.
bot 0 --help
grep -q -- --first-byte-timeout out || fail "--help does not name all options"
refuses "URL"
refuses "c" -c 0 "$url/"
refuses "n" -n 0 "$url/"
refuses "n" -n 1x "$url/"
refuses "n" -n -1 "$url/"
refuses "d" -d 0 "$url/"
refuses "rate" --rate 0 "$url/"
refuses "workers" --workers 0 "$url/"
refuses "workers" --workers 65 "$url/"
refuses "per-host" --per-host 0 "$url/"
refuses "max-body" --max-body 0 "$url/"
refuses "timeout" --timeout 0 "$url/"
refuses "timeout" --timeout abc "$url/"
refuses "connect-timeout" --connect-timeout -1 "$url/"
refuses "tls-min" --tls-min 1.1 "$url/"
refuses "CA file" --cacert nothing.pem "$url/"
refuses "CA file" --cacert address "$url/"
refuses "H" -H 'no colon' "$url/"
refuses "H" -H "$(printf 'X: a\rb')" "$url/"
refuses "X" -X 'G T' "$url/"
refuses "data" --data @nothing "$url/"
refuses "connect-to" --connect-to a:b "$url/"
refuses "output" --output address "$url/"
refuses "output" --output /proc/nothing "$url/"

# URLs.
refuses "ftp" ftp://a.test/
refuses "a.test" a.test/
refuses "user" http://user:word@a.test/
refuses "a.test" http://a.test:0/
refuses "a.test" http://a.test:99999/
refuses "a.test" "http://a.test/a b"
refuses "a.test" "http://a.test/$(printf '\303\244')"
refuses "http" http:///x
long=$(printf '%08100d' 0)
bot 0 --timeout 5 "$url/ok?x=$long"

# Files of URLs.
printf '# a comment\r\n\r\nGET %s/ok\r\n%s/chunked' "$url" "$url" >urls
reports 0 '"done"' 2 --urls urls
reports 0 '"done"' 2 --urls - <urls
printf '%s/ok\nno url\nGET %s/ok\nftp://x/\n' "$url" "$url" >urls
bot 2 --urls urls
[ ! -s out ] || fail "bad lines: something on standard output"
grep -q '^[^ ]*urls:2: ' err || fail "no urls:2: in $(cat err)"
grep -q '^[^ ]*urls:4: ' err || fail "no urls:4: in $(cat err)"
reports 1 '"done"' 2 --urls urls --keep-going
printf 'no url\n' >urls
bot 2 --urls urls --keep-going
: >urls
bot 2 --urls urls
refuses "nothing" --urls nothing
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	echo "bad line $i"
done >urls
bot 2 --urls urls
[ "$(grep -c 'urls:[0-9]*: ' err)" = 100 ] ||
	fail "$(grep -c 'urls:[0-9]*: ' err) messages, expected 100"

# What is sent, and what is counted.
reports 0 '"2xx"' 1 "http://a.test/ok"
reports 0 '"3xx"' 1 "http://a.test/redirect"
reports 0 '"2xx"' 1 --follow 3 "http://a.test/redirect?count=3"
reports 0 '"3xx"' 1 --follow 2 "http://a.test/redirect?count=3"
reports 0 '"3xx"' 1 --follow 5 "http://a.test/loop"
reports 1 '"status"' 1 --fail "http://a.test/ok?code=404"
reports 0 '"4xx"' 1 "http://a.test/ok?code=404"
reports 1 '"retries"' 2 --retry 2 "http://a.test/reset-start"
reports 1 '"retries"' 0 --retry 2 --data x "http://a.test/reset-start"
reports 1 '"tls_verify"' 1 "https://expired.test/"
reports 0 '"done"' 1 --insecure "https://expired.test/"
grep -qi 'not verified\|insecure' err || fail "--insecure does not say so"
reports 1 '"dns"' 1 -6 --connect-to "b.test::127.0.0.1:1" "http://b.test/"
reports 1 '"timeout"' 1 --timeout 0.3 "http://a.test/stall-body"
reports 0 '"done"' 10 -n 10 --rate 100 "http://a.test/ok"
reports 0 '"failed"' 0 -d 0.3 -c 2 "http://a.test/ok"

# Headers, methods, bodies: /echo shows them.
# sent WANT ARGUMENTS...: a line of the request that came.
sent() {
	line=$1
	shift
	rm -rf dir
	bot 0 --cacert ca.pem --connect-to "::$address" --output dir "$@"
	tr -d '\r' <dir/000001.body | grep -qxF -- "$line" ||
		fail "bot $*: no line '$line' in: $(cat dir/000001.body)"
}
# unsent WORD ARGUMENTS...: no such thing in the request that came.
unsent() {
	word=$1
	shift
	rm -rf dir
	bot 0 --cacert ca.pem --connect-to "::$address" --output dir "$@"
	! grep -qi -- "$word" dir/000001.body ||
		fail "bot $*: '$word' in: $(cat dir/000001.body)"
}
sent 'GET /echo HTTP/1.1' http://a.test/echo
sent 'Host: a.test' http://a.test/echo
sent 'Host: a.test:81' http://a.test:81/echo
sent 'POST /echo HTTP/1.1' --data x http://a.test/echo
sent 'PUT /echo HTTP/1.1' -X PUT --data x http://a.test/echo
sent 'Content-Length: 5' --data hello http://a.test/echo
sent 'hello' --data hello http://a.test/echo
sent 'X-A: b' -H 'X-A: b' http://a.test/echo
sent 'Host: other' -H 'Host: other' http://a.test/echo
unsent 'host: a.test' -H 'Host: other' http://a.test/echo
unsent 'expect\|accept-encoding' --data x http://a.test/echo
unsent 'fragment' 'http://a.test/echo#fragment'
sent 'Authorization: secret' -H 'Authorization: secret' --follow 1 \
	'http://a.test/redirect?to=/echo'
unsent 'content-' --data x -H 'Content-Type: text/x' --follow 1 \
	'http://a.test/redirect?code=303&to=/echo'
unsent 'content-' -X POST -H 'Content-Type: text/x' --follow 1 \
	'http://a.test/redirect?code=302&to=/echo'
sent 'Content-Type: text/x' --data x -H 'Content-Type: text/x' --follow 1 \
	'http://a.test/redirect?code=307&to=/echo'
unsent 'secret' -H 'Authorization: secret' -H 'Cookie: secret' --follow 1 \
	'http://a.test/redirect?to=http://b.test/echo'
sent 'GET /echo HTTP/1.1' --data x --follow 1 \
	'http://a.test/redirect?code=302&to=/echo'
sent 'GET /echo HTTP/1.1' --data x --follow 1 \
	'http://a.test/redirect?code=303&to=/echo'
sent 'POST /echo HTTP/1.1' --data x --follow 1 \
	'http://a.test/redirect?code=307&to=/echo'

# --output: only what was made, nothing that was there, nothing half.
rm -rf dir && mkdir dir && ln -s ../outside dir/000001.body
reports 1 '"output"' 1 --output dir "http://a.test/ok"
[ ! -e outside ] || fail "--output has followed a link"
rm -rf dir
reports 1 '"truncated"' 1 --output dir "http://a.test/close-body"
[ -z "$(ls -A dir)" ] || fail "half a file is left: $(ls -A dir)"

# A file that may not grow is an error, and no signal.
rm -rf dir
(ulimit -f 1 && timeout 60 "$bin/bot" --json --output dir \
	"$url/ok?size=100000") >out 2>err
[ $? = 1 ] || fail "a file that may not grow: $(cat out err)"
grep -q '"failures":{"output":1}' out || fail "no kind output in $(cat out)"

# A report that nobody reads holds nobody: a second signal is the end.
threads() {
	find "/proc/$pid/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l
}
mkfifo pipe
exec 3<>pipe
dd if=/dev/zero bs=4096 count=16 >&3 2>/dev/null
timeout 60 "$bin/bot" "$url/stall-start" >&3 2>err &
guard=$!
pid=
until [ -n "$pid" ]; do
	read -r pid _ <"/proc/$guard/task/$guard/children" || sleep 0.05
done
until [ "$(threads)" = 3 ]; do sleep 0.05; done
kill -INT "$pid"
until [ "$(threads)" = 1 ]; do sleep 0.05; done
kill -TERM "$pid"
wait $guard
[ $? = 130 ] || fail "two signals while the report is written: not status 130"
exec 3>&-

# Nothing that a server sends reaches the terminal as it is.
bot 1 --cacert ca.pem --connect-to "::$address" http://a.test/controls
! grep -q "$(printf '\033')" out err || fail "control bytes in the report"

try 'the origin ends as it should' origin_ends
finish
