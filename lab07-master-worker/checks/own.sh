#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is not graded but has to hold: the given modules' own tests, workers under
# sanitizers while they are loaded, reloaded and attacked, the units for systemd,
# a bounded run of the fuzzer. Some two minutes.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/live/framed.sh"

load=$lab/../build/gcc/$name/framed-load

quietly() {
	make --no-print-directory -s -C "$lab" "$@"
}

# serves VARIANT: two workers, everything that can be asked for, in the middle of
# two reloads, and everything malformed.
serves() {
	start_framed "$1" -s server.workers=2 -s server.threads=2 || return
	"$load" "$address" -c 10 -P 4 -n 300 --reconnect 7 \
		--mix ping=30,register=1,login=1 &
	client=$!
	kill -HUP "$framed"
	await 30 logged 'the new workers serve' || return
	kill -HUP "$framed"
	wait "$client" || return
	"$load" "$address" --hostile || return
	stop_framed
}

# verified UNIT: by systemd, with the path of the program that was built.
verified() {
	sed "s,@PATH@,$(realpath "$lab/../build/gcc/$name/framed")," \
		"$lab/systemd/$1" >"$tmp/$1"
	systemd-analyze verify "$tmp/$1" >"$tmp/verify" 2>&1
	status=$?
	cat "$tmp/verify"
	[ "$status" -eq 0 ] && [ ! -s "$tmp/verify" ]
}

# Each of checks/faults/list is there, and says which test it fails.
known_faults() {
	grep -v '^#' "$lab/checks/faults/list" >"$tmp/faults"
	while read -r patch test; do
		grep -qx "Caught-by: $test" "$lab/$patch" || {
			echo "$patch: expected in it: Caught-by: $test"
			return 1
		}
	done <"$tmp/faults"
	echo "$(wc -l <"$tmp/faults") faults (expected: 11)"
	[ "$(wc -l <"$tmp/faults")" -eq 11 ]
}

# is_found PATCH TEST: of checks/live, which fails with what is given so patched.
is_found() {
	top=$lab/..
	rm -rf "$tmp/tree" "$tmp/faulty"
	mkdir "$tmp/tree"
	cp -R "$top/common" "$top/grader" "$top"/lab* "$tmp/tree" || return
	patch -s -p1 -d "$tmp/tree" <"$lab/$1" || return
	make --no-print-directory -s -C "$tmp/tree/$name" O="$tmp/faulty" \
		"$tmp/faulty/$name/framed" || return
	! TMPDIR=$tmp JUDGE_BIN=$tmp/faulty/$name \
		"$top/build/gcc/$name/checks/live-tests" --filter "$2"
}

# Eight threads and more of scrypt at once, and no more memory than before.
memory() {
	start_framed gcc -s server.workers=1 || return
	read -r worker _ <"/proc/$framed/task/$framed/children" || :
	"$load" "$address" -c 8 -n 100 --mix login=1 >/dev/null
	before=$(awk '/^RssAnon/ { print $2 }' "/proc/$worker/status")
	"$load" "$address" -c 8 -n 200 --mix login=1 >/dev/null
	after=$(awk '/^RssAnon/ { print $2 }' "/proc/$worker/status")
	echo "$before kB before, $after kB after 200 more logins"
	[ "$after" -le $((before + 1024)) ] || return
	stop_framed
}

# Nothing of ours may become descriptor 0, 1 or 2, if these are closed.
standard_is_closed() {
	program=$lab/../build/gcc/$name/framed
	rm -rf "$tmp/framed"
	mkdir "$tmp/framed"
	printf '[server]\nlisten = 127.0.0.1:0\n[log]\nfile = log\n' \
		>"$tmp/framed/framed.conf"
	"$program" -c "$tmp/framed/framed.conf" <&- >&- 2>&- &
	framed=$!
	await 20 logged 'listening on' || return
	address=$(sed -n 's/.*listening on //p' "$tmp/framed/log")
	kill -HUP "$framed"
	await 20 logged 'the new workers serve' || return
	"$load" "$address" -c 8 -n 400 --reconnect 4 || return
	stop_framed
}

# Two at the same instant: one serves, the other says why it does not.
one_of_two() {
	for try in 1 2 3 4 5; do
		start_framed gcc -s server.workers=1 || return
		port=${address##*:}
		stop_framed >/dev/null || return
		for twin in a b; do
			mkdir -p "$tmp/$twin"
			printf '[server]\nlisten = 127.0.0.1:%s\n' "$port" \
				>"$tmp/$twin/framed.conf"
			"$program" -c "$tmp/$twin/framed.conf" \
				>"$tmp/$twin/out" 2>"$tmp/$twin/err" &
			echo $! >"$tmp/$twin/pid"
		done
		await 10 grep -q '^listening' "$tmp/a/out" "$tmp/b/out"
		await 10 grep -q 'already in use' "$tmp/a/err" "$tmp/b/err" ||
			echo "try $try: nobody was refused"
		served=$(cat "$tmp/a/out" "$tmp/b/out" | grep -c '^listening')
		kill "$(cat "$tmp/a/pid")" "$(cat "$tmp/b/pid")" 2>/dev/null
		wait
		echo "try $try: $served serve (expected: 1)"
		[ "$served" -eq 1 ] || return
	done
}

try 'framed and framed-load build' quietly programs
try 'the given modules' quietly check-unit
try 'framed as a whole' quietly check-live
check 'the configuration that is shipped is valid' \
	"$lab/../build/gcc/$name/framed" -c "$lab/config/framed.conf" -t
try 'each fault that such servers have is a mutant' known_faults
grep '^checks/' "$tmp/faults" >"$tmp/given"
while read -r patch test; do
	try "a fault of what is given fails $test" is_found "$patch" "$test"
done <"$tmp/given"
for variant in tsan asan; do
	case $variant in
	tsan) san=thread ;;
	*) san=address,undefined ;;
	esac
	try "framed builds with $san" \
		quietly VARIANT=$variant SAN=$san programs
	try "two workers under load and reloads: $san" serves $variant
done
try 'logins leave no memory behind' memory
try 'one of two that start at once' one_of_two
try 'standard input, output and error are closed' standard_is_closed
if command -v systemd-analyze >/dev/null; then
	for unit in framed.service framed-forking.service; do
		try "systemd takes $unit" verified "$unit"
	done
else
	echo "systemd-analyze is missing: the units are not looked at"
fi
if command -v clang >/dev/null; then
	try 'the fuzzer of packets, 15 s' quietly FUZZ_SECONDS=15 fuzz-frame
else
	echo "clang is missing: packets are not fuzzed"
fi
finish
