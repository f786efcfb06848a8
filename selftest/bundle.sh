#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What `./course bundle` makes for lab 1: the same bytes each time, all that a
# system wants and nothing that it should not have, and it grades. The systems'
# folders are below a temporary one here; fresh-bundle.sh has them in their places.
. "$(dirname -- "$0")/lib.sh"

lab=lab01-blocking
need_grader
umask 022

bundle() {
	"$top/course" bundle "$@"
}

# both SYSTEM PATH: made twice, by different habits.
both() {
	bundle "$1" lab01 --out "$tmp/a/$2" &&
		(umask 077 && cd / && TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
			"$top/course" bundle "$1" 1 "--out=$tmp/b/$2")
}

# same PATH: bytes, names and modes.
same() {
	diff -r "$tmp/a/$1" "$tmp/b/$1" && cmp "$tmp/a.$$" "$tmp/b.$$"
}

listed() {
	(cd "$1" && find "$2" -printf '%p %m %Ts\n' | sort)
}

unzipped() {
	python3 - "$1" "$2" <<-'PYTHON'
	import os, sys, zipfile
	with zipfile.ZipFile(sys.argv[1]) as z:
	    for m in z.infolist():
	        at = z.extract(m, sys.argv[2])
	        os.chmod(at, m.external_attr >> 16 & 0o777)
	PYTHON
}

has() {
	for path; do
		[ -f "$at/$path" ] || { echo "not there: $path" && return 1; }
	done
}

without() {
	! find "$at" -path "$1" | grep .
}

# The deliverables in the folder $2, from the folder $1 of the lab.
hand_in() {
	rm -rf "$2"
	mkdir -p "$2"
	for file in io listener serve; do
		cp "$top/$lab/$1$file.c" "$2"
	done
}

# said FILE EXPRESSION: what python says of the JSON in FILE, r.
said() {
	python3 -c "import json,sys
r = json.load(open(sys.argv[1]))
print($2)" "$1"
}

fits() {
	python3 -c "import json,sys,jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))" \
		"$top/grader/schemas/$1.schema.json" "$2"
}

# -------------------------------------------------------------- what is in them

mkdir "$tmp/a" "$tmp/b"
for system in gradescope.zip prairielearn classroom50 github; do
	check "a bundle for ${system%.zip}" both "${system%.zip}" "$system"
	listed "$tmp/a" "$system" >"$tmp/a.$$"
	listed "$tmp/b" "$system" >"$tmp/b.$$"
	# The zip itself is new each time; what is in it is not.
	[ "$system" != gradescope.zip ] || cp "$tmp/a.$$" "$tmp/b.$$"
	check '... has the same bytes each time' same "$system"
done

# Of the tree, in the folder $at: all that official grading needs.
check_tree() {
	check "$1 has the lab, its tests and the grader" has Makefile version \
		common/setup.sh common/lab.mk $lab/Makefile $lab/grading.ini \
		$lab/io.c $lab/io.h $lab/starter/io.c $lab/tests/drivers/io-driver.c \
		grader/official/official.sh grader/official/hosted.sh \
		grader/judge/judge.h grader/chaos/chaos.c grader/grade/main.c
	check '... its hidden tests' test "$(find "$at/$lab/tests/hidden" \
		-name '*.c' | wc -l)" -gt 0
	for path in '*/lab0[2-9]*' '*/mutants' '*/checks' '*/attacks' \
		'*/bench' '*/selftest' '*/docs' '*/demo' '*/site' '*/.git*' \
		'*/.ci' '*/batch' '*.o' '*/build' '*/bundle*'; do
		check "... without ${path#\*/}" without "$path"
	done
}

source=$tmp/autograder/source
mkdir -p "$source"
unzipped "$tmp/a/gradescope.zip" "$source"
at=$source
check 'gradescope: both scripts are at the top' has setup.sh run_autograder
check '... and can be run' test -x "$source/run_autograder" -a \
	-x "$source/setup.sh"
at=$source/readylist
check_tree gradescope
at=$tmp/a/prairielearn
check 'prairielearn: a question' has info.json question.html tests/run.sh \
	tests/Dockerfile
check '... that is graded outside' test "$(said "$at/info.json" \
	'r["gradingMethod"], r["externalGradingOptions"]["entrypoint"],
		r["externalGradingOptions"]["timeout"] <= 600')" = \
	'External /grade/tests/run.sh True'
check '... takes the lab'"'"'s files' grep -q \
	'file-names="io.c, listener.c, serve.c"' "$at/question.html"
at=$tmp/a/prairielearn/tests/readylist
check_tree prairielearn
at=$tmp/a/classroom50
check 'classroom50: a grader and a handout' has autograder.py LAB \
	readylist.tar.gz
check '... below its ten million bytes' test \
	"$(du -sb "$at" | cut -f 1)" -lt 10000000
check '... without reference and hidden tests' test -z \
	"$(tar -tzf "$at/readylist.tar.gz" | grep -E '/hidden/|/mutants/|official')"
at=$tmp/a/github
check 'github: a workflow and its scripts' has \
	.github/workflows/classroom.yml .github/readylist/grade.sh \
	.github/readylist/report.py
if python3 -c 'import yaml' 2>/dev/null; then
	check '... which is YAML' python3 -c 'import sys, yaml
y = yaml.safe_load(open(sys.argv[1]))
assert y["jobs"]["run-autograding-tests"]["steps"]' \
		"$at/.github/workflows/classroom.yml"
fi
for script in "$source/setup.sh" "$source/run_autograder" \
	"$tmp/a/prairielearn/tests/run.sh" "$at/.github/readylist/grade.sh"; do
	check "${script##*/} is sound" shellcheck -s sh "$script"
done

# --------------------------------------------------------------------- they grade

points=$("$grade" labs lab01 --root "$top" | cut -f 2)
results=$tmp/autograder/results/results.json

autograder() {
	(cd "$tmp/autograder" && env -u MAKEFLAGS AUTOGRADER="$tmp/autograder" \
		READYLIST_CANARY=no "$source/$1")
}

# What this machine cannot do is not tried.
may_grade() {
	[ "$(id -u)" -eq 0 ] || bwrap --unshare-all --ro-bind / / true 2>/dev/null
}

# bwrap that cannot make namespaces, as in Docker.
no_namespaces() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/bwrap"
	chmod +x "$tmp/bin/bwrap"
}

prairielearn() {
	env -u MAKEFLAGS PATH="$tmp/bin:$PATH" GRADE_FOLDER="$tmp/grade" \
		READYLIST="$source/readylist" READYLIST_CANARY=no \
		"$tmp/grade/tests/run.sh"
}

gradescope_grades() {
	check 'gradescope: setup.sh' autograder setup.sh
	hand_in '' "$tmp/autograder/submission"
	check 'gradescope: the reference' autograder run_autograder
	check '... has 100' test "$(said "$results" 'r["score"]')" = 100
	check '... and the result fits' fits gradescope "$results"
	check '... a hidden test is hidden' test "$(said "$results" \
		'len([t for t in r["tests"] if t["visibility"] == "hidden"]) > 0')" = True
	hand_in starter/ "$tmp/autograder/submission"
	check 'gradescope: the starter' autograder run_autograder
	check '... has its points' test "$(said "$results" 'r["score"]')" = \
		"$points"
	rm -r "$tmp/autograder/submission"
	mkdir "$tmp/autograder/submission"
	echo 'no folder' >"$tmp/autograder/submission/$lab"
	check 'gradescope: refused as a whole' autograder run_autograder
	check '... has nothing, and the reason' test "$(said "$results" \
		'r["score"] == 0 and "is no folder" in r["output"]')" = True
}

prairielearn_grades() {
	no_namespaces
	mkdir -p "$tmp/grade/data"
	cp -a "$tmp/a/prairielearn/tests" "$tmp/grade/"
	hand_in '' "$tmp/grade/student"
	check 'prairielearn: the reference, without namespaces' prairielearn
	check_says '... which is told' 'graded with --isolation uid'
	check '... has all' test "$(said "$tmp/grade/results/results.json" \
		'r["gradable"], r["score"]')" = 'True 1.0'
	check '... and the result fits' fits prairielearn \
		"$tmp/grade/results/results.json"
	rm "$tmp/grade/student/serve.c"
	hand_in starter/ "$tmp/grade/student"
	check 'prairielearn: the starter' prairielearn
	check '... has its share' test "$(said \
		"$tmp/grade/results/results.json" 'round(r["score"] * 100)')" = \
		"$points"
}

# In an unpacked handout with the reference in it: a student's repository.
repository_grades() {
	tar -xzf "$tmp/a/classroom50/readylist.tar.gz" -C "$tmp"
	cp -a "$tmp/a/github/." "$tmp/readylist"
	for file in io listener serve; do
		cp "$top/$lab/$file.c" "$tmp/readylist/$lab/"
	done
	echo 'int edited;' >>"$tmp/readylist/$lab/tests/drivers/io-driver.c"
	check 'classroom50: the reference' repository env OWNER=alice \
		CLASSROOM=net ASSIGNMENT=echo SUBMISSION_TAG=submit/1 \
		COMMIT_URL=c RELEASE_URL=r python3 "$tmp/a/classroom50/autograder.py"
	check '... has 100' test "$(said "$tmp/readylist/result.json" \
		'r["score"], r["max-score"], r["owner"]')" = '100 100 alice'
	check '... and the result fits' fits classroom50 \
		"$tmp/readylist/result.json"
	check 'github: the reference' repository env \
		GITHUB_OUTPUT="$tmp/output" GITHUB_STEP_SUMMARY="$tmp/summary" \
		sh .github/readylist/grade.sh lab01
	check '... has 100 in the summary' grep -q '100 of 100 points' \
		"$tmp/summary"
	sed -n 's/^result=//p' "$tmp/output" | base64 -d >"$tmp/result"
	check '... and for the reporter' test "$(said "$tmp/result" \
		'r["status"], r["max_score"], sum(t["score"] for t in r["tests"])')" \
		= 'pass 100 100'
	check '... JUnit XML is there' xmllint --noout --schema \
		"$top/grader/schemas/junit.xsd" \
		"$tmp/readylist/build/formats/junit.xml"
}

repository() {
	(cd "$tmp/readylist" && env -u MAKEFLAGS "$@")
}

! may_grade || gradescope_grades
[ "$(id -u)" -ne 0 ] || prairielearn_grades
repository_grades

# ---------------------------------------------------------------------- bad input

check 'bundle --help' bundle --help
check_says '... lists the systems' 'gradescope'
check_status 2 'no system' bundle
check_says '... which are named' 'classroom50 github gradescope prairielearn'
check_status 2 'an unknown system' bundle moodle lab01
check_status 2 'no lab' bundle gradescope
check_status 2 'no such lab' bundle gradescope lab99
check_status 2 'one word more' bundle gradescope lab01 lab02
check_status 2 'an unknown option' bundle gradescope lab01 --quick
check_status 2 '--out without a path' bundle gradescope lab01 --out
check_status 2 'a folder for the zip' bundle gradescope lab01 --out "$tmp"
check_status 2 'a file for the folder' \
	bundle github lab01 --out "$tmp/a/gradescope.zip"
check_status 2 'a folder with something in it' bundle github lab01 --out "$tmp"
finish
