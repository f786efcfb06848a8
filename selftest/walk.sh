#!/bin/sh
# SPDX-License-Identifier: MIT
#
# An instructor's first class: the commands of "One page" in docs/INSTRUCTORS.md,
# word for word, from a clone of this tree to a table of grades, with five
# submissions that come as students send them. One suite of the lab does; with the
# argument "all" it is the whole lab, as it stands there.
. "$(dirname -- "$0")/lib.sh"

only='--test io'
[ "${1:-}" != all ] || only=
lab=lab01-blocking
home=$tmp/home
clone=$home/readylist
from=$top

# commands PATTERN: those of the page that begin so, a line each.
commands() {
	sed -n '/^## One page/,/^## The handout/s/^    //p' \
		"$top/docs/INSTRUCTORS.md" | grep -E "^($1)"
}

# page FOLDER COMMANDS: run there, as an instructor would type them.
page() {
	(cd "$1" && HOME=$home GIT_CONFIG_COUNT=1 \
		GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
		sh -ec "$2")
}

# A tree that is no clone is made one.
need_repository() {
	! git -C "$top" rev-parse HEAD >/dev/null 2>&1 || return 0
	from=$tmp/origin
	copy_tree "$from"
	git -C "$from" init -q
	git -C "$from" add .
	git -C "$from" -c user.name=a -c user.email=a@a.test commit -qm all
}

# submission NAME [SED]: the reference, with io.c edited.
submission() {
	mkdir -p "$class/$1"
	cp "$top/$lab/io.c" "$top/$lab/listener.c" "$top/$lab/serve.c" \
		"$class/$1"
	sed -i "${2:-}" "$class/$1/io.c"
}

# What a student has unpacked, with some of it done, is packed again.
workspace_of() {
	tar -xzf "$home/handout.tar.gz" -C "$tmp"
	cp "$class/half"/*.c "$tmp/readylist/$lab/"
	tar -czf "$class/half.tar.gz" -C "$tmp" readylist
	rm -rf "$class/half" "$tmp/readylist"
}

zipped() {
	cp "$top/$lab/starter"/*.c "$tmp"
	(cd "$tmp" && python3 -m zipfile -c "$class/starter.zip" \
		io.c listener.c serve.c)
}

# result STUDENT: of the table.
result() {
	sed -n "s/^\"$1\",\"[^\"]*\",\"\([a-z]*\)\",.*/\1/p" \
		"$home/grades/lab01/grades.csv"
}

if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
	echo "bubblewrap cannot make namespaces here"
	exit 77
fi
mkdir "$home"
need_repository
first=$(commands 'git clone|\./course (setup|handout)' |
	sed "s|<URL>|file://$from|")
check 'from a clone to the handout' page "$home" "$first"
check '... the handout is there' test -s "$home/handout.tar.gz"
class=$clone/submissions
submission good
submission half 's/EINTR/EINVAL/'
submission crash 's/^{$/{ *(volatile int *)0 = 1;/'
submission loop 's/^{$/{ for (volatile int i = 0;; i++) ;/'
try 'a workspace as an archive' workspace_of
try 'a starter as a zip' zipped
check 'there is one command for the class' test \
	"$(commands '\./course batch' | wc -l)" -eq 1
check 'it grades them' page "$clone" "$(commands '\./course batch') $only"
cat "$tmp/out"
good=all
[ -z "$only" ] || good=some
for pair in good:$good half:some starter:none crash:none loop:none; do
	check "... ${pair%:*} has ${pair#*:} of the points" \
		test "$(result "${pair%:*}")" = "${pair#*:}"
done
check '... and there is a report' \
	test -s "$home/grades/lab01/report.html"
finish
