#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A lab, task by task: the first K tasks are written, the rest is starter. Every
# test of the tasks written passes, and of the others only those that pass with
# the starter: a task can be passed alone, whatever comes after it.
#
# labNN/checks/tasks says which task writes what (lab 1's says how). A task
# that is not listed there writes nothing of its own, and comes with the one
# before it at the latest.
. "$(dirname -- "$0")/lib.sh"

lab=$1
tasks=$top/$lab/checks/tasks
[ -f "$tasks" ] || {
	echo "$lab does not say which task writes what"
	exit 77
}
need_grader
export GRADE="$grade"
work=$top/build/test/tasks-$lab

# The tasks with something to write, a number a line.
listed() {
	sed '/^#/d; /^$/d; s/ .*//' "$tasks" | sort -nu
}

files() {
	sed '/^#/d; /^$/d' "$tasks" | cut -d ' ' -f 2 | sort -u
}

# The file $1 when $2 tasks are written: the reference, in which functions that
# are still to be written are the starter's.
partial() {
	awk -v file="$1" -v written="$2" '
	function name_of(line) {
		if (line !~ /^[a-z].*\(/ || line ~ /;$/)
			return ""
		match(line, /[a-z_0-9]+\(/)
		return substr(line, RSTART, RLENGTH - 1)
	}
	part == "tasks" {
		if (/^#/ || $2 != file || $1 <= written)
			next
		if (NF == 2)
			whole = 1
		else if ($4 == "{") {
			code = $0
			sub(/^[^{]*\{ /, "", code)
			sub(/ \}$/, "", code)
			begin[$3] = begin[$3] "\t" code "\n"
		} else
			for (i = 3; i <= NF; i++)
				todo[$i]
		next
	}
	part == "starter" && whole { print; next }
	part == "starter" {
		if (!inside && (inside = name_of($0)) == "")
			next
		text[inside] = text[inside] $0 "\n"
		if (/^}/)
			inside = ""
		next
	}
	whole { next }
	!inside && (inside = name_of($0)) in todo { printf "%s", text[inside] }
	!(inside in todo) {
		print
		if (/^{/ && inside in begin)
			printf "%s", begin[inside]
	}
	/^}/ { inside = "" }' part=tasks "$tasks" \
		part=starter "$top/$lab/starter/$1" \
		part=reference "$top/$lab/$1"
}

# Grades the lab with $1 tasks written: "TEST TASK OUTCOME" a line.
grade_with() {
	for file in $(files); do
		partial "$file" "$1" >"$lab/$file"
	done
	make --no-print-directory -s -C "$lab" WARN= programs tests >"$tmp/out" 2>&1 ||
		bad "$lab with $1 tasks written does not build"
	"$grade" list "$lab" --plain | cut -f 2,4 | sort >"$tmp/tasks"
	"$grade" run "$lab" --plain="$tmp/plain" --verbose --build plain --jobs 16+ \
		>"$tmp/told" 2>&1 || :
	cut -f 1,5 "$tmp/plain" |
		awk -F '\t' '{ print $2 "\t" $1 }' | sort |
		join -t "$(printf '\t')" "$tmp/tasks" -
}

# What the grader told of the tests that failed by surprise, $1 as it is printed
# by surprises(): a run under load may never fail so again.
told() {
	awk 'FNR == NR { if (/, and is: /) wanted[$1]; next }
	/^  [^ ]/ { inside = $2 in wanted && NF == 2 }
	inside' "$1" "$tmp/told"
}

# The tests in $1 that did not come out as they should with $2 tasks written.
surprises() {
	awk -v written="$2" -v starter="$tmp/starter" -v list="$(listed)" '
	BEGIN {
		while ((getline < starter) > 0)
			if ($3 == "pass")
				free[$1]
		n = split(list, task)
		for (i = 1; i <= n; i++)
			listed[task[i]]
	}
	$2 <= written && $3 != "pass" {
		print $1 " is of task " $2 ", and is: " $3
	}
	$2 > written && $2 in listed && $3 == "pass" && !($1 in free) {
		print $1 " is of task " $2 ", and passes already"
	}' "$1"
}

check 'start' sh "$top/grader/workspace.sh" start "$work"
cd "$work"
sh .readylist/grader/workspace.sh reset "$lab" >/dev/null
for other in $(labs); do
	[ "$other" = "$lab" ] ||
		sh .readylist/grader/workspace.sh solve "$other" >/dev/null
done
uses=$(make --no-print-directory -s -C "$lab" print-uses | tr ' ' '\n' |
	sed 's|/.*||' | sort -u)
# shellcheck disable=SC2086 # a list
share_objects common grader $uses "$lab"
make --no-print-directory -s grader
grade_with 0 >"$tmp/starter"
for task in $(listed); do
	# Tasks that write nothing come with the one before them.
	next=$(listed | awk -v task="$task" '$1 > task' | head -n 1)
	written=$((${next:-100} - 1))
	grade_with "$written" >"$tmp/result"
	surprises "$tmp/result" "$written" >"$tmp/out"
	if [ -s "$tmp/out" ]; then
		told "$tmp/out" | head -n 34 >"$tmp/tail"
		cat "$tmp/tail" >>"$tmp/out"
		bad "$lab: task $task is written, and those before it"
	else
		good "$lab: task $task is written, and those before it"
	fi
done
finish
