#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The page of the benchmarks and their guard, on made-up results: nothing is
# measured here, because that takes a quiet machine.
. "$(dirname -- "$0")/lib.sh"

page=$top/bench/page
results=$tmp/bench

# result NAME FIGURE VALUE...: a repetition each.
result() {
	name=$1
	figure=$2
	shift 2
	repetition=0
	for value in "$@"; do
		repetition=$((repetition + 1))
		echo "$name $figure $repetition $value"
	done >>"$results/httpd/raw"
}

value_of() {
	awk -F '\t' -v key="$1" '$1 " " $2 " " $3 " " $4 " " $5 == key {
		print $6, $7, $8, $9 }' "$results/summary.tsv"
}

# says KEY NUMBERS: of a ratio, as summary.awk prints it.
says() {
	got=$(value_of "$1")
	echo "$1: got $got, expected $2"
	[ "$got" = "$2" ]
}

mkdir -p "$results/httpd" "$results/other"
result inline keep-64 200 100 300 400 500
result nginx keep-64 100 100 100 100 100
result inline cpu-keep-64 10 10 10 10 10
result nginx cpu-keep-64 5 5 5 5 5
echo 'versions <of> everything & more' >"$results/httpd/report.txt"
echo 'a benchmark of its own' >"$results/other/report.txt"
check 'a page is made' sh "$page/make.sh" "$results"
try 'the median of the ratios within a repetition, and half of them' \
	says 'ratio httpd keep-64 inline nginx' '5 3 2 4'
try 'a ratio of which less is better' \
	says 'ratio httpd cpu-keep-64 inline nginx' '5 2 2 2'
check 'the share of a core is known' \
	grep -q 'share-keep-64	inline	5	0.3	' "$results/summary.tsv"
cp "$results/index.html" "$tmp/out"
check_says 'the page has a plot' '<svg'
check_says '... the ratio' '<b>3.00</b>'
check_says '... the report as it was printed' \
	'versions &lt;of&gt; everything &amp; more'
check_says '... the kernel' "$(uname -r)"
check_says '... a benchmark that has a report only' 'a benchmark of its own'

guard() {
	sh "$page/check.sh" "$results/summary.tsv" "$tmp/expected"
}

# expect KEY VALUE
expect() {
	printf '[check]\ntolerance_percent = 10\n[httpd]\n%s = %s\n' "$1" "$2" \
		>"$tmp/expected"
}

expect 'inline/nginx keep-64' 3.2
check 'what is within the tolerance has not fallen' guard
expect 'inline/nginx keep-64' 3.4
check_status 1 'what is below it has' guard
check_says '... and is named' 'fell: httpd inline/nginx keep-64: 3.00, expected 3.4'
expect 'inline/nginx cpu-keep-64' 1.9
check 'less is better: within the tolerance' guard
expect 'inline/nginx cpu-keep-64' 1.7
check_status 1 '... and above it' guard
expect 'inline/other keep-64' 1
check_status 2 'nothing to compare' guard
check_says '... is said' 'not measured: httpd inline/other keep-64'

# Each ratio that is expected is one that can be measured.
measurable() {
	awk -F '\t' '
	FNR == NR {
		if ($2 == "names")
			names[$1] = "," $3 "," $4 "," $5 ","
		else
			figure[$1 " " $3]
		next
	}
	/^\[/ { what = substr($0, 2, length($0) - 2) }
	/^[a-z].*\// {
		split($0, word, "[/ ]")
		if (!((what " " word[3]) in figure) ||
		    !index(names[what], "," word[1] ",") ||
		    !index(names[what], "," word[2] ","))
			print "not measured: " what " " $0
	}' "$page/figures.list" "$top/bench/expected.ini" >"$tmp/unknown"
	cat "$tmp/unknown"
	[ ! -s "$tmp/unknown" ]
}
try 'all that is expected can be measured' measurable
# shellcheck disable=SC2016 # the variable is the other shell's
check 'a program that is missing is named with its package' sh -c '
	. "$1/bench/lib.sh"
	package_of() { echo the-package; }
	want no-such-program | grep "no-such-program.*the-package"' sh "$top"
check_status 2 'an unknown benchmark' "$top/course" bench nonesuch
check_says '... names the known ones' 'forwarder'
finish
