#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of the grade program, on a made-up course (fixture.sh).
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
top=$(CDPATH='' cd -- "$here/../.." && pwd -P)
. "$top/common/checks/harness.sh"
. "$here/fixture.sh"
grade=${GRADE:-$top/build/gcc/grader/grade/grade}
export FIXTURE="$tmp" LC_ALL=C
watcher=
clean_up() {
	[ -z "$watcher" ] || kill "$watcher"
	remove_tmp
}
tree=$tmp/tree

# run ARGS: grade, its output in stdout and stderr, its status in $status.
run() {
	status=0
	"$grade" --root "$tree" "$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null ||
		status=$?
}

# contains FILE TEXT: and if not, what there is.
contains() {
	grep -qF -- "$2" "$1" && return
	head -n 40 "$1"
	return 1
}

says() {
	contains "$tmp/stdout" "$1"
}

complains() {
	contains "$tmp/stderr" "$1"
}

status_is() {
	[ "$status" -eq "$1" ]
}

one_line() {
	[ "$(wc -l <"$tmp/stderr")" -eq 1 ]
}

# outcome TEST WANTED
outcome() {
	grep -q "^$2	.*	$1\$" "$tmp/stdout"
}

# No process that sleeps for a test of the fixture is left. (Their numbers are
# those of their namespaces, and say nothing here.)
gone() {
	for process in /proc/[0-9]*; do
		! grep -qsx sleep "$process/comm" ||
			! grep -qsz "^FIXTURE=$tmp\$" "$process/environ" ||
			return 1
	done
}

asleep() {
	! gone
}

valid_json() {
	if command -v jq >/dev/null; then
		jq -e . "$1" >/dev/null
	elif command -v python3 >/dev/null; then
		python3 -m json.tool "$1" >/dev/null
	else
		grep -q '^}$' "$1"
	fi
}

test_outcomes() {
	run run lab01 --plain --seed 42
	check "status of a failing run" status_is 1
	for o in pass fail timeout crash leak infra; do
		check "outcome $o" outcome "end/$o" "$o"
	done
	check "no report is infra" outcome end/silent infra
	check "pass beside a failing runner is infra" outcome end/liar infra
	check "infra is tried again" outcome end/flaky pass
	check "twice, not thrice" \
		[ "$(grep -c '^end/silent' "$tmp/ran")" -eq 2 ]
	check "a fail is not tried again" \
		[ "$(grep -c '^end/fail' "$tmp/ran")" -eq 1 ]
	check "the seed arrives" grep -qx 'end/pass 42' "$tmp/ran"
	check "alone is alone" outcome bonus/alone pass
	check "orphan in its own session, stopped, is killed" \
		gone
	run run lab01 end/pass
	check "status 0" status_is 0
	run run lab01 end/infra
	check "status of infra" status_is 3
	check "no run folder is left" \
		[ -z "$(ls -d "$tree"/build/state/run-* 2>/dev/null)" ]
}

test_text() {
	run run 1 end/fail --seed 7
	check "title" says "The title of end/fail"
	check "the broken promise is told first" [ "$(grep -A 1 FAIL "$tmp/stdout" |
		tail -n 1)" = '    promise "A moon is made of green cheese." (lab01-fake/a.h)' ]
	check "a promise of two lines" says '"The cheese is eaten by two mice, or by"'
	check "a promise of the handout" says '"as it says" (lab01-fake/README.md)'
	check "task and section" says "Task 2: fail well, in lab01-fake/README.md"
	check "trace" says "step two"
	check "expected" says "the moon"
	check "received" says "green cheese"
	check "stderr" says "a line of stderr"
	check "reproduce" says "./course grade lab01 end/fail --seed 7"
	check "hint command" says "./course hint lab01/end/fail"
	echo 'The cheese is eaten' >"$tmp/broken"
	run run 1 end/fail
	check "a promise that is named is told alone" [ "$(grep -c '^ *promise\|^ *"' \
		"$tmp/stdout")" -eq 1 ]
	check "... in full" says '"The cheese is eaten by two mice, or by"'
	run run 1 end/fail --json -
	check "... and in JSON" says '"broken": "The cheese is eaten by two mice, or by"'
	echo 'No such promise' >"$tmp/broken"
	run run 1 end/fail --json -
	check "words with which none begins are none" says '"broken": ""'
	rm "$tmp/broken"
	run run 1 end/crash --build plain
	check "where a plain build crashed" says "grade lab01 end/crash --build asan"
	check "a stack has the frame in the lab" says "in f /t/lab01-fake/a.c:1"
	check "... and no other" [ -z "$(grep 'in main\|in _start' "$tmp/stdout")" ]
	run run 1 mess/nul
	check "a NUL in a report is no harm" says "zero ? escape"
	check "no escape sequence reaches the terminal" says '\x1b[2J'
	run run lab01
	check "score" says "lab01: 55 of 100"
	check "challenge apart" says "challenge: 10 of 13"
	check "infra costs nothing" says "15 points could not be judged"
	check "many failures are told in short" says "told in short"
	check "each with the line to run it again" \
		[ "$(grep -c '^ *again ' "$tmp/stdout")" -eq 11 ]
	run run 1 end/leak
	check "the first turn of many" says "send 7 bytes"
	check "like turns are folded" says "these 2, 4 times more"
	check "... not shown" [ -z "$(grep 'send 9 bytes' "$tmp/stdout")" ]
	check "... the last turn" says "send 12 bytes"
	run run 1 end/leak --verbose
	check "--verbose shows all" says "send 9 bytes"
	check "no colour without a terminal" \
		[ "$(tr -d '\033' <"$tmp/stdout" | wc -c)" = \
		"$(wc -c <"$tmp/stdout")" ]
}

test_checks() {
	run run 1 check/own
	check "a check has a title of its own" says "check   The cheese is green"
	check "... after its promise" says '"A moon is made of green cheese."'
	check "... and the test is named" says "test    The title of check/own"
	run hint check/own
	check "... and hints of its own" says "cheese one"
	run run 1 check/memory
	check "a clean-up check has a title" says "all memory is freed"
	run hint check/memory
	check "... and hints" says "Valgrind or a sanitizer"
	run run 1 check/its
	check "a test may be for a clean-up check" says "The title of check/its"
	check "... which it then is" [ -z "$(grep 'check   ' "$tmp/stdout")" ]
	run hint check/its
	check "... with its own hints" says "symptom of check/its"
	run check lab01 --promises
	check "sentences that nobody promises" says "lab01-fake/b.h:2: Nobody tests this."
	check "... are listed alone" [ -z "$(grep 'made of green' "$tmp/stdout")" ]
	check "... nor those with a reason" [ -z "$(grep 'The cheese is' "$tmp/stdout")" ]
	check "a promise without a mutant" says "[test:end/fail] no mutant proves"
	check "... and a summary" says "1 held by none; 1 tests unproven"
	check "... status 1" status_is 1
}

test_late() {
	: >"$tmp/hang"
	run run lab01 mess/late --plain --deadline 1
	check "late is a timeout" outcome mess/late timeout
	check "its socket is removed" \
		[ ! -e "/tmp/criterion_$(cat "$tmp/late").sock" ]
	check "and its temporary files" [ ! -e "$(cat "$tmp/tmpdir")" ]
	check "late is killed" gone
	rm -f "$tmp/hang"
}

# A runner that hangs before its test, or behind it.
test_hung() {
	for test in hang linger; do
		section "mess/$test" 1 6 'challenge = yes' \
			>>"$tree/lab01-fake/grading.ini"
	done
	run run lab01 mess/hang --plain --deadline 4
	check "a runner that did not begin is tried again" \
		outcome mess/hang pass
	echo pass >"$tmp/linger"
	run run lab01 mess/linger --plain --deadline 4
	check "one that did not end after a pass as well" \
		outcome mess/linger pass
	check "... twice each" [ "$(grep -c "^mess/hang\\|^mess/linger" "$tmp/ran")" -eq 4 ]
	rmdir "$tmp/lingered"
	echo fail >"$tmp/linger"
	run run lab01 mess/linger --plain --deadline 4
	check "a fail is believed" outcome mess/linger fail
	check "... without another try" [ "$(grep -c '^mess/linger' "$tmp/ran")" \
		-eq 3 ]
	check "nothing is left of them" gone
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
}

# A program that kills its keeper: nothing is known, nothing is left.
test_regicide() {
	section mess/regicide 1 6 'challenge = yes' \
		>>"$tree/lab01-fake/grading.ini"
	readlink /proc/self/ns/pid >"$tmp/outside"
	sleep 1000 &
	bystander=$!
	run run lab01 mess/regicide --plain
	check "a test that kills all it sees" outcome mess/regicide pass
	check "... sees nothing outside" kill "$bystander"
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
	: >"$tmp/hang"
	rm -f "$tmp/late"
	start run lab01 mess/late --json "$tmp/json"
	check "it hangs, and its keeper is killed" await 10 asleep
	rm "$tmp/hang"
	ps -o pid= --ppid "$watcher" | xargs kill -KILL
	ended
	check "a killed keeper is infra, and tried again" \
		grep -q '"attempts": 2' "$tmp/json"
	check "... the second time it passes" status_is 0
}

test_json() {
	run run lab01 --json - --seed 5
	check "JSON is JSON" valid_json "$tmp/stdout"
	check "promises in JSON" says '"A moon is made of green cheese."'
	check "schema" says '"schema": "readylist-results/1"'
	run run --json "$tmp/file.json"
	check "JSON in a file" valid_json "$tmp/file.json"
	check "and text beside it" says "lab02: 100 of 100"
	run run lab01 end/pass --json "$tmp/no/such/file"
	check "unwritable JSON is said" complains "no/such/file"
}

test_names() {
	for name in 1 01 lab01 lab01-fake; do
		run run "$name" end/pass --plain
		check "lab as $name" outcome end/pass pass
	done
	for name in end/pass lab01/end/pass lab01-fake/end/pass; do
		run run "$name" --plain
		check "test as $name" outcome end/pass pass
	done
	run run lab01 end --plain
	check "a suite" [ "$(wc -l <"$tmp/stdout")" -eq 9 ]
	for args in 'run lab9' 'run lab01 end/nothing' 'fly' 'hint' \
		'hint lab01' 'run lab01 end/pass more' 'watch lab01 end/x' \
		'board 1' 'run --jobs 0' 'run --jobs 0+' 'run --jobs +' \
		'mutants --jobs 2+' 'run --seed x' 'run nosuch'; do
		# shellcheck disable=SC2086 # words
		run $args
		check "status of: $args" status_is 2
		check "one line on: $args" one_line
	done
	run run lab01 end/nothing
	check "suites are listed" complains "suites: end check mess bonus;"
	check "how to list all" complains "./course list lab01"
	run run lab01 end/leek
	check "the nearest test" complains "nearest: end/leak"
	run run lab02 end/leek
	check "few tests are all listed" complains "known: real/runs"
	run run bonus/extr
	check "the nearest test of any lab" complains "nearest: bonus/extra"
	run hint
	check "hint says what it wants" complains "./course hint lab01/end/pass"
	run hint end
	check "hint lists a suite" complains "end/flaky"
	run --help
	check "help is about ./course" says "./course grade [LAB] [TEST]"
	run run lab9
	check "known labs are listed" complains "lab01 lab02"
	run fly
	check "known commands are listed" complains "board"
}

# bad_ini LINE TEXT SED...: grading.ini after SED is refused.
bad_ini() {
	sed "$3" "$tmp/good.ini" >"$tree/lab01-fake/grading.ini"
	run board
	check "status 2: $3" status_is 2
	check "line $1: $3" complains "lab01-fake/grading.ini:$1: "
	check "says '$2': $3" complains "$2"
	check "one line: $3" one_line
}

test_ini() {
	long=$(printf '%0300d' 0)
	bad_ini 2 'unknown key "titel"' '2s/title/titel/'
	bad_ini 1 'expected a section' '1s/lab/lob/'
	bad_ini 8 'expected a number' '8s/40/many/'
	bad_ini 8 'expected a number' '8s/40/101/'
	bad_ini 8 'expected a number' '8s/40/-4/'
	bad_ini 9 'expected a number' '9s/1/0/'
	bad_ini 9 'expected a number from 1 to 10000' '8s/$/\nthreads = 0/'
	bad_ini 9 'expected a number from 1 to 10000' '8s/$/\nthreads = 10001/'
	bad_ini 11 'expected hidden or visible' '11s/visible$/maybe/'
	bad_ini 6 'lacks hint2' '14d'
	bad_ini 6 'lacks points' '8d'
	bad_ini 6 'SUITE/NAME' '6s|end/pass|endpass|'
	bad_ini 9 'only once' '8p'
	bad_ini 8 'KEY = VALUE' '8s/=//'
	bad_ini 7 'at most' "7s/\$/$long/"
	bad_ini 7 'comment' '7s/$/ ; not here/'
	bad_ini 13 'comment' '13s/goes/#goes/'
	bad_ini 9 'in one line' '8s/$/\n\t5/'
	bad_ini 3 'deliverables' '3s/a.c/..\/a.c/'
	bad_ini 1 'lacks title' '2d'
	printf '[test:%060d/x]\n' 0 >>"$tree/lab01-fake/grading.ini"
	bad_ini 6 'section name' "6s|end|$(printf '%060d' 0)|"
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
	run check lab01
	check "check: points add up" status_is 0
	sed -i 's/made of green$/made of blue/' "$tree/lab01-fake/a.h"
	run check lab01
	check "check: a promise that no contract makes" \
		says '[test:end/fail] promise: expected a quote'
	check "... is an error" status_is 1
	sed -i 's/made of blue$/made of green/' "$tree/lab01-fake/a.h"
	mkdir -p "$tree/lab01-fake/tests"
	printf 'judge_promise("The cheese is");\n\njudge_promise(\n"No cheese");\n' \
		>"$tree/lab01-fake/tests/a.c"
	run check lab01
	check "check: words with which no promise begins" \
		says 'tests/a.c:4: expected the beginning of a promise'
	check "... and no others" [ "$(grep -c beginning "$tmp/stdout")" -eq 1 ]
	rm "$tree/lab01-fake/tests/a.c"
	run check lab02
	check "check: starter_points" says "lacks starter_points"
}

test_build() {
	run run lab02
	check "real lab" says "lab02: 100 of 100"
	echo 'int x = y;' >>"$tree/lab02-real/two.c"
	run run lab02
	check "status of does not build" status_is 1
	check "compile error" says "two.c:6:9: error: 'y' undeclared"
	run run lab02 --plain
	check "outcome build" outcome real/runs build
	good_sources "$tree"
	echo 'int main(void) { return 0; }' >>"$tree/lab02-real/two.c"
	run run lab02
	check "no make line for the student" \
		[ -z "$(grep -F 'make -C' "$tmp/stdout")" ]
	check "a second main" says "multiple definition of"
	good_sources "$tree"
	rm "$tree/lab02-real/two.c"
	run run lab02
	check "missing deliverable" says "lab02-real/two.c is missing"
	mkdir "$tree/.readylist"
	run run lab02
	check "how to get it back" says "./course reset lab02 two.c"
	rmdir "$tree/.readylist"
	rm "$tree/lab01-fake/a.c"
	mkfifo "$tree/lab01-fake/a.c"
	run run lab02
	check "a FIFO in a lab below" \
		says "lab01-fake/a.c is a FIFO, expected a regular file"
	rm "$tree/lab01-fake/a.c"
	: >"$tree/lab01-fake/a.c"
	: >"$tree/lab02-real/two.c"
	echo 'const char *two(void);' >"$tree/lab02-real/two.h"
	run run lab02
	check "whose function is missing" \
		says "lab02-real/two.c does not define two(), which two.h declares"
	rm "$tree/lab02-real/two.h"
	rm "$tree/lab02-real/two.c"
	run run lab02
	run board
	check "the board still prints" says "does not build"
	good_sources "$tree"
	echo '#include "/dev/zero"' >"$tree/lab02-real/two.c"
	run run lab02 --deadline 2
	check "a compiler that does not end" says "does not build"
	good_sources "$tree"
	: >"$tree/lab02-real/broken-judge"
	run run lab02 --plain
	check "the judge does not build: infra" outcome real/runs infra
	check "the judge does not build: status" status_is 3
	rm "$tree/lab02-real/broken-judge"
	mkdir "$tree/.readylist"
	sed 's/well/ill/' "$tree/lab02-real/two.c" >"$tmp/two.c"
	cp "$tmp/two.c" "$tree/lab02-real/two.c"
	run run lab02
	check "an unfinished lab below is named" says "this lab runs on your lab01"
	check "... and no solve where there is no reference" \
		[ -z "$(grep 'course solve' "$tmp/stdout")" ]
	: >"$tree/.readylist/origin"
	run run lab02
	check "... and solve where there is one" says "./course solve lab01"
	check "... with its points" says "of 100 points so far"
	mv "$tree/build/state/lab01-fake.json" "$tmp/lab01.json"
	run run lab02
	check "... or as not graded" says "lab01, which has not been graded yet"
	check "... and how to" says "./course grade lab01 tells"
	check "... and no points" [ -z "$(grep 'points so far' "$tmp/stdout")" ]
	mv "$tmp/lab01.json" "$tree/build/state/lab01-fake.json"
	echo '/* solved */' >"$tree/lab01-fake/a.c"
	run run lab02
	check "... or as changed since" says "lab01, which has changed since"
	: >"$tree/lab01-fake/a.c"
	rm -r "$tree/.readylist"
	good_sources "$tree"
}

test_hints() {
	run hint lab01/end/fail
	check "first hint" says "symptom of end/fail goes on"
	check "not the second" [ -z "$(grep 'concept of' "$tmp/stdout")" ]
	run hint lab01 end/fail
	check "second hint" says "concept of end/fail"
	run hint end/fail
	check "third hint" says "place of end/fail"
	run hint end/fail
	check "these were all" says "These were all"
	run hint --again end/fail
	check "from the first" says "symptom of end/fail"
	run hint end/leak
	check "counted for each test" says "symptom of end/leak"
}

test_board() {
	rm -rf "$tree/build/state"
	run board
	check "not graded yet" says "not graded yet"
	run run lab01
	run board
	check "points of a lab" says " 55/100"
	check "bar" says "################.............."
	check "next task" says "lab01, task 2: The title of end/fail"
	check "what to read" says 'README.md, "Task 2: fail well"'
	check "80 columns" [ -z "$(grep -E '^.{80}' "$tmp/stdout")" ]
	check "what to edit" says "edit    lab01-fake/a.c"
	check "... only that" [ -z "$(grep 'b\.c' "$tmp/stdout")" ]
	check "nothing is of older code" [ -z "$(grep older "$tmp/stdout")" ]
	echo '/* new */' >>"$tree/lab01-fake/a.c"
	run board
	check "results of older code" says "lab01: 17 results are of older code"
	run run lab01 end/pass
	check "... but the one run now" says "16 results are of older code"
	run run lab01
	check "... none after a full run" [ -z "$(grep older "$tmp/stdout")" ]
	run board
	cp "$tmp/stdout" "$tmp/board"
	: >"$tree/lab01-fake/flycheck_a.c"
	run board
	check "... and an editor's file changes nothing" \
		cmp "$tmp/stdout" "$tmp/board"
	rm "$tree/lab01-fake/flycheck_a.c"
	run run lab02
	echo '/* new */' >>"$tree/lab01-fake/a.c"
	run board
	check "code of a module used" says "lab02: 1 result is of older code"
	echo 'not json' >"$tree/build/state/lab01-fake.json"
	run board
	check "broken state is no state" status_is 0
}

# grade, started in the background, with its output in stdout; nothing of the
# one before is left in there.
start() {
	: >"$tmp/stdout"
	: >"$tmp/stderr"
	"$grade" --root "$tree" "$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
	watcher=$!
}

ended() {
	status=0
	wait "$watcher" 2>/dev/null || status=$?
	watcher=
}

# The builds that a test runs on.
test_builds() {
	ini=$tree/lab02-real/grading.ini
	cp "$ini" "$tmp/real.ini"
	good_sources "$tree"
	run run lab02 --plain
	check "on asan if nothing is said" [ -f "$tree/build/asan/lab02-real/prog" ]
	check "... and not on tsan" [ ! -e "$tree/build/tsan" ]
	sed -i 's/^points = /build = plain asan tsan\n&/' "$ini"
	cat >"$tree/lab02-real/two.c" <<-'EOF'
		#include <string.h>
		const char *two(void);
		const char *two(void)
		{
			return strcmp(SAN, "thread") ? "well" : "a race";
		}
	EOF
	run run lab02 --plain
	check "all builds have to pass" outcome real/runs fail
	run run lab02
	check "... the one that did not is named" says "with ThreadSanitizer"
	check "... and how to run it" says "--build tsan"
	run run lab02 --build asan --plain
	check "one build alone" outcome real/runs pass
	run run lab02 --build moon
	check "an unknown build" status_is 2
	: >"$tree/lab02-real/broken-sanitizer"
	run run lab02 --plain
	check "a sanitizer that cannot start is infra" outcome real/runs infra
	run run lab02 --build plain --plain
	check "... and is not needed for a plain build" outcome real/runs pass
	rm "$tree/lab02-real/broken-sanitizer"
	sed -i 's/^build = .*/build = moon/' "$ini"
	run run lab02
	check "an unknown build in grading.ini" status_is 2
	check "... says what was expected" \
		grep -q 'expected plain, asan or tsan' "$tmp/stderr"
	cp "$tmp/real.ini" "$ini"
	good_sources "$tree"
}

# What the grader could not do takes nothing away, and is said in a line.
# shellcheck disable=SC3045,SC2016 # dash and bash know ulimit -n; sh -c
test_shortage() {
	good_sources "$tree"
	run run lab02
	"$grade" --root "$tree" run lab02 <&- >&- 2>&- || :
	run board --plain
	check "standard descriptors that are closed harm nothing" says \
		"lab02-real	100"
	: >"$tree/lab02-real/broken-judge"
	run run lab02
	check "the judge does not build" says "the tests do not build"
	rm "$tree/lab02-real/broken-judge"
	run board
	check "... and the board keeps what it had" says "100/100"
	status=0
	(ulimit -n 100 && "$grade" --root "$tree" run lab02) \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "few descriptors: status" status_is 3
	check "... one line" one_line
	status=0
	(ulimit -n 1023 && "$grade" --root "$tree" run lab02) \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "... also one less than what is needed" status_is 3
	(ulimit -S -n 100 && "$grade" --root "$tree" run lab02 --plain) \
		>"$tmp/stdout" 2>"$tmp/stderr" || true
	check "a soft limit is raised" outcome real/runs pass
	unshare -rm true 2>/dev/null || return 0
	status=0
	unshare -rm sh -ec 'mount --bind "$1" "$1"
		mount -o remount,ro,bind "$1"
		"$2" --root "$1" run lab02' - "$tree" "$grade" \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "a tree that is read-only: status" status_is 3
	check "... one line" one_line
	status=0
	# shellcheck disable=SC2016 # sh -c
	unshare -rn sh -ec 'echo 40000 40001 \
			>/proc/sys/net/ipv4/ip_local_port_range
		"$2" --root "$1" run lab02' - "$tree" "$grade" \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "no ports: status" status_is 3
	check "... one line" one_line
	check "... which says how many" complains "only 2 ports of 127.0.0.1"
	mkdir "$tmp/small"
	status=0
	unshare -rm sh -ec 'mount -t tmpfs -o size=1m none "$3"
		TMPDIR=$3 exec "$2" --root "$1" run lab02' - \
		"$tree" "$grade" "$tmp/small" \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "a disk that is nearly full: status" status_is 3
	check "... one line" one_line
	check "... that says of which folder" complains "$tmp/small is full"
}

# crowded LO HI: how many threads the test got.
crowded() {
	[ "$(cut -d ' ' -f 1 "$tmp/crowded")" -ge "$1" ] &&
		[ "$(cut -d ' ' -f 1 "$tmp/crowded")" -le "$2" ]
}

# without_groups COMMAND...: where no control group can be made.
without_groups() {
	unshare -m sh -ec 'mount -t tmpfs none /sys/fs/cgroup
		exec "$@"' - "$@"
}

no_group_is_left() {
	[ -z "$(find /sys/fs/cgroup -name "readylist-$1-*" 2>/dev/null)" ]
}

# part POINTS OUTCOME PASSED: what a test of three steps and ten points earns.
part() {
	echo "$2 $3" >"$tmp/part"
	run run lab01 mess/part --plain
	check "$2 with $3 of 3 steps: $1 of 10 points" \
		[ "$(cut -f 1-3 "$tmp/stdout")" = "$2	$1	10" ]
}

test_steps() {
	section mess/part 10 6 'steps = 3' >>"$tree/lab01-fake/grading.ini"
	part 0 fail 0
	part 3 fail 1
	part 6 crash 2
	part 6 leak 3
	part 6 fail 4294967298
	part 0 infra 2
	part 10 pass 0
	echo fail 2 >"$tmp/part"
	run run lab01 mess/part --formats "$tmp/formats" --json "$tmp/json"
	check "on the terminal" says "6/10"
	check "in JSON" grep -q '"steps_passed": 2' "$tmp/json"
	for format in "$tmp/formats"/*; do
		check "in ${format##*/}" grep -Eq \
			"mess/part.*,6,10|(score|points)\"?[=:] ?\"?6\\b|points. value=.6." \
			"$format"
	done
	run list lab01 mess/part
	check "the list says so" says "(in 3 steps)"
	run board
	check "on the board" says "  6/110"
	sed -i 's/^steps = 3/steps = 1/' "$tree/lab01-fake/grading.ini"
	run run lab01
	check "a test of one step: status" status_is 2
	check "... says what was expected" complains \
		"steps: expected a number from 2 to 100"
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
}

# What the kernel holds a test to, by each means that there is.
test_limits() {
	cc -pthread -o "$tmp/crowd" "$here/crowd.c"
	for test in crowd hoard; do
		section "mess/$test" 1 6 'challenge = yes' \
			>>"$tree/lab01-fake/grading.ini"
	done
	start run lab01 mess/crowd --verbose
	limited=$watcher
	ended
	if ! grep -q 'no control group' "$tmp/stderr"; then
		limits_by_group
	fi
	# Groups of a namespace's outside can be made there, and not entered.
	if unshare -C true 2>/dev/null; then
		unshare -C "$grade" --root "$tree" run lab01 end/pass --plain \
			>"$tmp/stdout" 2>"$tmp/stderr" || true
		check "a namespace for groups: tests run" outcome end/pass pass
	fi
	if without_groups true 2>/dev/null; then
		limits_without_groups
	fi
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
}

limits_by_group() {
	check "a group holds a test's threads" crowded 400 640
	# A user's programs may have a limit of their own, which is less.
	if [ "$(id -u)" -eq 0 ] || crowded 513 640; then
		check "... which is told" says \
			"640 processes and threads: the kernel refused another"
		check "... as the test's failure" says "at most 400 processes"
	fi
	if [ -s "$tmp/stderr" ]; then
		check "... and says that it does not hold memory" \
			complains "do not limit memory"
		check "... in one line" one_line
		holds_memory=
	else
		holds_memory=yes
	fi
	sed -i '/^\[test:mess\/crowd\]/a threads = 200' \
		"$tree/lab01-fake/grading.ini"
	run run lab01 mess/crowd
	check "a test for more threads has more" crowded 700 700
	sed -i '/^threads = 200/d' "$tree/lab01-fake/grading.ini"
	check "the group is removed" no_group_is_left "$limited"
	[ -n "$holds_memory" ] || return 0
	[ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt 6000000 ] ||
		return 0
	run run lab01 mess/hoard
	check "a group holds its memory" says \
		"2048 MiB: the kernel ended one of them"
}

limits_without_groups() {
	status=0
	without_groups "$grade" --root "$tree" run lab01 mess/crowd \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "root without a group" complains \
		"no other limit holds this user"
	check "... in one line" one_line
	check "... has no limit" crowded 700 700
	setpriv --reuid 65534 --clear-groups unshare -r true 2>/dev/null ||
		return 0
	chown -R 65534 "$tmp"
	chmod 755 "$tmp"
	status=0
	without_groups setpriv --reuid 65534 --clear-groups "$grade" \
		--root "$tree" run lab01 mess/crowd --verbose \
		>"$tmp/stdout" 2>"$tmp/stderr" || status=$?
	check "a user without a group" complains \
		"the kernel limits a test's processes"
	check "... has fewer threads than the judge" crowded 400 512
	chown -R 0 "$tmp"
}

test_interrupt() {
	: >"$tmp/hang"
	for signal in INT TERM; do
		rm -f "$tmp/late"
		start run lab01
		check "it hangs" await 10 [ -s "$tmp/late" ]
		kill "-$signal" "$watcher"
		ended
		check "status after $signal" status_is 130
		check "nothing left after $signal" gone
	done
	rm -f "$tmp/late"
	start run lab01
	check "it hangs again" await 10 [ -s "$tmp/late" ]
	limited=$watcher
	kill -KILL "$watcher"
	ended
	check "nothing left after KILL" await 10 gone
	check "... nor a control group" await 10 no_group_is_left "$limited"
	rm -f "$tmp/hang"
}

# hold HOW [FILE]: the room or FILE, shared or exclusive, as another grade would,
# until let_go.
hold() {
	rm -f "$tmp/let_go"
	flock "$1" "${2:-$room}" sh -c ": >'$tmp/held'
		until [ -f '$tmp/let_go' ] || [ ! -d '$tmp' ]; do
			sleep 0.05
		done" &
	holder=$!
	await 60 [ -f "$tmp/held" ]
}

let_go() {
	: >"$tmp/let_go"
	wait "$holder"
	rm -f "$tmp/held"
}

gate_is_taken() {
	! flock --nonblock "$gate" true
}

begun() {
	ls -d "$tree"/build/state/run-* >/dev/null 2>&1
}

has_run() {
	grep -q "^$1 " "$tmp/ran"
}

# Processors whose ticks, in the column IDLE or BUSY, get more until they are gone.
processors() {
	rm -f "$tmp/stopped"
	ticks=0
	until [ -f "$tmp/stopped" ] || [ ! -d "$tmp" ]; do
		ticks=$((ticks + 1000))
		case $1 in
		idle) echo "cpu 0 0 0 $ticks 0 0 0 0" ;;
		busy) echo "cpu $ticks 0 0 0 0 0 0 0" ;;
		esac >"$GRADE_STAT"
		sleep 0.1
	done &
	clockwork=$!
	await 60 [ -s "$GRADE_STAT" ]
}

gone_processors() {
	: >"$tmp/stopped"
	wait "$clockwork"
	rm -f "$GRADE_STAT"
}

# They have had N times 1,000 ticks.
ticked() {
	read -r _ busy _ <"$GRADE_STAT"
	[ "${busy:-0}" -ge $(($1 * 1000)) ]
}

door_tests() {
	rm -f "$tmp/inside" "$tmp/open"
	: >"$tmp/ran"
	{
		section door/first 1 6 'challenge = yes'
		section door/second 1 6 'challenge = yes'
	} >>"$tree/lab01-fake/grading.ini"
}

# More than it was told to, while what runs uses no processor.
test_idle() {
	export GRADE_STAT="$tmp/stat"
	door_tests
	processors idle
	start run lab01 door --plain --jobs 1+
	check "a test hangs" await 60 [ -f "$tmp/inside" ]
	# In 60 s it would be ended, for it does not say that it has begun.
	check "... and another begins" await 30 has_run door/second
	: >"$tmp/open"
	ended
	gone_processors
	: >"$tmp/ran"
	rm -f "$tmp/inside" "$tmp/open"
	processors busy
	start run lab01 door --plain --jobs 1+
	check "a test works" await 60 [ -f "$tmp/inside" ]
	check "... for a while" await 30 ticked 40
	check "... and no other begins" [ -z "$(grep second "$tmp/ran")" ]
	: >"$tmp/open"
	ended
	gone_processors
	unset GRADE_STAT
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
}

# Whoever has begun goes on, though somebody waits in the gate.
turns_in_the_room() {
	door_tests
	start run lab01 door --box bare --plain --jobs 1
	check "a grade is in the room" await 60 [ -f "$tmp/inside" ]
	hold --exclusive "$gate"
	: >"$tmp/open"
	check "... and goes on, whoever is in the gate" \
		await 60 has_run door/second
	let_go
	ended
	cp "$tmp/good.ini" "$tree/lab01-fake/grading.ini"
}

# Official grades of one machine take turns.
test_turns() {
	run turns
	read -r gate room <"$tmp/stdout"
	# Tests that were killed before have left their marks.
	rm -f "$tmp"/running/*
	rm -rf "$tree"/build/state/run-*
	: >"$tmp/ran"
	turns_in_the_room
	: >"$tmp/ran"
	hold --shared
	start run lab01 bonus/alone --box bare --plain
	check "one that measures has begun" await 60 begun
	# It waits outside for MACHINE_PATIENCE_MS.
	"$grade" --root "$tree" run lab01 end/pass --box bare --plain \
		>"$tmp/beside" 2>&1 </dev/null &
	beside=$!
	check "... and lets others begin" await 60 has_run end/pass
	: >"$tmp/ran"
	check "... and then waits in the gate" await 120 gate_is_taken
	check "... while another's test runs" [ -z "$(cat "$tmp/ran")" ]
	let_go
	ended
	wait "$beside" || :
	check "... and not longer" outcome bonus/alone pass
	: >"$tmp/ran"
	hold --exclusive
	start run lab01 end/pass --box bare --plain
	check "no test begins" await 60 begun
	check "... while another measures" [ -z "$(cat "$tmp/ran")" ]
	let_go
	ended
	check "... and then it does" outcome end/pass pass
	hold --exclusive
	start run lab01 end/pass --box bare --plain
	check "one that waits" await 60 begun
	kill -TERM "$watcher"
	ended
	check "... can be ended" status_is 130
	run run lab01 end/pass --plain
	check "who is not graded officially does not wait" \
		outcome end/pass pass
	let_go
}

runs() {
	[ "$(grep -c 'lab02: .* of ' "$tmp/stdout")" -ge "$1" ]
}

# The end of what watch printed is about the failure to be mended next.
watch_a_test() {
	start watch lab01 end/fail
	check "watch of one test" await 10 says "Watching lab01"
	check "... runs no other" [ "$(grep -c '^  [A-Za-z]*  *[0-9]*/[0-9]' \
		"$tmp/stdout")" -eq 1 ]
	kill -INT "$watcher"
	ended
	start watch lab01 check/own
	check "watch of one that is not Next" await 10 \
		says "Watching lab01 check/own"
	check "... tells its failure all the same" \
		says "again   ./course grade lab01 check/own"
	kill -INT "$watcher"
	ended
}

# script(1) gives watch a terminal; keys come one by one from a FIFO.
watch_with_keys() {
	command -v script >/dev/null || return 0
	mkfifo "$tmp/keys"
	script -qfc "$grade --root $tree watch lab01" /dev/null \
		<"$tmp/keys" >"$tmp/stdout" 2>"$tmp/stderr" &
	watcher=$!
	exec 8>"$tmp/keys"
	check "watch on a terminal says its keys" await 20 says "h is the next"
	printf h >&8
	check "h shows a hint" await 10 says "1 of 3, the symptom"
	printf g >&8
	check "g grades now" await 20 twice "h is the next hint, q ends"
	printf q >&8
	ended
	check "q ends it" status_is 0
	exec 8>&-
	rm "$tmp/keys"
}

# A user namespace in which nobody has an inotify(7): as on a drive without
# events, what is saved in any lab is found by looking.
watch_without_events() {
	# shellcheck disable=SC2016 # sh -c
	unshare -r sh -ec 'echo 0 >/proc/sys/user/max_inotify_instances' \
		2>/dev/null || return 0
	good_sources "$tree"
	: >"$tmp/stdout"
	# shellcheck disable=SC2016
	unshare -r sh -ec 'echo 0 >/proc/sys/user/max_inotify_instances
		exec "$@"' - "$grade" --root "$tree" watch \
		>"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
	watcher=$!
	check "watch without events begins" await 20 says "Watching all labs"
	cp "$tmp/two.c" "$tree/lab02-real/two.c"
	check "... and sees a save in another lab" await 20 \
		says "lab02: 0 of 100"
	kill -INT "$watcher"
	ended
	good_sources "$tree"
}

twice() {
	[ "$(grep -c "$1" "$tmp/stdout")" -ge 3 ]
}

test_watch() {
	rm -rf "$tree/build/state"
	start watch lab02
	check "watch grades at once" await 10 runs 1
	cp "$tmp/two.c" "$tree/lab02-real/two.c"
	check "after a write" await 10 says "lab02: 0 of 100"
	good_sources "$tree"
	check "after another" await 10 runs 3
	cp "$tmp/two.c" "$tree/lab02-real/.two.c.new"
	before=$(grep -c 'lab02: .* of' "$tmp/stdout")
	mv "$tree/lab02-real/.two.c.new" "$tree/lab02-real/two.c"
	check "after a rename" await 10 runs $((before + 1))
	before=$(grep -c 'lab02: .* of' "$tmp/stdout")
	: >"$tree/lab02-real/new.h"
	check "after a new file" await 10 runs $((before + 1))
	before=$(grep -c 'lab02: .* of' "$tmp/stdout")
	for name in .two.c.swp '#two.c#' 'two.c~' 4913 flycheck_two.c; do
		: >"$tree/lab02-real/$name"
	done
	: >"$tree/lab02-real/other.h"
	check "a save among editors' files" await 10 runs $((before + 1))
	check "... and nothing for those" [ "$(grep -c 'lab02: .* of' \
		"$tmp/stdout")" -eq $((before + 1)) ]
	kill -INT "$watcher"
	ended
	check "watch ends" status_is 130
	watch_a_test
	watch_with_keys
	watch_without_events
	: >"$tmp/hang"
	rm -f "$tmp/late"
	start watch lab01
	check "watch hangs in a test" await 10 [ -s "$tmp/late" ]
	rm "$tmp/hang"
	echo >>"$tree/lab01-fake/a.c"
	check "a save ends the run" await 10 says "lab01: 55 of"
	check "and what it ran" gone
	kill -TERM "$watcher"
	ended
	good_sources "$tree"
}

make_fixture "$tree"
cp "$tree/lab01-fake/grading.ini" "$tmp/good.ini"
for t in outcomes text checks late hung regicide json names ini build hints board builds shortage steps limits interrupt idle turns watch
do
	"test_$t"
done
finish
