#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is not graded but has to hold: what the given part promises, the command
# line, the sample files, and bounded runs of two fuzzers. A minute or two.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/../../common/checks/harness.sh"

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
lab=$top/lab08-forwarder
forwarder=$top/build/gcc/lab08-forwarder/forwarder

quietly() {
	make --no-print-directory -s -C "$lab" "$@"
}

# rules TEXT: writes it to $tmp/rules.
rules() {
	printf '%s\n' "$1" >"$tmp/rules"
}

# is_found PATCH: the test that it names fails with what is given so patched, in
# a copy of the tree that all patches have one after the other.
is_found() {
	test=$(sed -n 's/^Caught-by: //p' "$1")
	tests=tests/graded
	[ "${test%%/*}" != program ] || tests=checks/programs
	if [ ! -d "$tmp/tree" ]; then
		mkdir "$tmp/tree"
		cp -R "$top/common" "$top/grader" "$top"/lab* "$tmp/tree"
	fi
	patch -s -p1 -d "$tmp/tree" <"$1" || return
	found=no
	if make --no-print-directory -s -C "$tmp/tree/lab08-forwarder" \
		O="$tmp/faulty" "$tmp/faulty/lab08-forwarder/forwarder"; then
		TMPDIR=$tmp JUDGE_BIN=$tmp/faulty/lab08-forwarder \
			"$top/build/gcc/lab08-forwarder/$tests" \
			--filter "$test" || found=yes
	fi
	patch -s -R -p1 -d "$tmp/tree" <"$1"
	[ "$found" = yes ]
}

quietly programs tests
check 'the given modules' quietly check-given
check 'the given part keeps its promises' quietly check-program
for patch in "$lab"/checks/faults/*.patch; do
	check "a fault of what is given is found: $(basename "$patch" .patch)" \
		is_found "$patch"
done
check 'the commented sample is good' "$forwarder" -t \
	-f "$lab/samples/commented.rules"
check 'the sample of G5 is good' "$forwarder" -t -f "$lab/samples/g5.rules"

# ---- the command line

check '--help' "$forwarder" --help
check_says '... says how it is used' 'usage: forwarder -f RULES'
check_status 2 'without -f' "$forwarder"
check_says '... says what is missing' '-f'
check_status 2 'an unknown option' "$forwarder" -f "$tmp/rules" --nothing
check_status 2 'a word that is no option' "$forwarder" -f "$tmp/rules" more
for bad in '-s 0' '-s many' '-s -1' '-b 1' '-b 99999999999' '--workers 0' \
	'--workers 65' '--drain -1' '--drain x' '-r x'; do
	# shellcheck disable=SC2086 # two words
	check_status 2 "$bad" "$forwarder" -f "$tmp/rules" $bad
	check_says '... names it' "${bad% *}"
done
check_status 1 'a file that is not there' "$forwarder" -t -f "$tmp/nothing"
check_says '... is named' "$tmp/nothing"
check_status 1 'a folder' "$forwarder" -t -f "$tmp"
rules 'web RR *:* - 127.0.0.1:0 > 127.0.0.1:1 ;'
check 'a good file' "$forwarder" -t -f "$tmp/rules"
rules '# a comment

web RR *:* - 127.0.0.1:0 > 127.0.0.1:1
adm G *:* - 127.0.0.1:0 ;'
check_status 1 'a missing ";"' "$forwarder" -t -f "$tmp/rules"
check_says '... is said where it is missed' "$tmp/rules:4:"
check_status 1 'the same without -t' "$forwarder" -f "$tmp/rules"
check_says '... is said as well' "$tmp/rules:4:"
rules 'web RR (
	public 1 )
	*:* - 127.0.0.1:0 > 127.0.0.1:1 ;'
check_status 1 'a property in the wrong mode' "$forwarder" -t -f "$tmp/rules"
check_says '... is said where it stands' "$tmp/rules:2: public"
rules 'web RR *:* - 127.0.0.1:0 > 127.0.0.1:1
	( rise 2 )

	127.0.0.1:3 ;'
check_status 1 'a rise without a check' "$forwarder" -t -f "$tmp/rules"
check_says '... is said where it stands' "$tmp/rules:2: rise and fall"
rules 'adm G *:* - 0.0.0.0:0 ;'
check_status 1 'management for everybody' "$forwarder" -f "$tmp/rules"
check_says '... is refused with a word that helps' 'public'
rules 'adm G *:* - *:0 ;'
check_status 1 'management for everybody, IPv6 too' "$forwarder" -f "$tmp/rules"
rules 'adm G 0.0.0.0/1:* 128.0.0.0/1:* - 0.0.0.0:0 ;'
check_status 1 'management for everybody, in two halves' \
	"$forwarder" -f "$tmp/rules"
check_status 1 '... with -t' "$forwarder" -t -f "$tmp/rules"
rules 'a G 0.0.0.0/1:* - 0.0.0.0:9099 ;
b G 128.0.0.0/1:* - 0.0.0.0:9099 ;
c G ( public 1 ) *:* - 0.0.0.0:9099 ;'
check_status 1 '... each in a rule of its own' "$forwarder" -t -f "$tmp/rules"
check_says '... is said where it is complete' "$tmp/rules:2: rule b:"
# public N: what N clients manage, in rules of 256 at one address.
public() {
	seq "$1" | awk '{
		if (NR % 256 == 1)
			printf("%sr%d G", NR == 1 ? "" : " - 0.0.0.0:9099 ;\n", NR)
		printf " 127.0.%d.%d:*", $1 / 256, $1 % 256
	}
	END { print " - 0.0.0.0:9099 ;" }' >"$tmp/rules"
}
public 1024
check 'management for 1,024 clients' "$forwarder" -t -f "$tmp/rules"
public 1025
check_status 1 '... and for one more' "$forwarder" -t -f "$tmp/rules"
check_says '... is said with its line' "$tmp/rules:5: rule r1025: with those"
rules 'good RR *:* - 127.0.0.1:0 > 127.0.0.1:1 ;
web RR *:* - 192.0.2.1:1 > 127.0.0.1:1 ;'
check_status 1 'an address that is not ours' "$forwarder" -f "$tmp/rules"
check_says '... is named, with its line' \
	"$tmp/rules:2: rule web: cannot listen on 192.0.2.1:1"
# A label has 63 bytes at most (RFC 1035), so that nobody is asked for this one.
name=$(printf %070d 0)x
rules "web RR *:* - 127.0.0.1:0 > 127.0.0.1:1 ;
name RR *:* - $name:0 > 127.0.0.1:1 ;"
for how in -t -d; do
	check_status 1 "a listener without an address, $how" \
		"$forwarder" $how -f "$tmp/rules"
	check_says '... is named, with its line' \
		"$tmp/rules:2: rule name: cannot listen on $name"
done
rules "web RR *:* - 127.0.0.1:0 > $name:1 ;"
check_status 1 'a server without an address' "$forwarder" -t -f "$tmp/rules"
check_says '... is named, with its line' \
	"$tmp/rules:1: rule web: cannot resolve server $name"
yes '# a comment' | head -c 4194304 >"$tmp/rules"
check 'a file of 4 MiB' "$forwarder" -t -f "$tmp/rules"
echo >>"$tmp/rules"
check_status 1 '... and of one byte more' "$forwarder" -t -f "$tmp/rules"
check_says '... is said with the line' \
	"$tmp/rules:349526: the file has more than 4194304 bytes"

# ---- fuzzers

if command -v clang >/dev/null; then
	check 'the fuzzer of the rules, 15 s' quietly FUZZ_SECONDS=15 fuzz-rules
	check 'the fuzzer of the management port, 15 s' \
		quietly FUZZ_SECONDS=15 fuzz-admin
else
	echo "clang is missing: nothing is fuzzed"
fi
finish
