# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the scripts in the folder above share beside the harness of all checks:
# an httpd that runs.

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=$(basename -- "$lab")
httpd=
child=
# shellcheck source=common/checks/harness.sh
. "$lab/../common/checks/harness.sh"
# What fails outside a check is seen by the check after it.
set +e

clean_up() {
	# shellcheck disable=SC2086 # one, two or none
	kill $httpd $child 2>/dev/null || true
	remove_tmp
}

# What a user has set up for other servers is not for this one.
export HOME="$tmp"

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
	# shellcheck disable=SC2034 # for the scripts that include this
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
