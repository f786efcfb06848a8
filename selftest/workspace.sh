#!/bin/sh
# SPDX-License-Identifier: MIT
#
# start, reset, solve and start again after an update: nothing of a student's
# is lost, and everything else is renewed. Works on a copy of the tree, in
# folders with a space in their names; builds nothing.
. "$(dirname -- "$0")/lib.sh"

need_grader
export GRADE="$grade"
tree="$tmp/the tree"
work="$tmp/a place"
lab=$(labs | head -n 1)
[ -n "$lab" ] || { echo "no lab yet" && exit 77; }
short=${lab%%-*}

copy_tree "$tree"
echo "given" >"$tree/$lab/given-later-removed"

# The deliverables in the tree: those that have a starter.
file=$(cd "$tree/$lab/starter" && find . -name '*.c' | sort | head -n 1)
file=${file#./}
other=$(cd "$tree/$lab/starter" && find . -name '*.c' | sort | sed -n 2p)
other=${other#./}

start() {
	timeout 300 sh "$tree/grader/workspace.sh" start "$work"
}

in_work() {
	(cd "$work" && timeout 300 sh .readylist/grader/workspace.sh "$@")
}

in_work_scope() {
	sh "$work/.readylist/grader/scope.sh" "$work" "$@"
}

same() {
	cmp -- "$1" "$2"
}

without() {
	! find "$work" -path "$1" | grep .
}

line_in() {
	grep -qx -- "$1" "$2"
}

backup_has() {
	grep -rqx -- "$1" "$work/.readylist/backup"
}

# A lab that is not ready.
mkdir "$tree/lab99-future"
{
	printf '[lab]\ntitle = Later\ndeliverables = secret.c\n'
	printf '[test:a/b]\ntitle = b\npoints = 100\ntask = 1\n'
	printf 'concept = c\nhint1 = h\nhint2 = h\nhint3 = h\n'
} >"$tree/lab99-future/grading.ini"
echo 'the solution' >"$tree/lab99-future/secret.c"

# The folder may be somebody else's, as on a shared drive: git minds, start not.
mkdir "$work"
[ "$(id -u)" -ne 0 ] || chown 65534 "$work"
check 'start makes a workspace' start
[ "$(id -u)" -ne 0 ] || chown 0 "$work"
check_says 'a lab without starters is left out' 'lab99-future is left out'
check '... all of it' without '*/lab99*'
check 'the deliverable is the starter' \
	same "$work/$lab/$file" "$tree/$lab/starter/$file"
check 'given files are there' same "$work/Makefile" "$tree/Makefile"
check 'scripts can be executed' test -x "$work/course"
for path in '*/lab*/starter' '*/mutants' '*/tests/hidden' "$work/bench" \
	"$work/demo" "$work/site" "$work/selftest" "$work/.ci" '*/checks'; do
	check "without ${path##*/}" without "$path"
done

# What a student sees of it: the labs, and four names more.
shows_little() {
	find "$work" -mindepth 1 -maxdepth 1 ! -name '.*' \
		! -name 'lab[0-9][0-9]-*' -printf '%f\n' | LC_ALL=C sort |
		paste -sd ' ' | grep -x 'COURSE.md Makefile common course'
}
check 'ls shows the labs and little else' shows_little
for path in grader docs README.md LICENSE; do
	check "$path is out of the way" test -e "$work/.readylist/$path"
done

# A clone around the workspace, and somebody who cleans it.
survives_a_clean() {
	git -C "$work" log --oneline | grep -q 'as it was handed out' &&
		git init -q "$tmp/clone" && cp -a "$work" "$tmp/clone/work" &&
		git -C "$tmp/clone" clean -q -x -d -f &&
		test -f "$tmp/clone/work/$lab/$file"
}
check 'a workspace is a git repository, and survives git clean -x' \
	survives_a_clean

# Where git will not, the workspace is made all the same.
stub_git() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\necho "fatal: no such luck" >&2\nexit 128\n' \
		>"$tmp/bin/git"
	chmod +x "$tmp/bin/git"
}
start_without_git() {
	cp -a "$tree" "$tmp/small" && rm -rf "$tmp"/small/lab0[2-9]-* &&
		PATH="$tmp/bin:$PATH" timeout 300 \
			sh "$tmp/small/grader/workspace.sh" start "$tmp/without git"
}
stub_git
check 'start where git fails' start_without_git
check_says '... says why' 'no git repository yet (fatal: no such luck)'
check '... and makes all the rest' test -f "$tmp/without git/.readylist/origin"
check '... and no half of one' test ! -e "$tmp/without git/.git"

check 'start again changes nothing' start
check_says '... and says so' '0 given files changed'

# A student at work, and an update of the tree.
echo '/* mine */' >"$work/$lab/$file"
echo '# mine' >>"$work/$lab/grading.ini"
echo 'notes' >"$work/notes.txt"
rm "$work/$lab/$other"
echo '/* new starter */' >>"$tree/$lab/starter/$file"
echo '# an update' >>"$tree/COURSE.md"
echo 'new' >"$tree/$lab/new-given"
rm "$tree/$lab/given-later-removed"
check 'start after an update' start
check_says 'says that there is a newer starter' "$lab/$file: there is a newer"
check_says 'says that a lost file is back' "$lab/$other: was gone"
check 'the changed deliverable is left alone' \
	line_in '/\* mine \*/' "$work/$lab/$file"
check 'given files are renewed' same "$work/COURSE.md" "$tree/COURSE.md"
check 'new files come' test -f "$work/$lab/new-given"
check 'removed files go' test ! -e "$work/$lab/given-later-removed"
check "files of the student's stay" line_in notes "$work/notes.txt"
check 'an edited given file is renewed' \
	same "$work/$lab/grading.ini" "$tree/$lab/grading.ini"
check '... and the edited one is kept' backup_has '# mine'
check '.git stays' test -d "$work/.git"

echo '/* newer */' >>"$tree/$lab/starter/$other"
check 'an untouched starter is renewed' start
check '... to the new one' same "$work/$lab/$other" "$tree/$lab/starter/$other"

check 'reset of a file' in_work reset "$short" "${file%.c}"
check 'the starter is back' same "$work/$lab/$file" "$tree/$lab/starter/$file"
check "... and the student's is kept" backup_has '/\* mine \*/'

echo '/* mine too */' >"$work/$lab/$file"
check 'solve' in_work solve "${short#lab0}"
check 'the reference is in' same "$work/$lab/$file" "$tree/$lab/$file"
check "... and the student's is kept" backup_has '/\* mine too \*/'
check 'start leaves the reference there' start
check '... as it is' same "$work/$lab/$file" "$tree/$lab/$file"
check 'reset of a lab' in_work reset "$lab"
check '... gives the starter' same "$work/$lab/$file" "$tree/$lab/starter/$file"

# What is no regular file is neither waited for nor written into.
odd_file() {
	check_status 2 "$1 as a deliverable: reset" in_work reset "$lab"
	check_says '... says so' "$file is not a regular file"
	check_status 2 "$1 as a deliverable: solve" in_work solve "$lab"
	check_says '... says so' "$file is not a regular file"
	check_status 2 "$1 as a deliverable: start" start
	check_says '... says so' "$file is not a regular file"
}
mv "$work/$lab/$file" "$tmp/kept"
mkdir "$work/$lab/$file"
odd_file 'a folder'
check '... is left as it was' rmdir "$work/$lab/$file"
mkfifo "$work/$lab/$file"
odd_file 'a FIFO'
mv "$tmp/kept" "$work/$lab/$file"
mv "$work/Makefile" "$tmp/kept"
mkfifo "$work/Makefile"
check_status 2 'a FIFO as a given file: start' start
check_says '... says so' 'Makefile is not a regular file'
mv "$tmp/kept" "$work/Makefile"

# A workspace on a file system that is read-only; mount(2) wants a namespace.
read_only() {
	# shellcheck disable=SC2016 # for the shell in there
	unshare -rm sh -ec 'mount --bind "$1" "$1"
		mount -o remount,ro,bind "$1"
		cd "$1" && timeout 60 sh .readylist/grader/workspace.sh reset "$2"
		' - "$work" "$lab"
}
if unshare -rm true 2>/dev/null; then
	echo '/* mine */' >"$work/$lab/$file"
	check_status 2 'reset in a workspace that is read-only' read_only
	check_says '... says so' 'cannot be written to'
	rm "$work/$lab/$file"
fi

# An interrupted run: files are there that no manifest tells of.
sed -i '/Makefile$/d' "$work/.readylist/manifest"
echo half >"$work/.readylist/tmp-left-over"
check 'start after an interruption' start
check_says '... finds its own files' '0 given files changed'

# Stories of lab 4 in a workspace and, once it does not know its tree, a handout.
if [ -x "$top/build/gcc/lab04-epoll-lt-et/epoll-scope" ]; then
	mkdir -p "$work/.readylist/stories"
	echo 'as recorded' >"$work/.readylist/stories/dup.txt"
	mv "$work/.readylist/origin" "$tmp/origin"
	check 'a story in a handout' in_work_scope dup
	check_says '... is the recording' 'as recorded'
	check_status 2 'a story that was not recorded' in_work_scope nesuch
	check_says '... names the stories' 'et-stall'
	mv "$tmp/origin" "$work/.readylist/origin"
	cannot_build() {
		mkdir -p "$tmp/make"
		printf '#!/bin/sh\nexit 2\n' >"$tmp/make/make"
		chmod +x "$tmp/make/make"
		PATH="$tmp/make:$PATH" in_work_scope dup
	}
	check 'a story whose tree cannot be built' cannot_build
	check_says '... is the recording' 'as recorded'
fi

# What is refused.
check_status 2 'reset of an unknown lab' in_work reset lab77
check_says '... names the known ones' "$short"
check_status 2 'reset of an unknown file' in_work reset "$lab" nonesuch
check_says '... names the known ones' "$other"
check_status 2 'reset in the tree' sh "$tree/grader/workspace.sh" reset "$lab"
check_status 2 'solve in the tree' sh "$tree/grader/workspace.sh" solve "$lab"
check 'the tree is unharmed' same "$tree/$lab/$other" "$top/$lab/$other"
check_status 2 'start in a workspace' in_work start "$tmp/third"
check_status 2 'start in a folder that is in use' \
	sh "$tree/grader/workspace.sh" start "$tree/common"
rm "$work/.readylist/origin"
check_status 1 'solve in a handout' in_work solve "$lab"
mv "$tree" "$tmp/moved"
echo "$tree" >"$work/.readylist/origin"
check_status 1 'solve when the tree is gone' in_work solve "$lab"
finish
