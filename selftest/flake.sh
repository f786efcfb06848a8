#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Does the reference pass whatever else the machine does? Grades it over and
# over beside a load that this makes itself: 15 grades of the lab at the same
# time, a process that fills memory and one that fills the disk.
#
#	flake.sh [LAB] [MINUTES=10]	all labs without one
#	flake.sh [LAB] OFFICIAL=60	so many official runs, 15 at a time
#
# Both may be in the environment as well; MINUTES is for each lab. A line a lab
# goes to docs/FLAKE.md, which says what its columns are. Status 1 if a run failed.
#
#	this ──► a session of its own ──► 15 loops of grades
#	                               ──► two loops that make the load
#
# Nothing of that may stay behind. This ends the session when it ends itself;
# the session ends when this was killed; and a loop, when its session was.
set -eu

if [ "${1:-}" != --session ]; then
	setsid sh "$0" --session "$$" "$@" &
	session=$!
	# All of its processes, both ends of each pipe.
	trap 'kill -- "-$session" 2>/dev/null || :
		wait "$session" 2>/dev/null || :' EXIT
	trap 'exit 130' HUP INT TERM
	wait "$session"
	exit
fi
waiting=$2
shift 2
. "$(dirname -- "$0")/lib.sh"

minutes=${MINUTES:-10}
official=${OFFICIAL:-}
grades=15
only=
for word; do
	case $word in
	MINUTES=*) minutes=${word#MINUTES=} ;;
	OFFICIAL=*) official=${word#OFFICIAL=} ;;
	*) only=$word ;;
	esac
done
if ! echo "$minutes" | grep -Eqx '[0-9]+(\.[0-9]+)?'; then
	echo "MINUTES: expected a number, got '$minutes'" >&2
	exit 2
fi
if ! echo "${official:-1}" | grep -Eqx '[1-9][0-9]{0,3}'; then
	echo "OFFICIAL: expected 1 to 9999 runs, got '$official'" >&2
	exit 2
fi

table=$top/docs/FLAKE.md

# ----------------------------------------------------------------- the load

# Ends all that this session runs, but for this shell.
end_all() {
	trap '' TERM
	kill 0
	wait
	trap 'exit 130' TERM
}

clean_up() {
	end_all
	remove_tmp
}

# In a loop of the session: is its shell still there?
wanted() {
	kill -0 "$$" 2>/dev/null
}

# A quarter of the memory, filled and given back, over and over.
hog_memory() {
	kib=$(awk '/^MemAvailable:/ { print int($2 / 4) }' /proc/meminfo)
	while wanted; do
		head -c "${kib}K" /dev/zero | tail -c "${kib}K" |
			wc -c >"$tmp/filled"
	done
}

hog_disk() {
	while wanted; do
		dd if=/dev/zero of="$tmp/disk" bs=1M count=64 conv=fsync \
			2>/dev/null
		rm -f "$tmp/disk"
	done
}

# --------------------------------------------------------------- the grades

# What was graded; a plus for changes that are in no commit.
commit() {
	git -C "$top" rev-parse --short HEAD 2>/dev/null || {
		echo -
		return
	}
	git -C "$top" diff --quiet HEAD -- . ':!docs/FLAKE.md' || echo +
}

# one LAB N END: grades once, and until the time is over. A line a run goes to
# runs.N: its seed, and the tests that failed; what they said to the log.
one() {
	n=$2
	while :; do
		seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
		seed=$((seed % 1000000))
		rm -f "$tmp/plain.$n"
		"$grade" run "$1" --no-build --seed "$seed" --jobs 2 \
			--plain="$tmp/plain.$n" >"$tmp/text.$n" 2>&1 || true
		if [ -s "$tmp/plain.$n" ]; then
			missed=$(grep -v '^pass\|^skip' "$tmp/plain.$n" |
				cut -f 1,5 | tr '\t\n' '= ')
		else
			missed='no result'
		fi
		echo "$seed $missed" >>"$tmp/runs.$n"
		[ -z "$missed" ] || cat "$tmp/text.$n" >>"$log"
		[ "$(date +%s)" -lt "$3" ] || break
		wanted || break
	done
}

# The upper bound of the share that fails, in percent, of $1 runs with $2
# failures: the share at which so few would be seen once in twenty times.
bound() {
	awk -v n="$1" -v k="$2" '
	function few(p,   i, term, sum) {
		term = (1 - p) ^ n
		sum = term
		for (i = 1; i <= k; i++) {
			term *= (n - i + 1) / i * p / (1 - p)
			sum += term
		}
		return sum
	}
	BEGIN {
		low = 0
		high = 1
		for (i = 0; i < 50; i++) {
			p = (low + high) / 2
			if (few(p) > 0.05)
				low = p
			else
				high = p
		}
		printf "%.1f", 100 * high
	}'
}

# official_runs LAB N: a class of N that all hand in the reference. A line a run
# goes to runs.0: its name, since the seed is secret, and what was not well (a
# test that cannot run here, and is skipped, is skipped in all of them).
official_runs() {
	mkdir -p "$tmp/class"
	for n in $(seq "$2"); do
		mkdir -p "$tmp/class/$n"
		"$grade" deliverables "$1" | while read -r file; do
			cp "$top/$1/${file##*/}" "$tmp/class/$n"
		done
	done
	graded_in=$top/build/flake/$1.official
	rm -rf "$graded_in"
	COURSE_SETUP=no "$top/course" batch "$tmp/class" --lab "$1" \
		--jobs "$grades" --out "$graded_in" >"$log" 2>&1 || :
	python3 - "$graded_in/grades.csv" >"$tmp/runs.0" <<-'SHEET' || :
		import csv, sys
		rows = list(csv.DictReader(open(sys.argv[1])))
		best = max(int(row["passed"] or 0) for row in rows)
		for row in rows:
		    well = row["result"] == "all" and int(row["passed"]) == best
		    print(row["student"], "" if well else "%s, %s tests passed"
		          % (row["result"], row["passed"]))
	SHEET
	rm -rf "$tmp/class"
}

# Until END, and at once when nobody waits for us any more; says the load then.
wait_until() {
	while [ "$(date +%s)" -lt "$1" ]; do
		kill -0 "$waiting" 2>/dev/null || exit 130
		load=$(cut -d ' ' -f 1 /proc/loadavg)
		sleep 1
	done
}

# row LAB: what $tmp/runs has, as a row of the table.
row() {
	seeds=$(awk 'NF > 1 { printf "%s%s", n++ ? "; " : "", $0 }' "$tmp/runs")
	range=$(cut -d ' ' -f 1 "$tmp/runs" | sort -n | sed -n '1p;$p' |
		paste -sd - -)
	printf '| %s | %s | %s | %s | %s | %s | %s %% | %s |\n' \
		"$(date -u +%Y-%m-%d)" "$graded" \
		"${1%%-*}${official:+, official}" "$load" "$runs" \
		"$failures" "$(bound "$runs" "$failures")" \
		"$range${seeds:+; failed: $seeds}"
}

lab_under_load() {
	lab=$1
	log=$top/build/flake/$lab.log
	mkdir -p "$top/build/flake"
	rm -f "$log" "$tmp"/runs.*
	: >"$log"
	"$grade" run "$lab" --plain >"$tmp/out" || true
	end=$(awk -v m="$minutes" -v now="$(date +%s)" 'BEGIN {
		printf "%d", now + m * 60 }')
	hog_memory &
	hog_disk &
	workers=
	n=0
	while [ -z "$official" ] && [ "$n" -lt "$grades" ]; do
		one "$lab" "$n" "$end" &
		workers="$workers $!"
		n=$((n + 1))
	done
	load=-
	if [ -n "$official" ]; then
		official_runs "$lab" "$official"
		load=$(cut -d ' ' -f 1 /proc/loadavg)
	else
		wait_until "$end"
	fi
	# Without an argument, wait(1) would wait for the hogs, too.
	# shellcheck disable=SC2086 # a list
	[ -z "$workers" ] || wait $workers
	end_all
	cat "$tmp"/runs.* >"$tmp/runs"
	runs=$(wc -l <"$tmp/runs")
	failures=$(awk 'NF > 1' "$tmp/runs" | wc -l)
	row "$lab" | tee -a "$table"
	cat "$log" >"$tmp/out"
	if [ "$failures" -eq 0 ] && [ "$runs" -gt 0 ]; then
		good "$lab: $runs runs"
	else
		bad "$lab: $failures of $runs runs failed; see build/flake/$lab.log"
	fi
}

need_grader
cd "$top"
if [ -n "$only" ]; then
	chosen=$("$grade" labs "$only") || exit 2
else
	chosen=$("$grade" labs)
fi
graded=$(commit | tr -d '\n')
for lab in $(echo "$chosen" | cut -f 1); do
	lab_under_load "$lab"
done
finish
