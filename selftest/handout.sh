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

# Whoever the tree belongs to, git says what is handed out: nothing that lies
# about. Root alone can give a tree away.
of_another() {
	copy_tree "$tmp/theirs" && git init -q "$tmp/theirs" &&
		git -C "$tmp/theirs" add . && echo secret >"$tmp/theirs/notes" &&
		chown -R 65534 "$tmp/theirs" &&
		sh -c '. "$1/grader/tracked.sh"; tracked_files "$1"' - \
			"$tmp/theirs" >"$tmp/tracked" &&
		grep -qx course "$tmp/tracked" && ! grep notes "$tmp/tracked"
}
[ "$(id -u)" -ne 0 ] || check "a tree that is somebody else's" of_another

# A clone that git cannot read: nobody knows what may be given away.
broken_clone() {
	mkdir -p "$tmp/broken/.git" && echo secret >"$tmp/broken/notes"
	sh -ec '. "$1/grader/tracked.sh"; tracked_files "$2"' - "$top" \
		"$tmp/broken"
}
check_status 1 'a clone that git cannot read' broken_clone
check_says '... is told' 'git is to say which files'
check '... and nothing is given away' [ -z "$(grep notes "$tmp/out")" ]

# Stories without the reference, and for programs.
story() {
	"$given/course" scope et-stall --json >"$tmp/story.json" &&
		python3 - "$tmp/story.json" <<-'PYTHON'
			import json, sys
			story = json.load(open(sys.argv[1]))
			assert story["script"] == "et-stall.uep", story["script"]
			assert story["agree"] and story["title"] and story["notes"]
			assert any("bytes" in json.dumps(s) for s in story["steps"])
			assert any('"key"' in json.dumps(s) for s in story["steps"])
		PYTHON
}
check 'a story of a handout as JSON' story

check_status 2 'a place that cannot be written to' handout lab01 \
	--output /proc/nowhere/a.tgz
check_says '... is told' 'cannot be written there'

check 'handout of one lab' handout lab03 --output "$tmp/three.tgz"
check_says '... has those that it stands on' '3 labs'
check_status 2 'handout of no such lab' handout lab99
check_status 2 'an unknown option' handout --quick
check_status 2 'a folder for a file' handout --output "$tmp"
finish
