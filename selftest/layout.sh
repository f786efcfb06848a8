#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each lab's folder is laid out as docs/STYLE.md says: the top is the student's,
# a folder is given; tests/ grades, checks/ does not; a mutant lies in the
# folder of the deliverable that it changes, under the name that it has.
. "$(dirname -- "$0")/lib.sh"

# The deliverables of the lab $1, a name a line.
deliverables() {
	"$grade" deliverables "$1" --root "$top" | sed 's|.*/||'
}

# Names at the top of the lab $1 that have no place there.
strangers() {
	for path in "$1"/*; do
		name=${path##*/}
		[ -f "$path" ] || continue
		case $name in
		Makefile | README.md | grading.ini | main.c) continue ;;
		esac
		deliverables "$1" | grep -qxF "${name%.[ch]}.c" || echo "$name"
	done
}

# Folders of the lab $1 that have the name of a program: objects mirror the
# tree, and the linker would find a folder where its output goes.
folders_of_programs() {
	make --no-print-directory -s -C "$1" print-programs | tr ' ' '\n' |
		while read -r program; do
			[ ! -d "$1/$program" ] || echo "$program"
		done
}

# Mutants of the lab $1 that lie elsewhere than they say.
misplaced() {
	find "$1/mutants" -name '*.patch' -exec awk -v lab="$1" \
		-v deliverables=" $(deliverables "$1" | tr '\n' ' ')" '
	function judge() {
		if (path == "")
			return
		if (!named)
			print path ": expected a line Mutant: " name
		if (!own)
			print path ": does not change " lab "/" folder ".c"
		if (files != 1)
			print path ": expected a change of one file, not of " files
		if (!index(deliverables, " " folder ".c "))
			print path ": " folder ".c is no deliverable"
	}
	FNR == 1 {
		judge()
		path = FILENAME
		n = split(path, parts, "/")
		name = substr(parts[n], 1, length(parts[n]) - length(".patch"))
		folder = parts[n - 1]
		named = own = files = 0
	}
	$0 == "Mutant: " name { named = 1 }
	/^[+][+][+] / {
		files++
		if ($2 == "b/" lab "/" folder ".c" ||
		    $2 == "b/" lab "/" folder ".h")
			own = 1
	}
	END { judge() }' {} +
}

# none WHAT COMMAND...: the command prints nothing.
none() {
	what=$1
	shift
	"$@" >"$tmp/out" 2>&1
	if [ -s "$tmp/out" ]; then
		bad "$what"
	else
		good "$what"
	fi
}

# Tests of which no mutant says that they catch it: nothing shows what they see.
unproven() {
	sed -n 's/^\[test:\(.*\)\]$/\1/p' "$1/grading.ini" | sort >"$tmp/tests"
	find "$1/mutants" -name '*.patch' -exec sed -n 's/^Caught-by: //p' {} + |
		tr ' ' '\n' | sort -u | comm -23 "$tmp/tests" -
}

# What a build left, and somebody has committed: each clone would have it.
built_files() {
	git ls-files -- '*/build/*' '*.o' '*.a' '*.d'
}

need_grader
cd "$top"
none 'no file that is built is committed' built_files
for lab in $(labs); do
	none "$lab: the top has the student's files and no others" \
		strangers "$lab"
	none "$lab: no folder has a program's name" folders_of_programs "$lab"
	none "$lab: tests/ only grades" \
		find "$lab/tests" -type f ! -name '*.[ch]'
	none "$lab: mutants lie where they belong" misplaced "$lab"
	none "$lab: each test has a mutant" unproven "$lab"
	for file in $(deliverables "$lab"); do
		check "$lab: $file has a starter" test -f "$lab/starter/$file"
		check "$lab: $file has a header" test -f "$lab/${file%.c}.h"
	done
	check "$lab: main.c has 100 lines at most" \
		test "$(wc -l <"$lab/main.c")" -le 100
done
finish
