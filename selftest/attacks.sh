#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Official grading: attacks on it (grader/attacks) score nothing, harm nothing,
# leave nothing, and are told as what they are; the reference and the starter
# have what they should.
#
#	attacks.sh		no attack, but what official grading is
#	attacks.sh K		every sixth of all, from the K-th on, and nothing else
#	attacks.sh NAME...	FAMILY/NAME; and no more than these after "only"
#	attacks.sh uid [NAME...] some with --isolation uid, where nothing else is possible
. "$(dirname -- "$0")/lib.sh"

lab=lab01-blocking
official=$top/grader/official/official.sh
starter=$top/$lab/starter
need_grader
isolation=

# where_there_is_little COMMAND...: root without namespaces and control groups,
# and nobody else gets into this tree.
# shellcheck disable=SC2016 # sh -c
where_there_is_little() {
	unshare -m sh -ec 'parent=$(dirname "$1")
		aside=$(mktemp -d)
		mount --bind "$1" "$aside"
		mount -t tmpfs -o mode=700 none "$parent"
		mkdir "$1"
		mount --bind "$aside" "$1"
		umount "$aside" && rmdir "$aside"
		mount -t tmpfs none /sys/fs/cgroup
		cd "$1" && shift
		exec setpriv --bounding-set=-sys_admin "$@"' - "$top" "$@"
}

# of_its_own COMMAND...: with processes of its own, and with its own of the places
# that all write to. Only root can give it these, and only root's boxes have users
# whose processes are counted.
# shellcheck disable=SC2016 # sh -c
of_its_own() {
	[ "$(id -u)" -eq 0 ] || exec "$@"
	hidden=
	for place in /var/tmp /dev/shm; do
		case $top/ in
		"$place"/*) ;;
		*) hidden="$hidden $place" ;;
		esac
	done
	exec unshare -m -p -f --mount-proc --kill-child sh -ec '
		for place in $1; do
			mount -t tmpfs none "$place"
		done
		shift
		exec "$@"' - "$hidden" "$@"
}

case ${1:-} in
[1-6])
	trap - EXIT
	rm -rf "$tmp"
	of_its_own sh "$top/selftest/attacks.sh" sixth "$1"
	;;
uid)
	case ${TMPDIR:-/tmp}/ in
	"$(dirname "$top")"/*) exit 77 ;; # it would be closed, too
	esac
	shift
	where_there_is_little true 2>/dev/null || exit 77
	where_there_is_little sh "$top/selftest/attacks.sh" uid-here "$@"
	exit
	;;
uid-here)
	shift
	isolation='--isolation uid'
	;;
esac
if [ -z "$isolation" ] && ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
	echo "bubblewrap cannot make namespaces here"
	exit 77
fi

# The attack $1, a module's code, put into each function of the starter's io.c; or
# of the reference's, if the attack names a test that it wants to pass, and of
# another module, if it names one.
poison() {
	base=$starter
	[ "$test" = io ] || base=$top/$lab
	for file in io listener serve; do
		cp "$base/$file.c" "$sub"
	done
	module=$(sed -n 's/^ \* In: //p' "$1")
	module=${module:-io.c}
	{
		# Behind what the module includes: macros before that are
		# refused, whatever else there is.
		last=$(grep -n '^#include' "$base/$module" | tail -n 1)
		! grep -q '^ \* Before: includes' "$1" || last=0
		head -n "${last%%:*}" "$base/$module"
		# The path as the attacker would know it.
		sed "s|@TOP@|$top|g" "$1"
		tail -n "+$((${last%%:*} + 1))" "$base/$module" |
			sed 's/^{$/{\
	attack();/'
	} >"$sub/$module"
}

# What the tree, and the places that all share, are like.
picture() {
	(
		cd "$top"
		find grader common "$lab" -type f | sort | xargs sha256sum
		sha256sum "build/gcc/$lab/tests/graded"
		ls /var/tmp /dev/shm
	) 2>/dev/null | grep -v 'bxfi\|judge' | sha256sum
}

# No process of the users that boxes have.
nobody_left() {
	[ "$(ps -eo uid= | awk '$1 >= 61000 && $1 < 65000' | wc -l)" -eq 0 ]
}

# field EXPRESSION: what jq would say of the results; python3 is there.
field() {
	python3 -c "import json,sys
r = json.load(open(sys.argv[1])); l = r['labs'][0]
print($1)" "$tmp/json"
}

# grades SUBMISSION TEST STATUS...: graded, with one of these statuses. $options
# are more of official.sh's.
# shellcheck disable=SC2086
grades() {
	rm -f "$tmp/json"
	status=0
	timeout 600 sh "$official" "$1" "$lab" "$2" --json "$tmp/json" \
		$isolation ${options---no-canary --seed 1} >"$tmp/out" 2>&1 ||
		status=$?
	shift 2
	case " $* " in
	*" $status "*) ;;
	*) return 1 ;;
	esac
}

attack() {
	sub=$tmp/sub
	answer=$sub
	racer= # a process that goes on while it is graded
	rm -rf "$sub" "$tmp"/*.tar "$tmp"/*.zip
	mkdir "$sub"
	path=$top/grader/attacks/$1
	told=$(sed -n 's/^[ #*]* Told: //p' "$path")
	test=$(sed -n 's/^[ #*]* Test: //p' "$path")
	test=${test:-io}
	says=$(sed -n 's/^[ #*]* Says: //p' "$path")
	case $path in
	*.c) poison "$path" ;;
	*.sh)
		# shellcheck source=/dev/null
		. "$path"
		;;
	esac
	before=$(picture)
	if [ "$told" = whole ]; then
		check "$1 is refused as a whole" grades "$answer" "$test" 2
		check_says '... in a line' "${says:-the submission }"
		return
	fi
	check "$1 is graded" grades "$answer" "$test" 1 3
	[ -z "$says" ] || check_says '... for the reason that is meant' "$says"
	[ -z "$racer" ] || kill "$racer" 2>/dev/null || :
	[ -z "$racer" ] || wait "$racer" 2>/dev/null || :
	[ -f "$tmp/json" ] || return 0
	check "... scores nothing" \
		test "$(field 'l["points"] + l["challenge_points"]')" = 0
	case $told in
	build) what='bool(l["build_error"])' ;;
	refused) what='bool(r["official"]["refused"])' ;;
	memory) what='any("MiB: the " in t["got"]
		for t in l["tests"])' ;;
	processes) what='any("processes: the test was ended" in t["got"]
		for t in l["tests"])' ;;
	raced) what=True ;; # refused or not, as it happens
	*) what='not l["build_error"]' ;;
	esac
	check "... is told as $told" test "$(field "$what")" = True
	check "... is nobody else's fault" test \
		"$(field '"infra" in [t["outcome"] for t in l["tests"]]')" = False
	check '... its text has no control, and it has learnt nothing' test \
		"$(field 'not [c for t in l["tests"] for x in [t["got"],
		t["errors"]] + t["trace"] for c in x if (ord(c) < 32 and c not in
		"\n\t") or 0x7f <= ord(c) < 0xa0 or c in "\u202e\u2066"]
		and not [1 for t in l["tests"] for w in ("READ THE", "KNOWS THE",
		"REACHED") if w in t["errors"]]')" = True
	check '... leaves no process' await 10 nobody_left
	check '... changes nothing' test "$(picture)" = "$before"
}

# Names are of this tree and have no spaces.
# shellcheck disable=SC2046
all() {
	(cd "$top/grader/attacks" && find . -mindepth 2 -type f) |
		sed 's|^\./||' | sort
}

# A failure tells students how to have it again, but not the seed.
failing_test() {
	options="--no-canary --seed 4711 --formats $tmp/failed"
	check 'a failure' grades "$tmp/good" io/errors_are_told 1
	check '... is told' grep -q 'Run it again: ./course grade lab01' \
		"$tmp/failed/gradescope.json"
	check '... and not with which seed' test -z \
		"$(grep -l 4711 "$tmp/failed"/*)"
	check '... which instructors know' grep -q 4711 "$tmp/json"
	options="$options --show-seed"
	check 'a failure, the seed not secret' \
		grades "$tmp/good" io/errors_are_told 1
	check '... says the seed' grep -q 4711 "$tmp/failed/gradescope.json"
	unset options
}

# Cells whose tests do not run: no fault of anybody's who is graded.
without_judge() {
	mkdir -p "$tmp/bin"
	cat >"$tmp/bin/bwrap" <<-EOF
	#!/bin/sh
	case \$* in
	*tests/graded*) exit 1 ;;
	esac
	exec $(command -v bwrap) "\$@"
	EOF
	chmod +x "$tmp/bin/bwrap"
	path=$PATH
	PATH=$tmp/bin:$PATH
	options='--seed 1'
	check 'where the reference fails' grades "$tmp/good" io/errors_are_told 3
	check_says '... that is told' 'the reference fails'
	check '... and nothing else is' test ! -e "$tmp/json"
	options="--no-canary --seed 1 --formats $tmp/none"
	check 'a test that cannot be judged' grades "$tmp/good" io/errors_are_told 3
	check_says '... is told' 'nothing is written in a format'
	check '... and not published' test ! -e "$tmp/none"
	PATH=$path
	unset options
}

# A box has of a lab what it is built from, and nothing that others have.
every_lab() {
	for other in $(labs); do
		first=$("$grade" list "$other" --root "$top" --plain |
			head -n 1 | cut -f 2)
		check "$other can be graded in boxes" sh "$official" \
			"$top/$other" "$other" "$first" --no-canary --seed 1 \
			--json "$tmp/json"
	done
}

# Attacks where programs are users of their own, and no more.
without_namespaces() {
	grades_without=$isolation
	isolation=
	check 'no namespaces: refused' grades "$tmp/good" io 3
	check_says '... and told how to allow them' 'Docker: --security-opt'
	check_says '... or to do without' '--isolation uid'
	isolation=$grades_without
	check 'the reference passes without' grades "$tmp/good" io 0
	check '... which its results say' \
		test "$(field 'r["official"]["isolation"]')" = uid
	mkdir "$tmp/seen"
	chmod 755 "$tmp" "$tmp/seen"
	cp -r "$tmp/good" "$tmp/seen/"
	check 'submissions that all can read: refused' \
		grades "$tmp/seen/good" io 2
	check_says '... and told what to do' 'chmod go-rwx'
	chmod 700 "$tmp"
	for name in $names; do
		attack "$name"
	done
	finish
}

case ${1:-} in
'') names=
	[ -z "$isolation" ] ||
		names='judge/killed.c reading/reference_by_path.c
			orphans/hopping.c floods/processes.c
			neighbours/shared_folders.c'
	;;
only | sixth)
	mkdir -p "$tmp/good"
	# How long tests took, as a canary leaves it, for who would read that.
	times=$top/build/official/$lab-times.json
	mkdir -p "$(dirname "$times")"
	[ -f "$times" ] || cat >"$times" <<-EOF
	{ "tests": [{ "test": "hidden/traffic_with_faults",
		"outcome": "none", "duration_ms": 1 }] }
	EOF
	if [ "$1" = only ]; then
		shift
	else
		# shellcheck disable=SC2046
		set -- $(all | awk -v k="$2" 'NR % 6 == k % 6')
	fi
	for name; do
		attack "$name"
	done
	finish
	;;
*) names=$* ;;
esac

check 'there are forty attacks, each with a note' test \
	"$(cd "$top/grader/attacks" && grep -rl 'Idea: ' . | wc -l)" -ge 40
mkdir -p "$tmp/good"
for file in io listener serve; do
	cp "$top/$lab/$file.c" "$tmp/good"
done
[ -z "$isolation" ] || without_namespaces
options="--formats $tmp/formats --format tap --output $tmp/tap"
rm -f "$top/build/official/$lab-canary-"*
check 'the reference passes' grades "$tmp/good" io 0
check_says '... after it has passed the canary' 'graded first, once'
check '... with all points' test "$(field 'l["points"]')" = 27
check '... its seed is drawn by lot' test \
	"$(field 'len({t["seed"] for t in l["tests"]} - {0}) == 1
		and max(t["seed"] for t in l["tests"]) > 1000000')" = True
check '... its results are there in each format' test \
	"$(find "$tmp/formats" -type f | wc -l)" -eq "$("$grade" formats \
		--root "$top" | wc -w)"
check '... and in the one that was asked for' \
	cmp "$tmp/tap" "$tmp/formats/tap.tap"
check '... with the same points' test "$(python3 -c "import json
print(json.load(open('$tmp/formats/gradescope.json'))['score'])")" = 27
unset options
tar -czf "$tmp/good.tgz" -C "$tmp" good
check '... as an archive, too' grades "$tmp/good.tgz" io/errors_are_told 0
rm "$tmp/good/io.c"
echo '/* mine */' >"$tmp/good/io.h"
check 'a missing file is the starter' grades "$tmp/good" io/errors_are_told 1
check_says '... and is told' 'missing, so the starter is graded: io.c'
check_says '... as a given file is that differs' \
	"given files that differ, so the course's own are used: io.h"
failing_test
without_judge
every_lab
for name in $names; do
	attack "$name"
done
# Skipped where the tree cannot be closed to others.
without_cells() {
	sh "$top/selftest/attacks.sh" uid || [ $? -eq 77 ]
}
check 'with --isolation uid' without_cells
finish
