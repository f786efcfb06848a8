#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs on a whole machine that is here for it alone (fresh-vm.sh): as root, in a
# system service. Control groups of version 2 hold what is graded, root's and, in
# a scope of systemd's, a user's; official grades, attacks and a batch. Grades here
# are of a suite that asks for no time: a machine may be an emulated one.
#
#	guest.sh [STEP...]	these steps of `./course test` instead
. "$(dirname -- "$0")/lib.sh"

# shellcheck disable=SC2154 # lib.sh's
home=$top
failed=0

# try WHAT COMMAND...
try() {
	what=$1
	shift
	began=$(date +%s)
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok    $what ($(($(date +%s) - began)) s)"
	else
		echo "FAIL  $what"
		{
			grep -A 12 '^FAIL' "$tmp/said" || tail -n 40 "$tmp/said"
		} | sed 's/^/      /'
		failed=$((failed + 1))
	fi
}

is_version_2() {
	[ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
}

# Nothing that the kernel would not hold is told, in the words of quota.c.
holds_all() {
	"$@" >"$tmp/grade" 2>&1 || { cat "$tmp/grade" && return 1; }
	! grep 'control group' "$tmp/grade"
}

holds_less() {
	"$@" >"$tmp/grade" 2>&1 && grep 'control group' "$tmp/grade"
}

# as_user COMMAND...: logged in at a console, as far as systemd is concerned.
as_user() {
	runuser -u instructor -- env HOME=/home/instructor \
		XDG_RUNTIME_DIR="/run/user/$(id -u instructor)" "$@"
}

steps() {
	for step; do
		try "$step" sh "$top/selftest/run.sh" "$step"
	done
}

# Those that a control group ends, or helps to find.
attacks() {
	# Names of files here have no spaces.
	# shellcheck disable=SC2046
	sh "$top/selftest/attacks.sh" only $(cd "$top/grader/attacks" &&
		ls floods/*.c orphans/*.c)
}

user_may_read_this() {
	cp -a "$top" /home/instructor/readylist
	chown -R instructor: /home/instructor/readylist
	# What a log-in would start: the user's own systemd.
	systemctl start "user@$(id -u instructor).service"
	home=/home/instructor/readylist
}

own_checks() {
	try 'control groups are of version 2' is_version_2
	try "root's grade: the kernel holds processes and memory" \
		holds_all "$top/course" grade lab01 io --verbose
	try 'an official grade' holds_all \
		"$top/course" grade --official "$top/lab01-blocking" lab01 io \
		--verbose
	user_may_read_this
	try "a user's grade in a scope: the kernel holds both" \
		holds_all as_user systemd-run --user --scope -q -- \
		"$home/course" grade lab01 io --verbose
	try "a user's official grade in a scope" \
		holds_all as_user systemd-run --user --scope -q -- \
		"$home/course" grade --official "$home/lab01-blocking" lab01 io \
		--verbose --no-canary
	try 'without one, it is told what is not held' \
		holds_less as_user "$home/course" grade lab01 io --verbose
	try 'attacks: what floods, and what stays behind' attacks
	steps batch
}

uname -r
systemd-detect-virt || :
if [ $# -gt 0 ]; then
	steps "$@"
else
	own_checks
fi
echo "guest: $failed failed"
