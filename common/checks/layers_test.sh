#!/bin/sh
# SPDX-License-Identifier: MIT
# That layers.sh finds what it is there to find: it is run over a small tree in
# which every rule is broken once, and over the same tree before that.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
failed=0

mkdir -p "$tree/common/checks" "$tree/grader/judge" "$tree/grader/grade/mutant" \
	"$tree/lab01-a/tests" "$tree/lab02-b" || exit 2
cd "$tree" || exit 2
cat >common/sources.mk <<'END'
COMMON_LAYER0 = low
COMMON_LAYER1 = mid \
	other
COMMON_HEADERS1 = only
COMMON_LAYER3 = loop
END
cat >grader/sources.mk <<'END'
JUDGE_LAYER0 = sink
JUDGE_LAYER1 = judge
GRADE_LAYER0 = mem
GRADE_LAYER1 = run mutant/copy
END
touch grader/judge/sink_internal.h grader/judge/judge_internal.h \
	grader/grade/mem.h grader/grade/run.h
touch common/low.h common/mid.h common/other.h common/only.h common/loop.h \
	common/loop_impl.h grader/judge/judge.h lab01-a/io.h lab02-b/conn.h

put() {
	echo "#include \"$2\"" >>"$1"
}
# What is allowed: downwards, sideways, one's own, an earlier lab, tests.
put common/mid.c mid.h
put common/mid.c other.h
put common/mid.c low.h
put common/loop.c only.h
put common/checks/mid_test.c loop.h
put grader/judge/judge.c mid.h
put lab01-a/tests/io_test.c judge.h
put lab02-b/conn.c io.h
put grader/judge/judge.c sink_internal.h
put grader/judge/sink.c judge.h
put grader/grade/mutant/copy.c run.h
echo '#include <sys/loop.h>' >>common/low.c
if ! sh "$here/layers.sh" "$tree"; then
	echo "layers_test: a tree without a fault was refused"
	failed=1
fi

# fault FILE INCLUDE RULE: FILE may not include INCLUDE, and RULE is said.
fault() {
	cp "$1" saved 2>/dev/null || : >saved
	put "$1" "$2"
	out=$(sh "$here/layers.sh" "$tree")
	status=$?
	want="$1:$(wc -l <"$1" | tr -d ' '): $3"
	case "$status $out" in
	"1 $want"*) ;;
	*)
		echo "layers_test: want '$want', got status $status, '$out'"
		failed=1
		;;
	esac
	cp saved "$1"
}
fault common/low.c mid.h 'layer 0 includes layer 1'
fault common/low.h only.h 'layer 0 includes layer 1'
fault common/other.c loop.h 'layer 1 includes layer 3'
fault common/mid.c io.h 'common/ includes no lab'
fault common/mid.c ../lab02-b/conn.h 'common/ includes no lab'
fault common/checks/mid_test.c conn.h 'common/ includes no lab'
fault common/mid.c judge/judge.h 'common/ includes nothing of the grader'
fault common/stray.c low.h 'common/stray.c is in no layer'
: >common/stray.c
fault grader/judge/judge.c io.h 'the grader includes no lab'
fault grader/judge/sink.c judge_internal.h 'layer 0 includes layer 1'
fault grader/grade/mem.c run.h 'layer 0 includes layer 1'
fault grader/grade/run.c judge.h 'judge/ and grade/ do not include each other'
fault lab01-a/tests/io_test.c sink_internal.h 'sink_internal.h is for grader/judge/ only'
fault grader/judge/stray.c judge.h 'grader/judge/stray.c is in no layer of grader/sources.mk'
: >grader/judge/stray.c
fault lab01-a/tests/io_test.c conn.h 'no lab includes a later lab'
fault lab02-b/conn.c loop_impl.h 'loop_impl.h is for the loop only'
exit $failed
