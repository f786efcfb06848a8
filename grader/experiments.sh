#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds and runs the experiments, and prints what the kernel said to each
# claim.
#
#	experiments.sh [LAB]		all of them, or a lab's: one table
#	experiments.sh [LAB] NAME	one, with everything it prints
#
# Status 0: the kernel agrees with the course wherever it could be tried;
# 1: it does not, or an experiment failed; 2: wrong usage.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
tab=$(printf '\t')
limit=60 # seconds for one; its own watchdog ends it sooner

fail() {
	printf '%s\n' "$*" >&2
	exit 2
}

program() {
	echo "$top/build/gcc/$1/experiments/$2"
}

# "LAB NAME" of every experiment whose lab can be built.
all() {
	for source in "$top"/lab[0-9][0-9]-*/experiments/*.c; do
		folder=${source%/experiments/*}
		[ ! -f "$source" ] || [ ! -f "$folder/Makefile" ] ||
			echo "${folder##*/} $(basename -- "$source" .c)"
	done
}

# Those of the list on standard input that LAB (1, 01, lab01, its full name)
# and NAME mean; an empty one means all.
chosen() {
	awk -v lab="$1" -v name="$2" '
	BEGIN {
		sub(/^lab/, "", lab)
		if (lab ~ /^[0-9]$/)
			lab = "0" lab
	}
	(name == "" || $2 == name) && (lab == "" ||
		index($1 "-", "lab" lab "-") == 1)'
}

# ---------------------------------------------------------------- running

# Called again by xargs: runs one, and leaves NAME.out and NAME.row (lab,
# status, seconds, then the experiment's own line) in the folder.
# run_one FOLDER LAB NAME
run_one() {
	folder=$1
	shift
	began=$(date +%s.%N)
	status=0
	: >"$folder/$2.line"
	EXPERIMENT_TABLE=$folder/$2.line timeout -k 5 "$limit" \
		"$(program "$1" "$2")" >"$folder/$2.out" 2>&1 </dev/null || status=$?
	seconds=$(echo "$began $(date +%s.%N)" | awk '{ printf "%.1f", $2 - $1 }')
	[ -s "$folder/$2.line" ] ||
		printf '%s\tfailed\t-\t\t\tended with status %s, no report\n' \
			"$2" "$status" >"$folder/$2.line"
	printf '%s\t%s\t%s\t%s\n' "$1" "$status" "$seconds" \
		"$(tail -n 1 "$folder/$2.line")" >"$folder/$2.row"
	[ -z "${SHOW_PROGRESS:-}" ] || printf '.' >&2
}

build() {
	cut -d ' ' -f 1 "$1" | sort -u | while read -r lab; do
		make --no-print-directory -s -C "$top/$lab" experiments
	done
}

run_all() {
	[ ! -t 2 ] || export SHOW_PROGRESS=yes
	xargs -n 2 -P 2 sh "$0" --run-one "$out" <"$out/list"
	[ -z "${SHOW_PROGRESS:-}" ] || printf '\r\033[K' >&2
	while read -r lab name; do
		cat "$out/$name.row"
	done <"$out/list" >"$out/rows"
}

# --------------------------------------------------------------- printing

width() {
	columns=${COLUMNS:-$(stty size 2>/dev/null </dev/tty | cut -d ' ' -f 2)}
	[ "${columns:-0}" -ge 80 ] || columns=110
	echo "$columns"
}

# The rows as a table whose long cells go on below.
table() {
	awk -F "$tab" -v width="$(width)" '
	# The next line of the text cell[i], at most w wide, cut off it.
	function fold(i, w,    line, at) {
		if (length(cell[i]) <= w) {
			line = cell[i]
			cell[i] = ""
			return line
		}
		for (at = w + 1; at > 1; at--)
			if (substr(cell[i], at, 1) == " ")
				break
		if (at == 1)
			at = w
		line = substr(cell[i], 1, at)
		cell[i] = substr(cell[i], at + 1)
		sub(/ +$/, "", line)
		return line
	}
	function row(name, lab, claim, verdict, kernel, seen, s) {
		cell[1] = claim
		cell[2] = seen
		do {
			printf "%-*s %-3s %-*s %-7s %-9s %5s %s\n", wide, name,
				lab, half, fold(1, half), verdict, kernel, s,
				fold(2, rest)
			name = lab = verdict = kernel = s = ""
		} while (cell[1] != "" || cell[2] != "")
	}
	{ line[NR] = $0; if (length($4) > wide) wide = length($4) }
	END {
		half = int((width - wide - 31) * 0.45)
		rest = width - wide - 31 - half
		row("experiment", "lab", "claim", "verdict", "kernel", "seen",
			"s")
		for (i = 1; i <= NR; i++) {
			split(line[i], f, FS)
			word = f[5]
			if (word != "agrees" && word != "skipped")
				word = toupper(word)
			row(f[4], substr(f[1], 4, 2), f[7], f[6], word,
				f[5] == "agrees" ? f[8] : f[9], f[3])
		}
	}' "$out/rows" | sed 's/ *$//'
}

summary() {
	awk -F "$tab" '
	{ n[$5]++ }
	END {
		printf "%d claims: %d agree, %d disagree, %d skipped, " \
			"%d failed\n", NR, n["agrees"], n["disagrees"],
			n["skipped"], n["failed"]
		exit n["disagrees"] + n["failed"] > 0
	}' "$out/rows"
}

# Everything that those printed with which something is wrong.
failures() {
	awk -F "$tab" '$5 == "disagrees" || $5 == "failed" { print $4 }' \
		"$out/rows" | while read -r name; do
		echo
		cat "$out/$name.out"
	done
}

# ------------------------------------------------------------------- main

show_one() {
	read -r lab name <"$out/list"
	status=0
	timeout --foreground -k 5 "$limit" "$(program "$lab" "$name")" ||
		status=$?
	echo "Next: read $lab/experiments/$name.c"
	[ "$status" -ne 77 ] || status=0
	exit "$status"
}

show_all() {
	run_all
	echo "Kernel $(uname -sr) on $(uname -m)"
	echo
	table
	failures
	echo
	status=0
	summary || status=1
	echo "Next: ./course experiments NAME shows one with all it did."
	exit "$status"
}

if [ "${1:-}" = --run-one ]; then
	run_one "$2" "$3" "$4"
	exit 0
fi
[ $# -le 2 ] || fail "usage: experiments.sh [LAB] [NAME]"

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' HUP INT TERM
all >"$out/all"
lab=${1:-}
name=${2:-}
if [ $# -eq 1 ] && [ -n "$(chosen '' "$1" <"$out/all")" ]; then
	lab=
	name=$1
fi
chosen "$lab" "$name" <"$out/all" >"$out/list"
[ -s "$out/list" ] || fail "no experiment '$*'; known:" \
	"$(awk '{ print substr($1, 1, 5); print $2 }' "$out/all" | uniq |
		awk '!seen[$0]++' | tr '\n' ' ')"
build "$out/list"
if [ -n "$name" ]; then
	show_one
else
	show_all
fi
