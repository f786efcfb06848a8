#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Plays a story about the inside of epoll, on the kernel and on uepoll.
#
#	scope.sh TOP [STORY] [--mine] [--step] [--json]
#
# A story is a script in lab 4's inside/scope/, or a file of one's own; without
# one, lists them. uepoll is the reference's: that of the tree TOP, or of the
# tree that the workspace TOP was made from. In a handout, which came without
# one, and where that tree cannot be built, the story is shown from a recording;
# a file of one's own can only be played with --mine: on the uepoll in the
# workspace.
set -eu

top=$1
shift
lab=lab04-epoll-lt-et
stories=$top/$lab/inside/scope
recordings=$top/.readylist/stories
mine=
options=
story=

fail() {
	printf '%s\n' "$@" >&2
	exit 2
}

known() {
	for file in "$stories"/*.uep; do
		name=${file##*/}
		printf '  %-14s %s\n' "${name%.uep}" \
			"$(sed -n '1s/^# *//p' "$file")"
	done
}

for arg; do
	case $arg in
	--mine) mine=yes ;;
	--step | --json) options="$options $arg" ;;
	-h | --help)
		sed -n 's/^# \{0,1\}//; 4,13p' "$0"
		exit 0
		;;
	-*) fail "scope has no option '$arg': it takes a STORY, --mine, --step, --json" ;;
	*)
		[ -z "$story" ] || fail "scope takes one STORY"
		story=$arg
		;;
	esac
done
if [ -z "$story" ]; then
	echo "Stories about the inside of epoll:"
	known
	echo
	echo "Next: ./course scope et-stall --step"
	exit 0
fi

file=$stories/$story.uep
[ -f "$file" ] || file=$story
[ -f "$file" ] ||
	fail "scope: no story and no file '$story'; the stories are:" "$(known)"

# The tree with the uepoll to be played: TOP, or where TOP came from.
tree=$top
if [ -d "$top/.readylist" ] && [ -z "$mine" ]; then
	tree=$(cat "$top/.readylist/origin" 2>/dev/null || true)
fi

# The recording of the story, which there is none of for one's own.
show_recording() {
	form=txt
	case $options in
	*--json*) form=json ;;
	*--step*) echo "(a recording: --step needs --mine here)" >&2 ;;
	esac
	[ -f "$recordings/$story.$form" ] ||
		fail "scope: $1, and there is no recording of '$story'." \
			"--mine plays it on your uepoll.c."
	cat "$recordings/$story.$form"
	exit 0
}

build() {
	make --no-print-directory -s -C "$tree/common" >/dev/null &&
		make --no-print-directory -s -C "$tree/$lab" programs >/dev/null
}

if [ -z "$tree" ] || [ ! -f "$tree/$lab/uepoll.c" ]; then
	show_recording "this handout came without the reference"
elif [ "$tree" = "$top" ]; then
	build
else
	build 2>/dev/null || show_recording "$tree cannot be built"
fi
# shellcheck disable=SC2086 # a list of options
exec "$tree/build/gcc/$lab/epoll-scope" "$file" $options
