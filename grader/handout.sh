#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What students are given: a workspace in a tar archive.
#
#	handout.sh [LAB...] [--output FILE]
#
# Of LABs alone, and the labs that they stand on; of all if none is named. FILE
# is build/handout.tar.gz unless told; the archive has one folder, readylist/.
#
# The workspace is made of a copy of the tree that has only the files that git
# knows, so that nothing that lies about is handed out, whose grading.ini have no
# hidden tests, and which cannot grade officially. Same files, same bytes: names are sorted, times and
# owners are fixed, and gzip is told no name and no time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
top=${here%/grader}
# shellcheck source=grader/tracked.sh
. "$here/tracked.sh"
grade=$top/build/gcc/grader/grade/grade
page=lab04-epoll-lt-et/inside/explorer/epoll.html
output=$top/build/handout.tar.gz
labs= # folders, a line each

fail() {
	echo "handout: $*" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--output) output=${2:?"--output needs a file"} && shift ;;
	--output=?*) output=${1#--output=} ;;
	-*) fail "no option '$1'; known: --output FILE" ;;
	*)
		found=$("$grade" labs "${1%/}" --root "$top") || exit 2
		labs="$labs
$(echo "$found" | cut -f 1)"
		;;
	esac
	shift
done
[ -n "$labs" ] || labs=$("$grade" labs --root "$top" | cut -f 1)
[ ! -d "$output" ] || fail "--output $output: a folder, expected a file"
mkdir -p "$(dirname -- "$output")" 2>/dev/null || :
[ -w "$(dirname -- "$output")" ] ||
	fail "--output $output: cannot be written there"

# The labs on standard input, and those whose modules they use.
with_used() {
	while read -r lab; do
		[ -n "$lab" ] || continue
		echo "$lab"
		make --no-print-directory -s -C "$top/$lab" print-uses |
			tr ' ' '\n' | sed -n 's|/.*||p'
	done | sort -u
}

# without_hidden: grading.ini without the sections of hidden tests.
without_hidden() {
	awk '
	function flush() {
		if (!hidden)
			printf "%s", section
		section = ""
		hidden = 0
	}
	/^\[/ { flush() }
	/^visibility *= *hidden *$/ { hidden = 1 }
	{ section = section $0 "\n" }
	END { flush() }'
}

# The copy of the tree, in the folder $1.
copy() {
	mkdir "$1"
	tracked_files "$top" >"$work/tracked"
	while read -r path; do
		lab=${path%%/*}
		case $path in
		lab[0-9][0-9]-*/tests/hidden/* | grader/attacks/* | \
			grader/official/* | grader/batch/* | grader/bundle/* | \
			grader/bundle.sh | docs/INSTRUCTORS.md) continue ;;
		lab[0-9][0-9]-*) echo "$labs" | grep -qxF -- "$lab" || continue ;;
		esac
		[ ! -f "$top/$path" ] || echo "$path"
	done <"$work/tracked" >"$work/paths"
	tar -C "$top" -cf - -T "$work/paths" | tar -C "$1" -xf -
	for ini in "$1"/lab[0-9][0-9]-*/grading.ini; do
		without_hidden <"$ini" >"$work/ini"
		cp "$work/ini" "$ini"
	done
	ln -s "$top/build" "$1/build" # lab 4's stories are played from there
}

# Lab 4's stories, and its page if this machine has the compiler for it.
inside_of_epoll() {
	make --no-print-directory -s -C "$top/${page%%/*}" programs \
		>"$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
	if make --no-print-directory -s -C "$top/${page%%/*}" explorer \
		>"$work/log" 2>&1; then
		cp "$top/$page" "$1/$page"
	else
		echo "Without lab 4's page: ./course setup explorer installs" \
			"what builds it."
	fi
}

until more=$(echo "$labs" | with_used) && [ "$more" = "$labs" ]; do
	labs=$more
done
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work" "$output.$$"' EXIT
trap 'exit 130' HUP INT TERM
copy "$work/tree"
[ ! -d "$work/tree/${page%%/*}" ] || inside_of_epoll "$work/tree"
GRADE=$grade sh "$work/tree/grader/workspace.sh" start "$work/readylist" \
	>"$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
cd "$work"
rm -rf readylist/.git readylist/.readylist/origin
export LC_ALL=C
tar --sort=name --format=gnu --mtime=@$packed_at --owner=0 --group=0 \
	--numeric-owner --mode=u+rw,go+rX,go-w -cf handout readylist
gzip -n -9 handout
cd "$OLDPWD"
cp "$work/handout.gz" "$output.$$"
mv "$output.$$" "$output"
echo "$output: $(echo "$labs" | wc -l) labs," \
	"$(tar -tzf "$output" | grep -vc '/$') files," \
	"SHA-256 $(sha256sum <"$output" | cut -c 1-64)"
