#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Where io_uring is forbidden, as in many containers, nobody is the worse for
# it: its experiments and challenges are skipped, with the reason, and no point
# is lost.
. "$(dirname -- "$0")/lib.sh"

command -v bwrap >/dev/null || {
	echo "bwrap is missing (package bubblewrap)"
	exit 77
}

# A seccomp filter in BPF: system call 425, io_uring_setup, has EPERM, as
# Docker's default gives it; all others are allowed. Each line is one
# instruction: code, two jumps, and a number, the lowest byte first.
{
	printf '\040\0\0\0\0\0\0\0'         # load the call's number
	printf '\025\0\0\001\251\001\0\0'   # is it 425? else skip one
	printf '\006\0\0\0\001\0\005\0'     # SECCOMP_RET_ERRNO | EPERM
	printf '\006\0\0\0\0\0\377\177'     # SECCOMP_RET_ALLOW
} >"$tmp/filter"

forbidden() {
	bwrap --dev-bind / / --seccomp 9 "$@" 9<"$tmp/filter"
}

forbidden true || {
	echo "namespaces or seccomp filters are not allowed here"
	exit 77
}
need_grader
cd "$top"

for name in uring-batch uring-cancel uring-completion uring-file uring-poll; do
	check "experiment $name ends well" \
		forbidden "$grade" experiments --plain "$name"
	check_says "... is skipped, and says why" "io_uring is forbidden here"
done

# challenge LAB SUITE: every test of it is skipped, and none fails.
challenge() {
	forbidden "$grade" run "$1" "$2" --plain="$tmp/plain" \
		>"$tmp/out" 2>&1 || true
	check_says "$1: what is skipped is named, and costs nothing" \
		'skipped: this machine does not allow what the tests need. Nothing is lost.'
	"$grade" list "$1" --plain | grep -c "	$2/" >"$tmp/all" || true
	grep "	$2/" "$tmp/plain" >"$tmp/suite" || true
	check "$1: all tests of $2 are told" \
		test "$(wc -l <"$tmp/suite")" = "$(cat "$tmp/all")"
	while read -r outcome _ _ _ id; do
		case $id in
		# Its driver plays io_uring in user space.
		completion/keeps_to_its_ceiling) wanted=pass ;;
		*) wanted=skip ;;
		esac
		check "$1 $id: $outcome" test "$outcome" = "$wanted"
	done <"$tmp/suite"
}

challenge lab04-epoll-lt-et uring
challenge lab05-threadpool completion
finish
