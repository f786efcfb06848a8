# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the scripts in the folder above share: try, and an httpd that runs. A
# script includes this, calls try, and ends with finish.
set -u

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=$(basename -- "$lab")
tmp=$(mktemp -d)
httpd=
child=
passed=0
failed=0

clean_up() {
	# shellcheck disable=SC2086 # one, two or none
	kill $httpd $child 2>/dev/null
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

# What a user has set up for other servers is not for this one.
export HOME="$tmp" no_proxy='*' NO_PROXY='*'

# try WHAT COMMAND...
try() {
	what=$1
	shift
	if "$@" >"$tmp/out" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok    $what"
	else
		failed=$((failed + 1))
		echo "FAIL  $what"
		tail -n 40 "$tmp/out"
	fi
}

# within SECONDS COMMAND...: its status; 124 if it took longer.
within() {
	seconds=$1
	shift
	timeout -k 5 "$seconds" "$@" &
	child=$!
	ended=0
	wait "$child" || ended=$?
	child=
	return "$ended"
}

# await SECONDS COMMAND...: until it has status 0; status 1 if it has not then.
await() {
	looks=$(($1 * 10))
	shift
	until "$@"; do
		looks=$((looks - 1))
		[ "$looks" -gt 0 ] || return 1
		sleep 0.1
	done
}

# start_httpd VARIANT OPTION...: sets url. Ends by itself some minutes later,
# and 20 s after the signal at most.
start_httpd() {
	program=$lab/../build/$1/$name/httpd
	shift
	: >"$tmp/ready"
	timeout --foreground -k 20 300 "$program" --root "$lab/www" \
		--listen 127.0.0.1:0 "$@" >"$tmp/ready" 2>"$tmp/err" &
	httpd=$!
	if ! await 20 grep -q '^listening on' "$tmp/ready"; then
		echo "httpd $* did not say where it listens:"
		cat "$tmp/ready" "$tmp/err"
		return 1
	fi
	# shellcheck disable=SC2034 # for who includes this
	url=http://$(sed 's/listening on //' "$tmp/ready")
}

# The process itself: what start_httpd knows is the timeout(1) around it.
httpd_pid() {
	read -r pid _ <"/proc/$httpd/task/$httpd/children" || :
	echo "$pid"
}

# It ends when it is told to, with status 0 and nothing to complain about.
stop_httpd() {
	ended=0
	kill "$httpd"
	wait "$httpd" || ended=$?
	httpd=
	echo "httpd ended with status $ended (expected: 0) and said:"
	cat "$tmp/err"
	[ "$ended" -eq 0 ] && [ ! -s "$tmp/err" ]
}

finish() {
	echo "count: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}
