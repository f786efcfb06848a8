#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The front door: what it lists, what it refuses, and how setup.sh behaves
# where it cannot install anything (PATH holds stand-ins for the system's
# programs, so nothing is ever installed here).
. "$(dirname -- "$0")/lib.sh"

check 'course lists its commands' "$top/course"
for command in start test grade watch hint board reset solve experiments \
	mutants bundle; do
	check_says "... $command" "./course $command"
done
check 'course --help is help' "$top/course" --help
no_script() {
	! "$top/course" "$1" --help | grep '^set \|^#'
}
for command in scope explore; do
	check "$command --help" "$top/course" "$command" --help
	check '... is text, and no line of a script' no_script "$command"
done
check_status 2 'format with an argument' "$top/course" format --help
check_status 2 'an unknown command' "$top/course" nonesuch
check_says '... names the known ones' 'experiments'
check_status 2 'start with an unknown argument' "$top/course" start nonesuch
check_status 2 'start in a path with a ~ that no shell has read' \
	"$top/course" start 'DIR=~/work'
check_says '... says what to write' "DIR=\$HOME/"
check '... makes no such folder' test ! -e '~'
check_status 2 'start in a path with a space' \
	"$top/course" start "DIR=$tmp/a b"
check '... makes nothing there' test ! -e "$tmp/a b"
for odd in '#' '$' "'" '%' ':' '=' '&' '(' ';' "\\" '
'; do
	check_status 2 "start in a path with '$odd'" \
		"$top/course" start "DIR=$tmp/a${odd}b"
	check_says '... names a way out' './course start DIR='
done
mkdir "$tmp/a\\b"
cp "$top/course" "$tmp/a\\b"
for command in grade watch scope explore test demo site format; do
	check_status 2 "$command in a path with a '\\'" \
		"$tmp/a\\b/course" "$command"
	check_says '... names it' "with '\\' in it: $tmp/a\\b"
done
check_status 2 'an unknown experiment' \
	"$top/course" experiments nonesuch
check_status 2 'an unknown step' sh "$top/selftest/run.sh" nonesuch
check_says '... names the known ones' 'workspace'
check_status 2 'an unknown set of packages' sh "$top/common/setup.sh" nonesuch

from_elsewhere() {
	cd / && "$top/course" help
}
check 'course runs from any folder' from_elsewhere

# in_full_tree COMMAND...: in a copy of the tree, nothing built, on a disk that
# is full; standard output is make's, and left out.
# shellcheck disable=SC2016 # sh -c
in_full_tree() {
	mkdir -p "$tmp/full"
	unshare -rm sh -ec 'mount -t tmpfs -o size=100m none "$2"
		(cd "$1" && tar -cf - --exclude=./build --exclude=./work \
			--exclude=./.git .) | tar -xf - --no-same-owner -C "$2"
		cd "$2" && shift 2
		head -c 100M /dev/zero >filler 2>/dev/null || :
		exec "$@" >/dev/null' - "$top" "$tmp/full" "$@"
}

one_line() {
	[ "$(wc -l <"$tmp/said")" -eq 1 ]
}

if unshare -rm true 2>/dev/null; then
	check_status 3 'a full disk, nothing built' in_full_tree \
		env COURSE_SETUP=no ./course grade lab01
	cp "$tmp/out" "$tmp/said"
	check_says '... is told' 'no space is left on the disk of'
	check '... in one sentence' one_line
fi

# What is set in the user's shell for other work. A stand-in for make tells what
# it gets of it.
foreign="CC=no-such-cc CFLAGS=-m16 VARIANT=odd O=/nowhere MAKEFLAGS=-n \
	MAKEFILES=/nowhere GIT_DIR=/nowhere GIT_INDEX_FILE=/nowhere \
	TAR_OPTIONS=--no-such-option POSIXLY_CORRECT=1"
in_a_foreign_shell() {
	mkdir -p "$tmp/make"
	printf '#!/bin/sh\nenv >"%s"\n' "$tmp/environment" >"$tmp/make/make"
	chmod +x "$tmp/make/make"
	# shellcheck disable=SC2086 # they are words
	env $foreign COURSE_SETUP=no PATH="$tmp/make:/usr/bin:/bin" \
		"$top/course" list lab01 --plain
}
is_told_nothing() {
	for word in $foreign; do
		! grep "^${word%%=*}=" "$tmp/environment" || return
	done
}
check "what a user's shell has set for others" in_a_foreign_shell
check '... is nothing to make and git' is_told_nothing
check '... which find what is in sbin' \
	grep -q '^PATH=.*:/usr/sbin' "$tmp/environment"

# Of many files, and in each folder that make looks into.
clock_set_back() {
	cat >"$tmp/make/make" <<-'STUB'
		#!/bin/sh
		for file in a.c b.c; do
			echo "make[1]: Warning: File '$file' has modification" \
				"time 172799 s in the future" >&2
		done
		echo "make[1]: warning:  Clock skew detected.  Your build may" \
			"be incomplete." >&2
	STUB
	COURSE_SETUP=no PATH="$tmp/make:$PATH" "$top/course" list lab01 \
		>/dev/null
}
check 'files of a time to come' clock_set_back
cp "$tmp/out" "$tmp/said"
check_says '... are told' 'was the clock set back?'
check '... in one sentence' one_line

# In a workspace, the same script offers less.
mkdir -p "$tmp/work space/.readylist"
cp "$top/course" "$tmp/work space"
check 'course in a workspace' "$tmp/work space/course"
check_status 2 'start in a workspace' "$tmp/work space/course" start
check_says '... says why' 'workspace'

# stub NAME STATUS TEXT: a program of that name in front of the system's.
stub() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\necho "%s"\nexit %s\n' "$3" "$2" >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

setup() {
	PATH="$tmp/bin:$PATH" sh "$top/common/setup.sh" students
}

# apt-get that notes that it was called.
stub_apt() {
	mkdir -p "$tmp/bin"
	cat >"$tmp/bin/apt-get" <<-STUB
		#!/bin/sh
		echo "\$*" >>"$tmp/apt-calls"
		exit $1
	STUB
	chmod +x "$tmp/bin/apt-get"
}

never_called() {
	[ ! -e "$tmp/apt-calls" ]
}

never_installed() {
	! grep -v -e ' update$' -e --download-only "$tmp/apt-calls"
}

COURSE_SETUP=
export COURSE_SETUP
stub_apt 0
stub dpkg-query 0 'installed gcc
installed make'
stub id 0 1000
stub sudo 1 'a password is required'
check_status 1 'packages missing and no root' setup
check_says '... names them' 'Missing: libc6-dev libbsd-dev libcriterion-dev'
check_says '... says how' 'sudo apt-get install'
check '... and changed nothing' never_called

stub id 0 0
stub_apt 100
check_status 1 'packages missing and no network' setup
check_says '... names them' 'libcriterion-dev'
check_says '... says that nothing changed' 'Nothing was changed.'
check '... and did not' never_installed

rm "$tmp/bin/dpkg-query"
not_debian() {
	mkdir -p "$tmp/bare"
	for program in sh dirname cat; do
		ln -sf "$(command -v "$program")" "$tmp/bare/$program"
	done
	PATH="$tmp/bare" sh "$top/common/setup.sh" students
}
check_status 1 'not a Debian' not_debian
check_says '... names the packages' 'libcriterion-dev'
finish
