#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What an instructor uploads to a school's system, or commits there, to have a
# lab graded by it.
#
#	bundle.sh SYSTEM LAB [--out FILE|DIR]
#
# A system is a file of the folder bundle/, which says in `about` what it makes,
# in `kind` whether that is a zip or a folder, and in `next` what is done with it;
# and has a function lay_out DIR that fills the folder DIR. It may use what is
# defined here: $lab, $title, $deliverables, and the functions official_tree and
# script. Same files, same bytes: names are sorted, times, owners and modes fixed.
# What a system says comes from its file; lists of names are split on purpose.
# shellcheck disable=SC2034,SC2046,SC2154
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
top=${here%/grader}
grade=$top/build/gcc/grader/grade/grade
# shellcheck source=grader/tracked.sh
. "$here/tracked.sh"

fail() {
	echo "bundle: $*" >&2
	exit 2
}

systems() {
	for file in "$here"/bundle/*.sh; do
		basename -- "$file" .sh
	done
}

usage() {
	echo "usage: ./course bundle SYSTEM LAB [--out FILE|DIR]"
	echo
	echo "What a school's system needs to grade LAB. SYSTEM is one of"
	echo
	for system in $(systems); do
		# shellcheck source=/dev/null
		(. "$here/bundle/$system.sh" && printf '  %-14s%s\n' \
			"$system" "${about:-}")
	done
	echo
	echo "FILE or DIR is in build/bundle/ unless told; DIR is new or empty."
}

# given_to_graders PATH: is this file needed where LAB is graded officially?
# The course's own tests, mistakes and texts are not, nor is any other lab, but
# for the modules that LAB is linked with.
given_to_graders() {
	case $1 in
	grader/judge/* | grader/chaos/* | grader/grade/* | grader/official/* | \
		grader/Makefile | grader/sources.mk | grader/outcome.[ch]) return 0 ;;
	*/checks/* | */experiments/* | */mutants/*) return 1 ;;
	"$lab"/* | common/* | Makefile | LICENSE) return 0 ;;
	*/tests/* | */starter/* | */grading.ini | *.md) return 1 ;;
	esac
	case " $uses " in
	*" ${1%%/*} "*) return 0 ;;
	esac
	return 1
}

# official_tree DIR: what official grading of LAB needs, and no more. DIR/version
# is a sum of it all.
official_tree() {
	mkdir -p "$1"
	uses=$(make --no-print-directory -s -C "$top/$lab" print-uses |
		tr ' ' '\n' | sed 's|/.*||' | sort -u | tr '\n' ' ')
	tracked_files "$top" >"$work/tracked"
	while read -r path; do
		if [ -f "$top/$path" ] && given_to_graders "$path"; then
			echo "$path"
		fi
	done <"$work/tracked" | LC_ALL=C sort >"$work/paths"
	tar -C "$top" -cf - -T "$work/paths" | tar -C "$1" -xf -
	(cd "$1" && find . -type f | LC_ALL=C sort | xargs sha256sum) \
		>"$work/version"
	sha256sum <"$work/version" | cut -c 1-64 >"$1/version"
}

# script FILE: an executable with what is on standard input.
script() {
	cat >"$1"
	chmod 755 "$1"
}

# same_for_all DIR: modes and times that do not tell where this was done.
same_for_all() {
	find "$1" -type d -exec chmod 755 {} +
	find "$1" -type f -perm -100 -exec chmod 755 {} +
	find "$1" -type f ! -perm -100 -exec chmod 644 {} +
	find "$1" -depth -exec touch -h -d "@$packed_at" {} +
}

# zipped DIR FILE
zipped() {
	python3 - "$1" "$2" <<-'PYTHON'
	import os, sys, zipfile
	folder, to = sys.argv[1:]
	paths = sorted(os.path.relpath(os.path.join(at, name), folder)
	               for at, _, names in os.walk(folder) for name in names)
	with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
	    for path in paths:
	        full = os.path.join(folder, path)
	        entry = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
	        entry.create_system = 3  # modes are those of Unix
	        entry.external_attr = os.stat(full).st_mode << 16
	        entry.compress_type = zipfile.ZIP_DEFLATED
	        with open(full, "rb") as f:
	            out.writestr(entry, f.read())
	PYTHON
}

# check_out: OUT can be made.
check_out() {
	if [ "$kind" = zip ]; then
		[ ! -d "$out" ] || fail "--out $out: a folder, expected a file"
		return
	fi
	[ ! -e "$out" ] || [ -d "$out" ] ||
		fail "--out $out: a file, expected a folder"
	[ ! -d "$out" ] || [ -z "$(ls -A "$out")" ] ||
		fail "--out $out: there is something in it," \
			"expected a new or empty folder"
}

# --------------------------------------------------------------- arguments

system=
name=
out=
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage && exit ;;
	--out) [ -n "${2:-}" ] || fail "--out needs a path"
		out=$2 && shift ;;
	--out=?*) out=${1#--out=} ;;
	-*) fail "no option '$1'; known: --out FILE|DIR" ;;
	*)
		if [ -z "$system" ]; then
			system=$1
		elif [ -z "$name" ]; then
			name=$1
		else
			fail "a system and a lab, and then '$1'"
		fi
		;;
	esac
	shift
done
[ -n "$name" ] || fail "usage: ./course bundle SYSTEM LAB [--out FILE|DIR];" \
	"systems:" $(systems)
systems | grep -qxF -- "$system" ||
	fail "no system '$system'; known:" $(systems)
found=$("$grade" labs "${name%/}" --root "$top") || exit 2
[ "$(echo "$found" | wc -l)" -eq 1 ] || fail "'$name' is more than one lab"
lab=$(echo "$found" | cut -f 1)
title=$(echo "$found" | cut -f 3)
deliverables=$("$grade" deliverables "$lab" --root "$top" | sed 's|.*/||')

# ------------------------------------------------------------------- main

# shellcheck source=/dev/null
. "$here/bundle/$system.sh"
if [ -n "$out" ]; then
	check_out
else
	out=$top/build/bundle/$system-$lab
	[ "$kind" != zip ] || out=$out.zip
	rm -rf "$out"
fi
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir "$work/bundle"
lay_out "$work/bundle"
same_for_all "$work/bundle"
mkdir -p "$(dirname -- "$out")" ||
	fail "--out $out: its folder cannot be made"
if [ "$kind" = zip ]; then
	zipped "$work/bundle" "$work/zip"
	cp "$work/zip" "$out.$$" || fail "--out $out: it cannot be written"
	mv "$out.$$" "$out"
else
	mkdir -p "$out" || fail "--out $out: it cannot be written"
	cp -a "$work/bundle/." "$out/"
fi
echo "$out: $(find "$work/bundle" -type f | wc -l) files for $title"
echo "Next: $next"
