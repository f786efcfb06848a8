#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Does the reference pass whatever else the machine does? Grades it over and
# over beside a load that this makes itself: 15 grades of the lab at the same
# time, a process that fills memory and one that fills the disk.
#
#	flake.sh [LAB] [MINUTES=10]	all labs without one
#
# MINUTES, for each lab, may be in the environment as well. A line a lab goes to
# docs/FLAKE.md: commit, seeds, runs, failures, and the bound that they give:
# with a confidence of 95% no more of a hundred runs fail. Status 1 if one did.
. "$(dirname -- "$0")/lib.sh"

minutes=${MINUTES:-10}
grades=15
only=
for word; do
	case $word in
	MINUTES=*) minutes=${word#MINUTES=} ;;
	*) only=$word ;;
	esac
done
case $minutes in
'' | *[!0-9.]*)
	echo "MINUTES: expected a number, got '$minutes'" >&2
	exit 2
	;;
esac

table=$top/docs/FLAKE.md
pids=

clean_up() {
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	wait
	remove_tmp
}

# A quarter of the memory, filled and given back, over and over.
hog_memory() {
	kib=$(awk '/^MemAvailable:/ { print int($2 / 4) }' /proc/meminfo)
	while :; do
		head -c "${kib}K" /dev/zero | tail -c "${kib}K" |
			wc -c >"$tmp/filled"
	done
}

hog_disk() {
	while :; do
		dd if=/dev/zero of="$tmp/disk" bs=1M count=64 conv=fsync \
			2>/dev/null
		rm -f "$tmp/disk"
	done
}

# one LAB N END: grades until the time is over. A line a run goes to runs.N:
# its seed, and the tests that failed; what they said to the log.
one() {
	n=$2
	while [ "$(date +%s)" -lt "$3" ]; do
		seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
		seed=$((seed % 1000000))
		"$grade" run "$1" --no-build --seed "$seed" --jobs 2 \
			--plain="$tmp/plain.$n" >"$tmp/text.$n" 2>&1 || true
		[ -s "$tmp/plain.$n" ] || continue
		bad=$(grep -v '^pass' "$tmp/plain.$n" | cut -f 1,5 |
			tr '\t\n' '= ')
		echo "$seed $bad" >>"$tmp/runs.$n"
		[ -z "$bad" ] || cat "$tmp/text.$n" >>"$log"
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
		for (i = 0; i < 60; i++) {
			p = (low + high) / 2
			if (few(p) > 0.05)
				low = p
			else
				high = p
		}
		printf "%.1f", 100 * high
	}'
}

header() {
	[ ! -f "$table" ] || return 0
	cat >"$table" <<-EOF
		# Does the reference ever fail?

		\`make flake LAB=.. MINUTES=..\` grades a lab's reference over and over,
		$grades at a time, beside a process that fills memory and one that fills
		the disk, and appends a line. The bound: with a confidence of 95%, no
		more of a hundred runs fail. A seed that failed is named.

		| date | commit | lab | load | runs | failures | bound | seeds |
		|---|---|---|---|---|---|---|---|
	EOF
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
	pids=$!
	hog_disk &
	pids="$pids $!"
	workers=
	n=0
	while [ "$n" -lt "$grades" ]; do
		one "$lab" "$n" "$end" &
		workers="$workers $!"
		n=$((n + 1))
	done
	sleep 1
	load=
	while [ "$(date +%s)" -lt "$end" ]; do
		load=$(cut -d ' ' -f 1 /proc/loadavg)
		sleep 1
	done
	# shellcheck disable=SC2086 # a list
	wait $workers
	# shellcheck disable=SC2086 # a list
	kill $pids
	pids=
	cat "$tmp"/runs.* >"$tmp/runs"
	runs=$(wc -l <"$tmp/runs")
	failures=$(awk 'NF > 1' "$tmp/runs" | wc -l)
	seeds=$(awk 'NF > 1 { printf "%s%s", n++ ? "; " : "", $0 }' "$tmp/runs")
	range=$(cut -d ' ' -f 1 "$tmp/runs" | sort -n | sed -n '1p;$p' |
		paste -sd - -)
	header
	printf '| %s | %s | %s | %s | %s | %s | %s %% | %s |\n' \
		"$(date -u +%Y-%m-%d)" \
		"$(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo -)" \
		"${lab%%-*}" "$load" "$runs" "$failures" \
		"$(bound "$runs" "$failures")" \
		"random, $range${seeds:+; failed: $seeds}" | tee -a "$table"
	cat "$log" >"$tmp/out"
	if [ "$failures" -eq 0 ]; then
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
for lab in $(echo "$chosen" | cut -f 1); do
	lab_under_load "$lab"
done
finish
