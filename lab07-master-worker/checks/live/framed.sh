# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What own.sh shares beside the harness of all checks: a framed that runs.

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=$(basename -- "$lab")
framed=
# shellcheck source=common/checks/harness.sh
. "$lab/../common/checks/harness.sh"
# What fails outside a check is seen by the check after it.
set +e

clean_up() {
	[ -z "$framed" ] || kill "$framed" 2>/dev/null
	remove_tmp
}

# start_framed VARIANT OPTION...: sets framed, its pid, and address. Its log is
# $tmp/framed/log.
start_framed() {
	program=$lab/../build/$1/$name/framed
	shift
	rm -rf "$tmp/framed"
	mkdir "$tmp/framed"
	printf '[server]\nlisten = 127.0.0.1:0\n[log]\nfile = log\n' \
		>"$tmp/framed/framed.conf"
	"$program" -c "$tmp/framed/framed.conf" "$@" \
		>"$tmp/framed/out" 2>"$tmp/framed/err" &
	framed=$!
	if ! await 20 grep -q '^listening on' "$tmp/framed/out"; then
		echo "framed $* did not say where it listens:"
		cat "$tmp/framed/out" "$tmp/framed/err"
		return 1
	fi
	# shellcheck disable=SC2034 # for the scripts that include this
	address=$(sed 's/listening on //' "$tmp/framed/out")
}

# logged TEXT: the log has it.
logged() {
	grep -qF -- "$1" "$tmp/framed/log"
}

# It ends when it is told to, with status 0, and no worker has complained.
stop_framed() {
	ended=0
	kill "$framed"
	wait "$framed" || ended=$?
	framed=
	echo "framed ended with status $ended (expected: 0)"
	! grep -E 'Sanitizer|ended with status|killed by|^==' \
		"$tmp/framed/log" && [ "$ended" -eq 0 ]
}
