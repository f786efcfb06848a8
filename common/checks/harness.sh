# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the scripts that check something share: selftest/, checks/ of the labs
# and of the grader. A script includes this, calls check, check_status,
# check_says or try, and ends with finish. It may have a clean_up of its own,
# which calls remove_tmp.
set -eu

# What is looked for in messages is English, numbers have a point, and no proxy is
# asked for what is here.
export LC_ALL=C.UTF-8 no_proxy='*' NO_PROXY='*'

passed=0
failed=0
tmp=$(mktemp -d)

remove_tmp() {
	rm -rf "$tmp"
}

clean_up() {
	remove_tmp
}
trap 'clean_up' EXIT
trap 'exit 130' HUP INT TERM

good() {
	passed=$((passed + 1))
	echo "ok    $1"
}

# bad WHAT: and what the last command said, in $tmp/out: from its first failure
# on if it names one, else the end.
bad() {
	failed=$((failed + 1))
	echo "FAIL  $1"
	[ -s "$tmp/out" ] || return 0
	if grep -aq '^FAIL' "$tmp/out"; then
		sed -n '/^FAIL/,$p' "$tmp/out" | head -n 40 | sed 's/^/      /'
	else
		tail -n 40 "$tmp/out" | sed 's/^/      /'
	fi
}

# check WHAT COMMAND...: the command ends with status 0.
check() {
	check_status 0 "$@"
}

# check_status STATUS WHAT COMMAND...
check_status() {
	want=$1
	what=$2
	shift 2
	got=0
	("$@") >"$tmp/out" 2>&1 </dev/null || got=$?
	if [ "$got" -eq "$want" ]; then
		good "$what"
	else
		echo "(status $got, expected $want)" >>"$tmp/out"
		bad "$what"
	fi
}

# check_says WHAT TEXT: the command checked last printed TEXT.
check_says() {
	if grep -qF -- "$2" "$tmp/out"; then
		good "$1"
	else
		echo "(expected in it: $2)" >>"$tmp/out"
		bad "$1"
	fi
}

# try WHAT COMMAND...: as check, but what the command sets stays set.
try() {
	what=$1
	shift
	if "$@" >"$tmp/out" 2>&1 </dev/null; then
		good "$what"
	else
		bad "$what"
	fi
}

# await SECONDS COMMAND...: until it has status 0; status 1 if it has not then.
await() {
	looks=$(($1 * 20))
	shift
	until "$@"; do
		looks=$((looks - 1))
		[ "$looks" -gt 0 ] || return 1
		sleep 0.05
	done
	return 0 # and not what became of the last sleep
}

finish() {
	echo "count: $passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}
