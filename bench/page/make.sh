#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench/page/make.sh [FOLDER]: build/bench/index.html, of the results that are in
# FOLDER (build/bench), those of earlier runs included: ratios first, then figures,
# each with its spread, and what was measured on.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
here=$top/bench/page
bench=${1:-$top/build/bench}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM

escaped() {
	sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$@"
}

# WHAT: its plots, its report as it was printed, and its raw results.
rest_of() {
	for plot in "$bench/$1"/*.svg; do
		[ ! -f "$plot" ] || echo "<figure><img src=\"$1/${plot##*/}\"" \
			"alt=\"${plot##*/}\"></figure>"
	done
	echo "<p><code>./course bench $1</code>, $(date -r "$bench/$1/report.txt" \
		'+%Y-%m-%d %H:%M')"
	for raw in "$bench/$1"/raw*; do
		[ ! -f "$raw" ] || echo "<a href=\"$1/${raw##*/}\">${raw##*/}</a>"
	done
	echo '</p><details><summary>The report as it was printed, with versions' \
		'and what was left out</summary><pre>'
	escaped "$bench/$1/report.txt"
	echo '</pre></details></section>'
}

machine() {
	model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
	echo "<p>${model:-$(uname -m)}, $(nproc) CPUs, kernel $(uname -r)," \
		"$(gcc --version | head -n 1)," \
		"commit $(git -C "$top" describe --always --dirty 2>/dev/null ||
			echo unknown).</p>"
}

for what in httpd bot framed forwarder; do
	[ ! -f "$bench/$what/raw" ] || sed "s/^/$what /" "$bench/$what/raw"
done >"$tmp/raw"
awk -f "$here/summary.awk" "$here/figures.list" "$tmp/raw" \
	>"$bench/summary.tsv"
{
	echo '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
	echo '<meta name="viewport" content="width=device-width,initial-scale=1">'
	echo '<link rel="icon" href="data:,">'
	echo '<title>Readylist: benchmarks</title><style>'
	cat "$here/page.css"
	echo '</style></head><body><h1>Benchmarks</h1>'
	machine
	echo '<p>All programs of a benchmark are there in one run and take turns' \
		'on each load (A B A B); a ratio is the median of the ratios' \
		'within a repetition.</p>'
	for report in "$bench"/*/report.txt; do
		[ -f "$report" ] || continue
		what=$(basename "$(dirname "$report")")
		if grep -q "	$what	" "$bench/summary.tsv"; then
			awk -v what="$what" -f "$here/page.awk" \
				"$here/figures.list" "$bench/summary.tsv"
		else
			echo "<section id=\"$what\"><h2>$what</h2>"
		fi
		rest_of "$what"
	done
	echo '</body></html>'
} >"$bench/index.html"
echo "Page: ${bench#"$top/"}/index.html"
