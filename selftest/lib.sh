# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the steps of selftest/run.sh share, beside the harness of all checks. A
# step is a script that prints what it checks, ends with a line "count: N
# passed, N failed" if it can count, and has status 0 if all is well, 77 if it
# cannot run here.

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
export grade="$top/build/gcc/grader/grade/grade"

# shellcheck source=common/checks/harness.sh
. "$top/common/checks/harness.sh"

# Debian's own where there is one: a version manager's takes long to begin.
python3() {
	if [ -x /usr/bin/python3 ]; then
		/usr/bin/python3 "$@"
	else
		command python3 "$@"
	fi
}

# For a step that is run by itself; else it is built already.
need_grader() {
	make --no-print-directory -s -C "$top" grader
}

# The labs that can be graded, a name a line.
labs() {
	"$grade" labs --root "$top" | cut -f 1
}

# A copy of the tree as it is now in the folder $1, nothing built.
copy_tree() {
	mkdir -p "$1"
	(cd "$top" && tar -cf - --exclude=./build --exclude=./work \
		--exclude=./.git .) | tar -xf - -C "$1"
}

# copy_built TREE FOLDER...: what these folders were built to, in a copy of the tree,
# where make then builds only what differs.
copy_built() {
	built=$1/build/gcc
	shift
	mkdir -p "$built"
	for folder; do
		cp -a "$top/build/gcc/$folder" "$built/"
	done
}

# share_objects FOLDER...: in the workspace that is the current folder, what is
# as it is in the tree has its times, what is not is new, and the objects come
# along: make builds the rest. A workspace has no hidden tests, so its judge is
# linked anew.
share_objects() {
	for folder; do
		place=$folder
		[ "$folder" != grader ] || place=.readylist/grader
		(cd "$place" && find . -type f) >"$tmp/files"
		while read -r file; do
			if cmp -s "$top/$folder/$file" "$place/$file"; then
				touch -r "$top/$folder/$file" "$place/$file"
			else
				touch "$place/$file"
			fi
		done <"$tmp/files"
		mkdir -p build/gcc
		rm -rf "build/gcc/$folder"
		cp -a "$top/build/gcc/$folder" build/gcc/
		rm -f "build/gcc/$folder/tests/graded"
	done
	find build/gcc -name '*.d' -exec sed -i \
		"s|$top/|$PWD/|g; s|$PWD/grader/|$PWD/.readylist/grader/|g" {} +
}

# check_results FILE WHAT: one check for each line of `grade run --plain`, and
# the test passed.
check_results() {
	: >"$tmp/out"
	[ -s "$1" ] || bad "$2: no test has a result"
	while read -r outcome _ _ _ id; do
		if [ "$outcome" = pass ]; then
			good "$2 $id"
		else
			bad "$2 $id: $outcome"
		fi
	done <"$1"
}

# The points of the lab $1 when it was graded last, below the folder $2.
points() {
	"$grade" board --plain --root "$2" |
		awk -F '\t' -v lab="$1" '$1 == lab { print $2 }'
}
