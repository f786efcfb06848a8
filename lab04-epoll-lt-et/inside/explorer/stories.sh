#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The stories and puzzles as JSON, with what this kernel answers to them:
#
#	stories.sh EPOLL-SCOPE STORIES-FOLDER PUZZLES-FOLDER
#
#	{ "release": "6.18.0", "scripts": [ { "name": "et-stall", "group":
#	  "stories", "text": "...", "kernel": [ "0 1", "2", ... ] } ] }
set -eu

scope=$1

# A file as a string of JSON; no "<", so that it can stand in HTML.
quoted() {
	awk '{
		gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t")
		gsub(/</, "\\u003c")
		text = text $0 "\\n"
	}
	END { printf "\"%s\"", text }' "$1"
}

# The kernel's answers in the output of epoll-scope --json, which has a line for
# each value; those of steps are three deep.
answers() {
	"$scope" "$1" --json | awk '
	sub(/^   "kernel": /, "") {
		sub(/,$/, "")
		gsub(/</, "\\u003c")
		printf "%s%s", comma, $0
		comma = ","
	}'
}

comma=
printf '{"release":"%s","scripts":[' "$(uname -r | sed 's/[^0-9.].*//')"
for group in stories puzzles; do
	folder=$2
	shift
	for file in "$folder"/*.uep; do
		name=${file##*/}
		printf '%s{"name":"%s","group":"%s","text":' "$comma" \
			"${name%.uep}" "$group"
		quoted "$file"
		printf ',"kernel":['
		answers "$file"
		printf ']}\n'
		comma=,
	done
done
printf ']}\n'
