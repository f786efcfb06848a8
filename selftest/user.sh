#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A class is graded by an ordinary user, who has namespaces of their own and no
# more: in a copy of the tree, as somebody who owns nothing else.
. "$(dirname -- "$0")/lib.sh"

lab=lab01-blocking
user=65534
copy=$tmp/tree
class=$tmp/class

# as_user COMMAND...
as_user() {
	setpriv --reuid $user --regid $user --clear-groups env HOME="$tmp/home" \
		TMPDIR="$tmp/home" COURSE_SETUP=no "$@"
}

submission() {
	mkdir -p "$class/$1"
	cp "$top/$lab/starter"/*.c "$class/$1"
	cp "$2" "$class/$1/io.c"
}

# The processes of that user, and so all of the boxes.
processes() {
	ps -eo uid=,comm= | awk -v user=$user '$1 == user' | wc -l
}

# What was killed is seen until somebody has waited for it.
nobody_left() {
	[ "$(processes)" -le "$before" ]
}

batch() {
	as_user timeout 600 setsid "$copy/course" batch "$class" --lab lab01 \
		--test io --seed 7 --out "$tmp/home/grades" --jobs 2
}

points() {
	sed -n "s/^\"$1\",\"[^\"]*\",\"[a-z]*\",\"\([0-9]*\)\",.*/\1/p" \
		"$tmp/home/grades/grades.csv"
}

[ "$(id -u)" -eq 0 ] || exit 77 # then the step batch has tried it already
mkdir "$tmp/home"
chmod 755 "$tmp"
if ! as_user bwrap --unshare-all --unshare-user --ro-bind / / true \
	2>/dev/null; then
	echo "users cannot make namespaces here"
	exit 77
fi
need_grader
make --no-print-directory -s -C "$top/$lab" programs tests
copy_tree "$copy"
copy_built "$copy" common grader $lab
submission good "$top/$lab/io.c"
submission starter "$top/$lab/starter/io.c"
sed 's/^{$/{\
	attack();/' "$top/$lab/starter/io.c" |
	cat "$top/grader/attacks/judge/killed.c" - >"$class/killer.c"
submission killer "$class/killer.c"
rm "$class/killer.c"
chown -R $user:$user "$copy" "$class" "$tmp/home"
before=$(processes)
check_status 3 'a user grades a class' batch
cat "$tmp/out"
check_says '... after a look at the boxes' \
	'the reference has 27 of 100, the starter 0 of 100'
check '... the reference has its points' test "$(points good)" = 27
check '... the starter has none' test "$(points starter)" = 0
# The judge has that user's number, too: what ended it is to be looked at.
check '... nor has who ends all that it may signal' test -z "$(points killer)"
check '... and no process is left' await 20 nobody_left
finish
