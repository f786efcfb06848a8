#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Makes, renews and mends a student's workspace.
#
#	workspace.sh start DIR		make it, or renew its given files
#	workspace.sh reset LAB [FILE]	put the starter back
#	workspace.sh solve LAB		put the reference in
#
# A workspace is the tree without the solutions, and .readylist/:
#
#	manifest	a SHA-256 for every given file as it was handed out
#	starter/	every deliverable as it was handed out
#	origin		the tree that it was made from; absent in a handout
#	backup/		what was replaced while it held a student's work
#	stories/	lab 4's stories, recorded from the reference
#	tmp/		files on their way: each is renamed into its place
#	grader/ docs/	the course's own sources and texts, out of the way:
#	README.md ...	`ls` shows what a student works with, and no more
#
# The manifest and starter/ tell a file that somebody edited from one that is
# only old. Both are renewed after the files they speak of, so that a run that
# is interrupted is simply run again.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
top=${top%/.readylist} # in a workspace this script lies in .readylist/grader/
tab=$(printf '\t')
grade=${GRADE:-$top/build/gcc/grader/grade/grade}
kept= # the folder under backup/ that this run uses
handed_out= # the labs of the tree that go into the workspace

say() {
	printf '%s\n' "$*"
}

# fail STATUS LINE...
fail() {
	status=$1
	shift
	printf '%s\n' "$@" >&2
	exit "$status"
}

# ------------------------------------------------------------------- labs

# grading.ini has one reader.
ask() {
	"$grade" "$@" --root "$top"
}

# The full name of the lab that $1 means: 1, 01, lab01, lab01-blocking.
lab_named() {
	found=$(ask labs "${1%/}") || exit 2
	echo "$found" | cut -f 1
}

# The deliverables of the lab $1, a path a line.
deliverables_of() {
	ask deliverables "$1"
}

# The deliverables of all labs that are handed out.
deliverables() {
	for lab in $handed_out; do
		deliverables_of "$lab"
	done
}

# The starter of the deliverable $1, in the tree.
starter_of() {
	echo "$top/${1%/*}/starter/${1##*/}"
}

# The labs of the tree that can be handed out: each deliverable has a starter.
complete_labs() {
	all=$(ask labs) || exit 2
	for lab in $(echo "$all" | cut -f 1); do
		for path in $(deliverables_of "$lab"); do
			[ ! -f "$(starter_of "$path")" ] || continue
			say "  $lab is left out: no starter for $path" >&2
			continue 2
		done
		echo "$lab"
	done
}

# ------------------------------------------------------------------ files

# put FROM TO: TO holds FROM's bytes; never half of them.
put() {
	folder=${2%/*}
	[ "$folder" != "$2" ] || folder=.
	[ -d "$folder" ] || mkdir -p "$folder"
	[ -d .readylist/tmp ] || mkdir -p .readylist/tmp
	cp -- "$1" ".readylist/tmp/$$"
	mv -f -- ".readylist/tmp/$$" "$2"
}

# Makes the folder $kept: one for all files that this run keeps.
make_kept() {
	mkdir -p .readylist/backup
	stamp=.readylist/backup/$(date +%Y%m%d-%H%M%S)
	kept=$stamp
	n=1
	until mkdir "$kept" 2>/dev/null; do
		[ -e "$kept" ] || fail 2 "cannot make $(pwd)/$kept"
		n=$((n + 1))
		kept=$stamp.$n
	done
}

# Keeps a copy of the student's file $1, and says where.
keep() {
	[ -n "$kept" ] || make_kept
	put "$1" "$kept/$1"
	say "  $1: your version is kept as $kept/$1"
}

# Refuses if a path on standard input is there, and not as a regular file: to
# read a FIFO is to wait, and what is moved to a folder lands inside of it.
check_regular() {
	while read -r path; do
		[ -f "$path" ] || [ ! -e "$path" ] ||
			fail 2 "$path is not a regular file: move it away first"
	done
}

# Is the deliverable $1 as it was handed out?
untouched() {
	cmp -s -- "$1" ".readylist/starter/$1"
}

# ------------------------------------------------------------------ start

# The tree's given files, deliverables among them, a path a line.
tree_files() {
	(cd "$top" && find . -mindepth 1 \
		\( -name .git -o -path ./build -o -path ./work \
		-o -path ./bench -o -path ./demo -o -path ./site \
		-o -path ./selftest -o -path ./.ci \
		-o -name checks -o -path './lab*/starter' -o -path './lab*/mutants' \
		-o -path './lab*/tests/hidden' \
		-o -type d -exec test -d '{}/.readylist' \; \) -prune \
		-o -type f ! -name '*~' ! -name '.*.sw?' ! -name '*.orig' \
		! -name '*.rej' -print) | sed 's,^\./,,' |
		awk -F / -v labs="$handed_out" '
		BEGIN {
			n = split(labs, name, " ")
			for (i = 1; i <= n; i++)
				handed[name[i]]
		}
		$1 !~ /^lab[0-9][0-9]-/ || $1 in handed'
}

# The sums on standard input, each with the file's place in a workspace.
places() {
	sed 's,^\(.\{66\}\)\(grader/\|docs/\|README\.md$\|LICENSE$\),\1.readylist/\2,'
}

# The file of the tree whose place in a workspace is $1.
source_of() {
	echo "$top/${1#.readylist/}"
}

# The SHA-256 of each path on standard input that is there in the tree $1.
sums() {
	(cd "$1" && tr '\n' '\0' | xargs -0r sha256sum -- 2>/dev/null) || true
}

# What to do with each given file, from what the tree has (new), what was
# handed out (old), what is there now (now), and the student's own (own):
# lines of "put|keep|drop|keep-drop TAB path".
plan() {
	LC_ALL=C awk '
	table == "own" { own[$0]; next }
	{ hash = substr($0, 1, 64); path = substr($0, 67) }
	table == "new" { new[path] = hash }
	table == "old" { old[path] = hash }
	table == "now" { now[path] = hash }
	END {
		for (path in new) {
			if (!(path in now))
				print "put\t" path
			else if (now[path] == new[path])
				continue
			else if (now[path] == old[path])
				print "put\t" path
			else
				print "keep\t" path
		}
		for (path in old) {
			if (path in new || !(path in now))
				continue
			else if (now[path] == old[path])
				print "drop\t" path
			else if (!(path in own))
				print "keep-drop\t" path
		}
	}' table=own "$1/own" table=new "$1/new" \
		table=old .readylist/manifest table=now "$1/now" | sort
}

drop() {
	rm -f -- "$1"
	rmdir -p -- "$(dirname -- "$1")" 2>/dev/null || true
}

# Brings the given files to what the tree has.
renew_given() {
	t=.readylist/tmp/plan.$$
	mkdir -p "$t"
	deliverables >"$t/own"
	tree_files | grep -vxF -f "$t/own" | sums "$top" |
		places >"$t/new"
	cut -c 67- "$t/new" .readylist/manifest | sort -u | sums . >"$t/now"
	plan "$t" >"$t/plan"
	while IFS="$tab" read -r action path; do
		case $action in
		keep*) keep "$path" ;;
		esac
		case $action in
		*drop) drop "$path" ;;
		*) put "$(source_of "$path")" "$path" ;;
		esac
	done <"$t/plan"
	renewed=$(wc -l <"$t/plan")
	mv -f "$t/new" .readylist/manifest
	rm -r "$t"
}

# The deliverable $1: a new starter replaces one that nobody touched.
renew_deliverable() {
	starter=$(starter_of "$1")
	base=.readylist/starter/$1
	if [ ! -e "$1" ]; then
		[ ! -e "$base" ] || say "  $1: was gone; the starter is back"
		put "$starter" "$1"
	elif cmp -s -- "$starter" "$1"; then
		:
	elif untouched "$1"; then
		put "$starter" "$1"
		say "  $1: a newer starter, and yours was untouched"
	elif [ -e "$base" ] && ! cmp -s -- "$starter" "$base"; then
		say "  $1: there is a newer starter; yours is left as it is"
	fi
	cmp -s -- "$starter" "$base" || put "$starter" "$base"
}

# Deliverables that the tree has no more.
drop_deliverables() {
	find .readylist/starter -type f | sed 's,^\.readylist/starter/,,' |
		while read -r path; do
			! grep -qxF -- "$path" .readylist/tmp/own || continue
			! untouched "$path" || drop "$path"
			drop ".readylist/starter/$path"
		done
}

renew_deliverables() {
	deliverables >.readylist/tmp/own
	while read -r path; do
		renew_deliverable "$path"
	done <.readylist/tmp/own
	drop_deliverables
}

# A place that may become a workspace: one already, or as good as empty.
check_place() {
	[ ! -e .readylist/manifest ] || return 0
	other=$(find . -mindepth 1 -maxdepth 1 ! -name .git \
		! -name .gitignore ! -name .gitattributes ! -name README.md \
		! -name LICENSE ! -name .readylist -printf '%f\n' -quit)
	[ -z "$other" ] || fail 2 "$(pwd) is no workspace, and has a '$other'"
}

# record STORY FORM [OPTION]: as the reference's epoll-scope tells it. The name
# of a script is in the JSON, and must not say where it was recorded.
record() {
	(cd "$stories" && "$scope" "$1.uep" ${3:+"$3"}) \
		>.readylist/tmp/story 2>/dev/null || return 0
	mv -f .readylist/tmp/story ".readylist/stories/$1.$2"
}

# Stories of lab 4, if epoll-scope is built: a handout has no reference to play
# them.
record_stories() {
	scope=$top/build/gcc/lab04-epoll-lt-et/epoll-scope
	stories=$top/lab04-epoll-lt-et/inside/scope
	[ -x "$scope" ] || return 0
	mkdir -p .readylist/stories
	for file in "$stories"/*.uep; do
		name=${file##*/}
		record "${name%.uep}" txt
		record "${name%.uep}" json --json
	done
}

# Everything is in the first commit, whatever the user's settings and whoever
# the folder belongs to.
first_commit() {
	git init -q . &&
		git -c safe.directory='*' -c core.safecrlf=false add -A . &&
		git -c safe.directory='*' -c user.name=Readylist \
			-c user.email=readylist@localhost \
			-c commit.gpgsign=false -c core.hooksPath=/dev/null \
			commit -q -m "The workspace as it was handed out"
}

# The workspace becomes a git repository of its own: a student's work has a
# history, and `git clean -x` in the clone around it does not delete it. It does
# without where git cannot.
make_repository() {
	[ ! -e .git ] || return 0
	if ! command -v git >/dev/null; then
		why='git is not installed'
	elif said=$(first_commit 2>&1); then
		say "It is a git repository of its own; build/ is not a part of it."
		return
	else
		rm -rf .git
		why=$(printf '%s\n' "$said" | grep -v '^hint: \|^warning: ' |
			head -n 1)
	fi
	say "This is no git repository yet ($why). 'git init' here gives your" \
		"work a history, and keeps 'git clean -x' in the folder around" \
		"from deleting it."
}

start() {
	[ ! -d "$top/.readylist" ] || fail 2 "$top is a workspace itself"
	mkdir -p -- "$1"
	cd -- "$1"
	check_place
	complete=$(complete_labs)
	handed_out=$(echo "$complete" | tr '\n' ' ')
	[ -e .readylist/manifest ] && old=yes || old=
	rm -rf .readylist/tmp
	mkdir -p .readylist/starter .readylist/tmp
	[ -n "$old" ] || : >.readylist/manifest
	{ cut -c 67- .readylist/manifest && deliverables; } | check_regular
	printf '/backup/\n/origin\n/tmp/\n' >.readylist/.gitignore
	printf '%s\n' "$top" >.readylist/tmp/origin
	renew_given
	renew_deliverables
	record_stories
	mv -f .readylist/tmp/origin .readylist/origin
	rm -rf .readylist/tmp
	if [ -z "$old" ]; then
		say "Made the workspace $(pwd): $renewed given files, and" \
			"$(deliverables | wc -l) that are yours to write."
		make_repository
	else
		say "Renewed the workspace $(pwd): $renewed given files changed."
	fi
}

# ---------------------------------------------------------- reset and solve

in_workspace() {
	cd -- "$top"
	[ -e .readylist/manifest ] ||
		fail 2 "$1 works in a workspace (cd work), not on the reference."
	[ -w .readylist ] || fail 2 "$(pwd) cannot be written to"
}

# The deliverables of the lab $1 that $2 names: io.c or io; all if empty.
chosen() {
	for path in $(deliverables_of "$1"); do
		case ${path##*/} in
		"${2##*/}" | "${2##*/}".*) echo "$path" ;;
		*) [ -n "$2" ] || echo "$path" ;;
		esac
	done
}

reset() {
	in_workspace reset
	lab=$(lab_named "$1")
	files=$(chosen "$lab" "${2:-}")
	[ -n "$files" ] ||
		fail 2 "$lab has no deliverable '$2'; it has:" \
			"$(deliverables_of "$lab" | sed 's,.*/,  ,')"
	echo "$files" | check_regular
	for path in $files; do
		if untouched "$path"; then
			say "  $path: is the starter already"
			continue
		fi
		[ ! -e "$path" ] || keep "$path"
		put ".readylist/starter/$path" "$path"
		say "  $path: the starter is back"
	done
	say "Next: write it, then ./course grade ${lab%%-*}"
}

# The tree that has the reference of the lab $1.
reference_for() {
	[ -e .readylist/origin ] ||
		fail 1 "This workspace came without the reference (a handout)." \
			"Ask whoever handed it out."
	origin=$(cat .readylist/origin)
	[ -f "$origin/$1/grading.ini" ] ||
		fail 1 "The tree that this workspace was made from, $origin," \
			"has no $1. If it has moved: ./course start there again."
	echo "$origin"
}

solve() {
	in_workspace solve
	lab=$(lab_named "$1")
	from=$(reference_for "$lab")
	deliverables_of "$lab" | check_regular
	for path in $(deliverables_of "$lab"); do
		if cmp -s -- "$from/$path" "$path"; then
			say "  $path: is the reference already"
			continue
		fi
		[ ! -e "$path" ] || untouched "$path" || keep "$path"
		put "$from/$path" "$path"
		say "  $path: the reference is in"
	done
	say "Next: read it; ./course grade ${lab%%-*} shows what it scores;" \
		"./course reset ${lab%%-*} to write it yourself again"
}

usage() {
	fail 2 "usage: workspace.sh start DIR | reset LAB [FILE] | solve LAB"
}

[ -x "$grade" ] || fail 1 "$grade is not there; make grader builds it"
case $#:${1:-} in
2:start) start "$2" ;;
2:reset | 3:reset) reset "$2" "${3:-}" ;;
2:solve) solve "$2" ;;
1:reset | 1:solve) lab_named '' ;;
*) usage ;;
esac
