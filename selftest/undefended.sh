#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The attacks win where there is no defence: so the step attacks, in which they
# lose, can fail. An attack with a note "Won: CONDITION" is made into a program of
# its own, which grader/attacks/naive.c grades, in namespaces and folders that are
# thrown away; an archive is unpacked without a look at it. CONDITION is a shell
# command, by what is defined below. Those that would take the whole machine, or
# that reach for a network, have no such note: nobody tries them without defences.
# What an archive's script uses is set here; root is an option or nothing.
# shellcheck disable=SC2009,SC2034,SC2086
. "$(dirname -- "$0")/lib.sh"

patience=20 # seconds, for an attack that has not won yet

# Everything below here is for one attack, in namespaces of its own.

verdict() {
	[ "$(cat verdict 2>/dev/null)" = "$1" ]
}

says() {
	grep -qaF -- "$1" said 2>/dev/null
}

ended_well() {
	[ "$(cat status 2>/dev/null)" = 0 ]
}

# The judge has ended before it had a verdict.
judge_is_gone() {
	[ ! -f verdict ] &&
		! grep -qs '^State:.[^Z]' "/proc/${judge:-none}/status"
}

# Programs of the attack that are there although their judge has ended.
left_over() {
	[ -f verdict ] && [ "$(ps -eo comm= | grep -cx program)" -gt 0 ]
}

# A process whose main thread has ended, and whose others live.
headless() {
	for pid in $(ps -eo pid=,comm= | awk '$2 == "program" { print $1 }'); do
		[ "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 |
			wc -l)" -gt 1 ] &&
			grep -q '^State:.Z' "/proc/$pid/status" && return
	done
	return 1
}

# built: it compiles. stopped_by WORD: it does not, because of a limit.
built() {
	[ -x program ]
}

stopped_by() {
	[ ! -x program ] && grep -qE "$1" built
}

# What became of the archive or folder, unpacked by cp, tar or unzip.
is_the_reference() {
	cmp -s "$1" "$top/lab01-blocking/io.c"
}

full() {
	[ "$(stat -f -c %a .)" -lt 16 ]
}

no_names_left() {
	[ "$(stat -f -c %d .)" -lt 16 ]
}

compile() {
	{
		sed "s|@TOP@|$top|g; s|/course/|$PWD/course/|g" "$1"
		cat <<-'C'
		int main(void)
		{
			attack();
			/* A test in the same process as what it tests. */
			char answer[] = "wrong", expected[] = "right";
			if (!memcmp(answer, expected, sizeof(answer)))
				puts("[PASS] the answer is right");
			return 0;
		}
		C
	} >program.c
	prlimit --core=0 --cpu=5 --as=1500000000 --fsize=50000000 gcc -w -O0 \
		-D_GNU_SOURCE -I"$top/lab01-blocking" -I"$top/common" \
		-fno-builtin -include string.h -include stdio.h \
		-o program program.c -pthread >built 2>&1 || :
}

# What an attack finds where nothing is hidden.
scenery() {
	mkdir -p "course/build/gcc/lab01-blocking/tests" course/build/state \
		course/lab01-blocking
	echo tests >course/build/gcc/lab01-blocking/tests/graded
	echo table >table
	echo '{ "hidden/one": 1 }' >course/build/state/lab01-blocking.json
}

inside() {
	mkdir /tmp/work
	cd /tmp/work
	won=$(sed -n 's/^[ #*]* Won: //p' "$1")
	scenery
	case $1 in
	*.sh)
		starter=$top/lab01-blocking/starter
		sub=/tmp/work/sub
		answer=$sub
		mkdir "$sub"
		# shellcheck source=/dev/null
		. "$1"
		: "$answer"
		;;
	*)
		gcc -w -O1 -D_GNU_SOURCE -o naive "$top/grader/attacks/naive.c"
		compile "$1"
		JUDGE_SEED=1 CHAOS="seed=1,table=$PWD/table" ./naive ./program \
			</dev/null >/dev/null 2>&1 &
		judge=$!
		;;
	esac
	await "$patience" eval "$won" || {
		head -n 5 built said verdict status 2>/dev/null
		return 1
	}
}

# An attack that opens what others have open would write to the tree, to this
# script first: once more, from where that is read-only.
read_only() {
	mount --bind "$top" /mnt
	mount --bind / /
	mount -o remount,bind,ro /
	for place in /tmp /var/tmp /dev/shm; do
		mount -t tmpfs -o size=64m,nr_inodes=3000 none "$place"
	done
	# It may lie below one of these.
	case $top in
	/tmp/* | /var/tmp/* | /dev/shm/*) mkdir -p "$top" ;;
	esac
	mount --bind /mnt "$top"
	mount -o remount,bind,ro "$top"
	TMPDIR=/tmp exec sh "$top/selftest/undefended.sh" --read-only "$1"
}

case ${1:-} in
--inside | --read-only)
	trap - EXIT
	rm -rf "$tmp"
	[ "$1" = --read-only ] || read_only "$2"
	inside "$2"
	exit
	;;
esac

# ----------------------------------------------------------------------- all of them

wins() {
	# What is process 1 there cannot be ended from within.
	timeout -k 1 60 unshare $root -m -i -n -p -f --mount-proc --kill-child \
		sh "$0" --inside "$1"
}

root=
[ "$(id -u)" -eq 0 ] || root=-r
unshare $root -m -i -n -p -f --mount-proc true 2>/dev/null || {
	echo "no namespaces can be made here"
	exit 77
}
attacks=$top/grader/attacks
names=$*
[ -n "$names" ] || names=$(cd "$attacks" && grep -l ' Won: ' ./*/* | sort)
for name in $names; do
	check "${name#./} wins without a defence" wins "$attacks/$name"
done
families=$(find "$attacks" -mindepth 1 -maxdepth 1 -type d | wc -l)
check 'of each family there is one' test "$(cd "$attacks" &&
	grep -l ' Won: ' ./*/* | cut -d / -f 2 | sort -u | wc -l)" -eq "$families"
finish
