#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Other machines: what they lack, and what their users have set. A grade is the
# same there, or it is the grader's failure, which costs nothing.
. "$(dirname -- "$0")/lib.sh"

unshare -rmn true 2>/dev/null || {
	echo "namespaces are not allowed here"
	exit 77
}
need_grader
cd "$top"

# graded TEST: a test of the reference, on a plain build.
graded() {
	"$grade" run "$1" --build plain
}

# ------------------------------------------------------------- the machine

# shellcheck disable=SC2016 # sh -c
without_ipv6() {
	unshare -rn sh -ec 'ip link set lo up
		for all in /proc/sys/net/ipv6/conf/all/disable_ipv6; do
			[ ! -e "$all" ] || echo 1 >"$all"
		done
		exec "$@"' - "$grade" run "$1" --build plain
}
for test in lab01/listener/both_families lab06/tasks/keeps_to_the_family \
	lab08/forward/listens_everywhere; do
	check "without IPv6: $test" without_ipv6 "$test"
done

# The tree itself may lie below /tmp.
# shellcheck disable=SC2016 # sh -c
noexec_tmp() {
	mkdir -p "$tmp/noexec"
	TMPDIR=$tmp/noexec unshare -rm sh -ec '
		mount -t tmpfs -o noexec none "$TMPDIR"
		exec "$@"' - "$grade" run "$1" --build plain
}
check 'nothing in TMPDIR may be executed' noexec_tmp lab01/io

# A thousand descriptors are enough for most tests; the others say that they
# cannot be run.
# shellcheck disable=SC3045 # dash and bash know ulimit -n
few_descriptors() {
	ulimit -n 1024
	graded "$1"
}
for test in lab05/httpd/serves_a_thousand lab06/crowd/five_thousand; do
	check_status 3 "1,024 descriptors: $test" few_descriptors "$test"
	check_says '... says what it needs' 'only 1024 descriptors may be open'
done

# ---------------------------------------------------------------- the user

bare_environment() {
	umask 077
	env -i PATH=/usr/bin:/bin TZ=Asia/Kathmandu LC_ALL=C "$grade" run \
		"$1" --build plain
}
check 'no HOME, no TERM, a umask of 077' bare_environment lab01/serve

sanitizers_told() {
	env ASAN_OPTIONS=detect_leaks=0:exitcode=0 VALGRIND_OPTS=--tool=none \
		LSAN_OPTIONS=exitcode=0 MALLOC_ARENA_MAX=1 \
		"$grade" run "$1"
}
check 'options for sanitizers and Valgrind' sanitizers_told lab01/io

closed_input() {
	"$grade" run "$1" --build plain <&-
}
check 'a standard input that is closed' closed_input lab01/io
finish
