#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A class is graded: good, bad and odd submissions, an interruption, and once
# more. One suite of a lab does: what batch adds is around the tests.
. "$(dirname -- "$0")/lib.sh"

lab=lab01-blocking
class=$tmp/class
out=$tmp/grades
need_grader
if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
	echo "bubblewrap cannot make namespaces here"
	exit 77
fi

# submission NAME IO [SED]: the starter with the file IO as io.c, edited.
submission() {
	mkdir -p "$class/$1"
	cp "$top/$lab/starter"/*.c "$class/$1"
	sed "${3:-}" "$2" >"$class/$1/io.c"
}

batch() {
	PYTHONDONTWRITEBYTECODE=1 timeout 600 "$top/course" batch "$class" \
		--lab lab01 --test io --out "$out" --seed 7 --jobs 2 "$@"
}

first_is_done() {
	grep -q '^\[1/' "$tmp/first" || ! kill -0 "$pid" 2>/dev/null
}

# Ended when the first submission is done, as by Ctrl-C.
interrupted() {
	PYTHONDONTWRITEBYTECODE=1 exec python3 "$top/grader/batch/batch.py" "$class" \
		--lab lab01 --test io --out "$out" --seed 7 --jobs 2 \
		>"$tmp/first" 2>&1 &
	pid=$!
	await 300 first_is_done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	cat "$tmp/first"
	[ "$status" -eq 130 ] && [ ! -e "$out/grades.csv" ]
}

# Boxes that cannot be made.
without_boxes() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/bwrap"
	chmod +x "$tmp/bin/bwrap"
	PATH="$tmp/bin:$PATH" batch --out "$tmp/other"
}

# The score that the file $1 of OUT has.
score() {
	python3 -c "import json,sys
r = json.load(open(sys.argv[1]))
print(r['score'] if 'score' in r else r['labs'][0]['points'])" "$out/$1"
}

kept() {
	[ "$(grep -c '(kept)' "$tmp/said")" -eq "$1" ]
}

reference=$top/$lab/io.c
submission good "$reference"
submission starter "$top/$lab/starter/io.c"
submission half "$reference" 's/EINTR/EINVAL/'
submission crash "$reference" 's/^{$/{ *(volatile int *)0 = 1;/'
submission loop "$reference" 's/^{$/{ for (volatile int i = 0;; i++) ;/'
submission '=<img src=x onerror=alert(1)>"&' "$reference" '1i int broken('
tar -czf "$class/packed.tar.gz" -C "$class" good
submission link "$reference"
ln -sf /etc/passwd "$class/link/io.c"
echo 'not a zip' >"$class/torn.zip"
echo 'not a zip' >"$class/two
lines.zip"
ln -s "$top/$lab" "$class/linked"
echo 'a list' >"$class/list.txt"

check 'a batch that is ended stops, and has no grades' interrupted
check 'the next one goes on' batch
cp "$tmp/out" "$tmp/said"
check_says '... keeps what is done' '(kept)'
check_says '... leaves out what is no submission' \
	'no folder and no archive: list.txt'
cp "$tmp/said" "$tmp/out"
check_says '... has looked at the boxes first' \
	'the reference has 27 of 100, the starter 0 of 100'
check '... each has results in every format' test \
	"$(find "$out/formats/half" -type f | wc -l)" -eq \
	"$("$grade" formats --root "$top" | wc -w)"
check '... with the same points' test "$(score formats/half/gradescope.json)" \
	= "$(score results/half.json)"
check '... without the seed' test -z \
	"$(grep -rlE -e '--seed 7' -e '"seed": 7' "$out/formats")"
check '... but for who was refused' test ! -e "$out/formats/torn.zip"
cp "$out/grades.csv" "$tmp/before.csv"
check 'once more' batch
cp "$tmp/out" "$tmp/said"
check '... nothing is graded again' kept 11
check '... and the grades are the same' cmp "$tmp/before.csv" "$out/grades.csv"
echo '/* done */' >>"$class/half/io.c"
check 'one has handed in again' batch
cp "$tmp/out" "$tmp/said"
check '... and is graded' kept 10
python3 "$top/selftest/batch.py" "$out" >"$tmp/python" || failed=$((failed + 1))
grep -v '^count:' "$tmp/python"
passed=$((passed + $(grep -c '^ok' "$tmp/python")))

check_status 1 'boxes that do not work' without_boxes
check_says '... grade nobody' 'nobody is graded'
check '... and write no grades' test ! -e "$tmp/other/grades.csv"
check_status 2 'no such folder' "$top/course" batch "$tmp/none" --lab lab01
check_status 2 'no such lab' "$top/course" batch "$class" --lab lab99
check_status 2 'an empty folder' "$top/course" batch "$tmp/bin" --lab lab01
check_status 2 'results among the submissions' batch --out "$class/out"
finish
