#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Proves the set-up on a machine with nothing but git and apt: makes a fresh
# Debian in a temporary folder (debootstrap), clones this repository into it
# as it is committed, and runs there, as a newcomer would,
#
#	./course start
#	./course solve LAB && ./course grade LAB	(in work/, for each lab)
#	./course test					(with --test)
#
# With --handout instead: a student's archive and nothing else. It has to set
# itself up, build, and grade what it has, the starters.
#
#	selftest/fresh-root.sh [RELEASE...] [--test | --handout] [--keep]
#
# RELEASE is bookworm unless told; trixie and sid are worth a try. Needs root,
# debootstrap and a network; the mirror is the one that this machine's apt uses.
# --keep leaves the folder, to look around in. Not a part of `./course test`.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
releases=
with_tests=
what=try_tree
# shellcheck source=selftest/root.sh
. "$top/selftest/root.sh"

for arg; do
	case $arg in
	--test) with_tests=yes ;;
	--handout) what=try_handout ;;
	--keep) keep=yes ;;
	-*) echo "usage: fresh-root.sh [RELEASE...] [--test | --handout] [--keep]" >&2 && exit 2 ;;
	*) releases="$releases $arg" ;;
	esac
done
need_root_and_debootstrap

# Everything that a newcomer does, in a root of its own.
try_tree() {
	make_root
	inside 'git, which is how a newcomer came here' \
		'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
		apt-get -qq -y install --no-install-recommends git >/dev/null 2>&1'
	git clone -q "$top" "$root/root/readylist"
	inside './course start' 'cd /root/readylist && ./course start'
	inside './course start, with the packages there' \
		'cd /root/readylist && rm -rf work && ./course start >/dev/null'
	# shellcheck disable=SC2016 # for the shell in there
	inside 'solve and grade in work/, lab by lab' \
		'cd /root/readylist/work && failed= && for lab in lab[0-9][0-9]-*; do
			./course solve "$lab" >/dev/null
			./course grade "$lab" || failed="$failed $lab"
		done
		./course board
		[ -z "$failed" ] || { echo "less than 100:$failed"; exit 1; }'
	[ -z "$with_tests" ] ||
		inside './course test' 'cd /root/readylist && ./.ci/run'
}

# Everything that a student does with an archive from school.
try_handout() {
	make_root
	"$top/course" handout --output "$root/root/handout.tar.gz"
	inside 'unpack, ./course setup, ./course board' \
		'cd /root && tar -xf handout.tar.gz && cd readylist &&
		./course setup && ./course board'
	inside 'make' 'cd /root/readylist && make'
	# shellcheck disable=SC2016 # for the shell in there
	inside 'grade the starters, lab by lab' \
		'cd /root/readylist && for lab in lab[0-9][0-9]-*; do
			status=0
			./course grade "$lab" >out 2>&1 || status=$?
			tail -n 12 out
			[ "$status" = 1 ] && grep -q ": [0-9]* of 100 " out ||
				exit 1
		done'
}

for release in ${releases:-bookworm}; do
	("$what")
done
