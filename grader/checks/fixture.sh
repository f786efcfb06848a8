# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# A course for testing grade: lab01-fake, whose tests/graded is a script that
# writes whatever report its test's name asks for, and lab02-real, which is
# compiled. make_fixture DIR builds it; the judge has no part in it.

# section SUITE/NAME POINTS TASK [MORE LINES]
section() {
	printf '\n[test:%s]\ntitle = The title of %s\n' "$1" "$1"
	printf 'points = %s\ntask = %s\nconcept = testing\n' "$2" "$3"
	printf 'visibility = visible\n'
	printf 'hint1 = symptom of %s\n\tgoes on\n' "$1"
	printf 'hint2 = concept of %s\nhint3 = place of %s\n' "$1" "$1"
	[ -z "${4:-}" ] || printf '%s\n' "$4"
}

fake_ini() {
	printf '[lab]\ntitle = The fake lab\ndeliverables = a.c b.c\n'
	printf 'starter_points = 0\n'
	section end/pass 40 1
	section end/fail 10 2 'promise =
	A moon is made of green cheese.
	The cheese is \
	eaten by two mice, or by
	as it says'
	section end/timeout 5 2
	section end/crash 5 2
	section end/leak 5 3
	section end/infra 5 3
	section end/silent 5 3
	section end/liar 5 3
	section end/flaky 5 3
	section check/own 1 5 'challenge = yes'
	section check/memory 1 5 'challenge = yes'
	section check/its 1 5 'challenge = yes
own_checks = memory'
	section mess/orphan 5 4
	section mess/late 5 4
	section mess/nul 5 4
	printf '\n[check:cheese]\ntitle = The cheese is green\n'
	printf 'promise = A moon is made of green cheese.\n'
	printf 'hint1 = cheese one\nhint2 = cheese two\nhint3 = cheese three\n'
	printf '\n[untested]\nnobody goes there =\n\tThe cheese is\n'
	section bonus/extra 7 5 'challenge = yes'
	section bonus/alone 0 5 'alone = yes' | sed 's/= 0$/= 3/; s/^hint3.*/&\
challenge = yes/'
}

fake_graded() {
	cat <<'EOF'
#!/bin/sh
# The test comes by the environment.
set -- test "$JUDGE_TEST"
report() {
	printf '{"outcome": "%s", "expected": "the %s", "got": "%s",
	"seed": %s, "trace": ["step one", "step two"], "errors": "%s",
	"broken": "%s"}\n' "$1" moon "$2" "$JUDGE_SEED" "$3" \
		"$(cat "$FIXTURE/broken" 2>/dev/null)" >"$JUDGE_REPORT"
}
echo "$2 $JUDGE_SEED" >>"$FIXTURE/ran"
mkdir -p "$FIXTURE/running"
trap 'rm -f "$FIXTURE/running/$$"' EXIT
: >"$FIXTURE/running/$$"
case $2 in
end/leak)
	printf '{"outcome": "leak", "expected": "", "got": "", "trace": [' \
		>"$JUDGE_REPORT"
	for n in 7 8 9 10 11 12; do
		printf '"send %s bytes x%s", "turn %s",' $n $n $n
	done >>"$JUDGE_REPORT"
	printf '"the end"]}\n' >>"$JUDGE_REPORT"
	exit 1
	;;
end/silent) echo "lost my tongue"; exit 0 ;;
end/liar) report pass '' ''; exit 1 ;;
end/flaky)
	[ -f "$FIXTURE/flaked" ] && report pass '' '' && exit 0
	: >"$FIXTURE/flaked"
	exit 1
	;;
mess/orphan)
	setsid sh -c '
		trap "" TERM HUP
		(echo "$$" >"$FIXTURE/orphan.tmp"
		mv "$FIXTURE/orphan.tmp" "$FIXTURE/orphan") &
		wait
		kill -STOP $$
		exec sleep 1000' &
	until [ -f "$FIXTURE/orphan" ]; do
		sleep 0.02
	done
	report pass '' ''
	;;
mess/late)
	echo $$ >"$FIXTURE/late"
	: >"/tmp/criterion_$$.sock"
	: >"$(mktemp -d)/left"
	echo "${TMPDIR:-/tmp}" >"$FIXTURE/tmpdir"
	echo >"$JUDGE_REPORT"
	if [ -f "$FIXTURE/hang" ]; then
		rm -f "$FIXTURE/running/$$"
		exec sleep 1000
	fi
	report pass '' ''
	;;
door/first)
	: >"$FIXTURE/inside"
	until [ -f "$FIXTURE/open" ]; do
		sleep 0.02
	done
	report pass '' ''
	;;
door/second) report pass '' '' ;;
mess/hang)
	if mkdir "$FIXTURE/hung"; then
		exec sleep 1000
	fi
	report pass '' ''
	;;
mess/linger)
	report "$(cat "$FIXTURE/linger")" '' ''
	if mkdir "$FIXTURE/lingered"; then
		exec sleep 1000
	fi
	;;
mess/regicide)
	# Without a namespace of its own, "all" would be the whole machine.
	inside=$(readlink /proc/self/ns/pid)
	outside=$(cat "$FIXTURE/outside")
	[ -n "$inside" ] && [ -n "$outside" ] &&
		[ "$inside" != "$outside" ] || exit 1
	sleep 1000 &
	kill -KILL $PPID -1
	report pass '' ''
	;;
mess/part)
	# pass N, fail N, ...: with N steps passed
	read -r outcome passed <"$FIXTURE/part"
	printf '{"outcome": "%s", "steps_passed": %s}\n' "$outcome" "$passed" \
		>"$JUDGE_REPORT"
	[ "$outcome" = pass ]
	;;
mess/crowd)
	# As the judge does with a program.
	${JUDGE_PROCESSES:+prlimit --nproc="$JUDGE_PROCESSES"} \
		"$FIXTURE/crowd" 700 >"$FIXTURE/crowded"
	report fail '' ''
	exit 1
	;;
mess/hoard)
	# Nothing that a look at the processes would see.
	head -c 2200M /dev/zero >/dev/shm/hoard
	report fail '' ''
	exit 1
	;;
mess/nul) report fail 'zero \u0000 escape \u001b[2J' 'err \u0000 ' ; exit 1 ;;
check/*)
	name=memory
	[ "$2" != check/own ] || name=cheese
	printf '{"outcome": "leak", "expected": "", "got": "", "check": "%s"}\n' \
		"$name" >"$JUDGE_REPORT"
	exit 1
	;;
bonus/extra) report pass '' '' ;;
bonus/alone)
	beside=$(ls "$FIXTURE/running" | wc -l)
	[ "$beside" -eq 1 ] && report pass '' '' && exit 0
	report fail "$beside tests" ''
	exit 1
	;;
end/crash)
	report crash '' 'SEGV\n    #0 0x1 in f /t/lab01-fake/a.c:1\n    #1 0x2 in main /t/lab01-fake/tests/drivers/a.c:2\n    #2 0x3 in _start (/t/a+0x1)'
	exit 1
	;;
*)
	report "${2#*/}" 'green cheese' 'a line of stderr'
	[ "$2" = end/pass ]
	;;
esac
EOF
}

real_ini() {
	printf '[lab]\ntitle = The real lab\ndeliverables = one.c two.c\n'
	section real/runs 100 1
}

make_fixture() {
	rm -rf "$1"
	mkdir -p "$1/lab01-fake" "$1/build/gcc/lab01-fake/tests" \
		"$1/lab02-real" "$1/build/gcc/lab02-real/tests"
	fake_ini >"$1/lab01-fake/grading.ini"
	: >"$1/lab01-fake/a.c"
	: >"$1/lab01-fake/b.c"
	printf '/*\n * A moon is made of green\n *\tcheese. The cheese\n * is ' \
		>"$1/lab01-fake/a.h"
	printf 'eaten by two mice, or by *NUMBER.\n */\n' >>"$1/lab01-fake/a.h"
	printf '/* SPDX */\n/* Nobody tests this. */\nint b; /* of b */\n' \
		>"$1/lab01-fake/b.h"
	printf '# Fake\n\n## Task 2: fail well (30 points)\n\n\140a.c\140: %s, as it says.\n\n## Task 20: no\n' it \
		>"$1/lab01-fake/README.md"
	printf 'programs probe tests:\n\t@:\nprint-uses:\n\t@echo\n' \
		>"$1/lab01-fake/Makefile"
	fake_graded >"$1/build/gcc/lab01-fake/tests/graded"
	chmod +x "$1/build/gcc/lab01-fake/tests/graded"
	real_ini >"$1/lab02-real/grading.ini"
	cat >"$1/lab02-real/Makefile" <<'EOF'
VARIANT = gcc
B = ../build/$(VARIANT)/lab02-real
programs: $(B)/prog
$(B)/prog: $(B)/one.o $(B)/two.o
	gcc -o $@ $^
$(B)/%.o: %.c
	@mkdir -p $(@D)
	gcc -DSAN='"$(SAN)"' -Wall -Werror -c -o $@ $<
probe:
	@test ! -f broken-sanitizer || { echo 'no shadow memory' >&2; false; }
tests:
	@test ! -f broken-judge || { echo 'judge.c:1: error: ours' >&2; false; }
print-uses:
	@echo lab01-fake/a
EOF
	cat >"$1/build/gcc/lab02-real/tests/graded" <<'EOF'
#!/bin/sh
got=$("$JUDGE_BIN/prog")
[ "$got" = well ] && outcome=pass || outcome=fail
printf '{"outcome": "%s", "expected": "well", "got": "%s"}' \
	"$outcome" "$got" >"$JUDGE_REPORT"
[ "$outcome" = pass ]
EOF
	chmod +x "$1/build/gcc/lab02-real/tests/graded"
	good_sources "$1"
}

good_sources() {
	cat >"$1/lab02-real/one.c" <<'EOF'
#include <stdio.h>
const char *two(void);
int main(void)
{
	puts(two());
	return 0;
}
EOF
	cat >"$1/lab02-real/two.c" <<'EOF'
const char *two(void);
const char *two(void)
{
	return "well";
}
EOF
}
