#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The archive that students are given: the same bytes each time, nothing in it
# that they are not to have, and what it unpacks to grades.
. "$(dirname -- "$0")/lib.sh"

need_grader
given=$tmp/given/readylist

handout() {
	"$top/course" handout "$@"
}

elsewhere() {
	(umask 077 && cd / && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$top/course" handout \
		--output="$tmp/b.tgz")
}

without() {
	! find "$given" -path "$1" | grep .
}

no_words() {
	! grep -rlF "$@" "$given"
}

one_owner() {
	! tar --numeric-owner -tvzf "$tmp/a.tgz" | grep -v ' 0/0 '
}

starter_scores() {
	(cd "$given" && env -u MAKEFLAGS ./course grade lab01 --plain)
	[ "$(points lab01-blocking "$given")" = "$1" ]
}

check 'handout makes an archive' handout --output "$tmp/a.tgz"
check '... and once more, by other habits' elsewhere
check '... of the same bytes' cmp "$tmp/a.tgz" "$tmp/b.tgz"
check '... in which nobody owns anything' one_owner
mkdir "$tmp/given"
tar -xzf "$tmp/a.tgz" -C "$tmp/given"
for path in '*/lab*/starter' '*/mutants' '*/checks' '*/tests/hidden' \
	'*/selftest' '*/attacks' '*/official' '*/.git' '*/origin' '*.o' \
	'*/build' '*/bench' '*/grader/bundle*'; do
	check "without ${path#\*/}" without "$path"
done
for lab in $(labs); do
	"$grade" list "$lab" --plain --root "$top" |
		awk -F '\t' '$5 == "hidden" { print $2 }'
done >"$tmp/hidden"
check 'there are hidden tests' test -s "$tmp/hidden"
check '... and none of their names' no_words -f "$tmp/hidden"
python3 "$top/selftest/handout.py" "$top" "$given" >"$tmp/python" ||
	failed=$((failed + 1))
grep -v '^count:' "$tmp/python"
passed=$((passed + $(grep -c '^ok' "$tmp/python")))
check "a lab's starter scores what it should" starter_scores \
	"$("$grade" labs lab01 --root "$top" | cut -f 2)"

check 'handout of one lab' handout lab03 --output "$tmp/three.tgz"
check_says '... has those that it stands on' '3 labs'
check_status 2 'handout of no such lab' handout lab99
check_status 2 'an unknown option' handout --quick
check_status 2 'a folder for a file' handout --output "$tmp"
finish
