#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The reliability sweep: every program meets every trouble, and nothing crashes,
# leaks, hangs, or gives up serving (selftest/sweep/case.sh says what has to hold).
# The programs are those of build/asan, with AddressSanitizer, LeakSanitizer and
# UndefinedBehaviorSanitizer.
#
#	sweep.sh	a slice: some troubles of each kind, by SEED; the same one
#			each time unless told otherwise, as it has to hold anywhere
#	sweep.sh all	all of it; `make sweep`. Minutes.
. "$(dirname -- "$0")/lib.sh"

programs='echo-iterative echo-fork echo-thread spin select poll epoll-lt epoll-et
	httpd-inline httpd-reactor httpd-proactor bot framed forwarder'
seed=${SEED:-22398}
case=$top/selftest/sweep/case.sh

# A number from 1 to $1, another one at each call.
any() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1 + 1))
}

# Which allocations of $1 fail in all of it: each of the first, then ever fewer,
# as OpenSSL and SQLite make thousands.
every_allocation() {
	last=$(sh "$case" "$1" alloc 0 || :)
	{
		seq 1 250
		seq 257 7 1000
		seq 1057 101 8000
	} | awk -v last="$last" '$1 <= last'
}

# Lines "PROGRAM TROUBLE [N]".
all_cases() {
	for program in $programs; do
		every_allocation "$program" | sed "s/^/$program alloc /"
		seq 1 25 | sed "s/^/$program faults /"
		seq 1 10 | sed "s/^/$program emfile /"
		seq 3 24 | sed "s/^/$program descriptors /"
		seq 1 40 | sed "s/^/$program signal /"
		seq 1 5 | sed "s/^/$program odd /"
		echo "$program full"
		echo "$program clock real"
		echo "$program clock mono"
	done
}

some_cases() {
	for program in $programs; do
		any 12
		echo "$program alloc $drawn"
		any 60
		echo "$program alloc $drawn"
		any 9999
		echo "$program faults $drawn"
		any 9999
		echo "$program emfile $drawn"
		any 20
		echo "$program descriptors $((drawn + 3))"
		any 20
		echo "$program signal $drawn"
		echo "$program full"
		any 2
		echo "$program clock $([ "$drawn" = 1 ] && echo real || echo mono)"
	done
	# Of a server's first allocations, one may cost it a listener for ever.
	seq 25 45 | sed 's/^/forwarder alloc /'
	echo 'httpd-reactor odd 1'
	echo 'framed odd 1'
}

# run CASES: two at a time; what they print is one after the other.
run_cases() {
	# shellcheck disable=SC2016 # the variables are the inner shell's
	xargs -P 2 -L 1 sh -c '
		out=$(sh "$0" "$@") || status=$?
		[ "${status:-0}" -eq 3 ] || printf "%s\n" "$out"' "$case" \
		<"$1" >"$tmp/results" 2>&1
	cat "$tmp/results"
	passed=$((passed + $(grep -c '^ok ' "$tmp/results" || :)))
	failed=$((failed + $(grep -c '^FAIL ' "$tmp/results" || :)))
}

make --no-print-directory -s -C "$top" sweep-programs
case ${1:-} in
all) all_cases >"$tmp/cases" ;;
'')
	echo "SEED=$seed"
	some_cases >"$tmp/cases"
	;;
*)
	echo "sweep takes 'all' or nothing, not '$1'" >&2
	exit 2
	;;
esac
run_cases "$tmp/cases"
echo "$(wc -l <"$tmp/cases") cases; of those that failed, one again:" \
	"sh selftest/sweep/case.sh PROGRAM TROUBLE N"
finish
