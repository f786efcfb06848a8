#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The texts are true to the tree: every link leads somewhere (its heading
# too), every path in backquotes exists, every `./course` command and
# experiment named is known, each handout's table of tests agrees with its
# grading.ini, the table of steps with run.sh, and every word of the glossary is
# used.
# shellcheck disable=SC2033 # xargs begins the one of PATH
. "$(dirname -- "$0")/lib.sh"

need_grader
cd "$top"
texts=$(find . \( -path ./build -o -path ./work -o -name .git -o -type d \
	-exec test -d '{}/.readylist' \; \) -prune -o -name '*.md' -print |
	sed 's,^\./,,' | sort)

# The text without its fenced blocks.
prose() {
	awk '/^ *```/ { fenced = !fenced; next } !fenced' "$1"
}

# The anchors that a renderer makes of the headings.
anchors() {
	prose "$1" | sed -n 's/^##* //p' | tr '[:upper:]' '[:lower:]' |
		sed 's/`//g; s/[^a-z0-9 _-]//g; s/ /-/g'
}

# "story=NAME&step=3" behind the page in the browser, which is built: is there
# such a story?
is_story() {
	name=${1#story=}
	in_a_lab "inside/scope/${name%%&*}.uep" ||
		in_a_lab "inside/explorer/puzzles/${name%%&*}.uep"
}

# Is $2, in the text $1, a place in the tree?
leads_somewhere() {
	path=${2%%#*}
	file=${path:+$(dirname "$1")/$path}
	file=${file:-$1}
	case $path in
	*explorer/epoll.html) is_story "${2#*#}" && return ;;
	esac
	[ -e "$file" ] || return 1
	case $2 in
	*#*) anchors "$file" | grep -qxF -- "${2#*#}" ;;
	esac
}

check_links() {
	prose "$1" | grep -o '](<*[^)]*)' | sed 's/^](<*//; s/>*)$//' |
		sort -u >"$tmp/links"
	while read -r link; do
		case $link in
		http://* | https://* | mailto:*) continue ;;
		esac
		: >"$tmp/out"
		if leads_somewhere "$1" "$link"; then
			good "$1: $link"
		else
			bad "$1: $link leads nowhere"
		fi
	done <"$tmp/links"
}

sources() {
	find . \( -path ./build -o -path ./work \) -prune -o -name '*.[ch]' -print
}

# What is code in the headers that texts are likely to name functions of, and in
# our own sources; a comment makes no function. And the kernel's functions, which
# experiments name with their files.
known_functions() {
	sources | xargs python3 -B selftest/docs/comments.py code
	find /usr/include -maxdepth 1 -name '*.h' -exec cat {} +
	find /usr/include/sys /usr/include/*/sys /usr/include/*/bits \
		/usr/include/openssl /usr/include/linux -maxdepth 1 \
		-name '*.h' -exec cat {} + 2>/dev/null || :
	cut -f 1 selftest/docs/kernel-functions
	sources | grep /experiments/ |
		xargs python3 -B selftest/docs/comments.py named | cut -f 2
}

check_functions() {
	# shellcheck disable=SC2016 # backquotes of the text
	prose "$1" | grep -o '`[a-z_][a-zA-Z0-9_]*()`' | tr -d '`()' | sort -u |
		while read -r name; do
		case $name in
		module_verb) ;; # STYLE.md's pattern of a name
		*) grep -qxF -- "$name" "$tmp/functions" || echo "$name" ;;
		esac
	done >"$tmp/out"
	if [ -s "$tmp/out" ]; then
		bad "$1: functions that are nowhere"
	else
		good "$1: its functions exist"
	fi
}

# The functions that comments name exist.
check_comments() {
	sources | xargs python3 -B selftest/docs/comments.py named |
		awk -F '\t' 'known { is[$0]; next } !($2 in is)' \
			known=yes "$tmp/functions" known= - >"$tmp/out"
	if [ -s "$tmp/out" ]; then
		bad "comments name functions that are nowhere"
	else
		good "the functions that comments name exist"
	fi
}

# Words in backquotes, one a line.
quoted() {
	# shellcheck disable=SC2016
	prose "$1" | grep -o '`[^`]*`' | tr -d '`' | sort -u
}

in_a_lab() {
	ls -d lab[0-9][0-9]-*/"$1" >/dev/null 2>&1
}

is_test() {
	"$grade" list --plain --root "$top" | cut -f 2 | grep -qxF -- "$1"
}

# Paths whose first folder is in the tree, or beside the text.
check_paths() {
	beside=$(dirname "$1")
	quoted "$1" | grep -x '[A-Za-z0-9_.-]*/[A-Za-z0-9_./-]*' >"$tmp/paths" ||
		return 0
	while read -r path; do
		first=${path%%/*}
		case $first in
		'' | . | .. | build | work) continue ;;
		esac
		[ -d "$first" ] || [ -d "$beside/$first" ] || continue
		: >"$tmp/out"
		if [ -e "$path" ] || [ -e "$beside/$path" ] ||
			in_a_lab "$path" || is_test "$path"
		then
			good "$1: $path"
		else
			bad "$1: $path is not there"
		fi
	done <"$tmp/paths"
}

# ./course COMMAND, in prose and in blocks; capitals stand for something.
check_commands() {
	grep -o '\./course  *[a-z][a-z-]*' "$1" | awk '{ print $2 }' | sort -u |
		while read -r command; do
			"$top/course" help | grep -q "/course $command " ||
				[ "$command" = help ] || echo "$command"
		done >"$tmp/out"
	if [ -s "$tmp/out" ]; then
		bad "$1: commands that ./course does not list"
	else
		good "$1: its ./course commands are known"
	fi
}

# ./course experiments NAME: there is such a program.
check_experiments() {
	grep -o '\./course experiments  *[a-z][a-z0-9-]*' "$1" |
		awk '{ print $3 }' | sort -u | while read -r name; do
		case $name in
		lab[0-9][0-9]*) continue ;;
		esac
		ls lab[0-9][0-9]-*/experiments/"$name.c" >/dev/null 2>&1 ||
			echo "$name"
	done >"$tmp/out"
	if [ -s "$tmp/out" ]; then
		bad "$1: experiments that are not there"
	else
		good "$1: its experiments are there"
	fi
}

# "ID POINTS" of every visible test of the lab.
graded() {
	"$grade" list "$1" --plain --root "$top" |
		awk -F '\t' '$5 == "visible" { print $2, $3 }' | sort
}

# "ID POINTS" of every row of the handout whose cells hold `suite/name` and,
# after it, a number.
told() {
	# shellcheck disable=SC2016
	sed -n 's,^|.*`\([a-z0-9_]*/[a-z0-9_]*\)`[^|]*|\(.*\)$,\1 |\2,p' "$1" |
		sed -n 's/^\([^ ]*\) .*|[ *]*\([0-9][0-9]*\)[ *]*|.*/\1 \2/p' |
		sort
}

check_table() {
	lab=$(dirname "$1")
	[ -f "$lab/grading.ini" ] || return 0
	graded "$lab" >"$tmp/graded"
	told "$1" >"$tmp/told"
	if diff "$tmp/graded" "$tmp/told" >"$tmp/out"; then
		good "$1: its table is grading.ini's"
	else
		bad "$1: its table (>) differs from grading.ini (<)"
	fi
}

# A board in a text names the labs that there are and how many tests a
# workspace has: "  02 nonblocking  ...  37/100  16 of 44 tests".
check_board() {
	sed -n 's/^  \([0-9][0-9]\) [a-z-]* .* of \([0-9]*\) tests.*$/\1 \2/p' \
		"$1" >"$tmp/board"
	[ -s "$tmp/board" ] || return 0
	[ -d "$tmp/work" ] ||
		sh grader/workspace.sh start "$tmp/work" >/dev/null
	while read -r number told; do
		: >"$tmp/out"
		is=$("$grade" list "lab$number" --root "$tmp/work" --plain |
			wc -l)
		if [ "$told" = "$is" ]; then
			good "$1: the board's lab $number has $is tests"
		else
			bad "$1: the board's lab $number has $told tests, not $is"
		fi
	done <"$tmp/board"
	: >"$tmp/out"
	if [ "$(grep -c '^  [0-9][0-9] .*/100  ' "$1")" = "$(labs | wc -l)" ]; then
		good "$1: the board has all labs"
	else
		bad "$1: the board does not have all labs"
	fi
}

# The steps in ARCHITECTURE.md's table are those that run.sh runs.
check_steps() {
	sh selftest/run.sh --steps | sed 's/:.*//' | sort -u >"$tmp/steps"
	sed -n '/^| step /,/^$/s/^| \([a-z_, ]*\) |.*/\1/p' docs/ARCHITECTURE.md |
		sed 1d | tr -s ', ' '\n' | sort >"$tmp/told"
	if diff "$tmp/steps" "$tmp/told" >"$tmp/out"; then
		good "docs/ARCHITECTURE.md: its steps are run.sh's"
	else
		bad "docs/ARCHITECTURE.md: its steps (>) differ from run.sh's (<)"
	fi
}

# Another text uses each word that COURSE.md explains.
check_glossary() {
	for text in $texts; do
		[ "$text" = COURSE.md ] || cat "$text"
	done | tr -s '\n ' '  ' >"$tmp/all"
	sed -n '/^## Words/,/^## /s/^| \([^|]*\) | .*/\1/p' COURSE.md |
		sed '1d; s/ *([^)]*)//g; s/, /\n/g' >"$tmp/words"
	while read -r word; do
		grep -qiF -- "$word" "$tmp/all" || echo "$word"
	done <"$tmp/words" >"$tmp/out"
	if [ -s "$tmp/words" ] && [ ! -s "$tmp/out" ]; then
		good "COURSE.md: the words of its glossary are used"
	else
		bad "COURSE.md: words of its glossary that no text uses"
	fi
}

known_functions | grep -o '[A-Za-z_][A-Za-z0-9_]*' | sort -u >"$tmp/functions"
for text in $texts; do
	check_functions "$text"
	check_board "$text"
	check_links "$text"
	check_paths "$text"
	check_commands "$text"
	check_experiments "$text"
	case $text in
	lab*/README.md) check_table "$text" ;;
	esac
done
check_steps
check_glossary
check_comments
finish
