#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may include whom. Prints a line for each include that may not be, as
# FILE:LINE: the rule, and then exits with 1.
#
#	layers.sh [TOP]		TOP: the tree to check, if not this one
#
# A name in quotes is looked for beside the file, then in the other folders of
# the build (grader/, common/, labs). Headers of the system are nobody's
# business here. Files that are not in common/sources.mk have no layer: tests,
# which may include anything of common/.
set -u
TOP=${1:-$(dirname "$0")/../..}
cd "$TOP" || exit 2
for list in common/sources.mk grader/sources.mk; do
	[ -f "$list" ] || { echo "layers.sh: no $list" >&2; exit 2; }
done
table=$(mktemp) || exit 2
trap 'rm -f "$table"' EXIT

# layers NAME FOLDER FILE: "FOLDER/MODULE LAYER", a line each, of the lists
# NAME_LAYERn and NAME_HEADERSn; a line of make that ends in \ goes on.
layers() {
	awk -v name="$1" -v folder="$2" '
	/\\$/ { row = row substr($0, 1, length($0) - 1); next }
	{ row = row $0 }
	row ~ ("^" name "_(LAYER|HEADERS)[0-9]+[ \t]*=") {
		layer = row
		sub(/[ \t]*=.*/, "", layer)
		sub(/^[A-Z_]*/, "", layer)
		sub(/^[^=]*=/, "", row)
		n = split(row, word, " ")
		for (i = 1; i <= n; i++)
			print folder "/" word[i], layer
	}
	{ row = "" }' "$3"
}
{
	layers COMMON common common/sources.mk
	layers JUDGE grader/judge grader/sources.mk
	layers GRADE grader/grade grader/sources.mk
} >"$table"
grep -q '^common/' "$table" || {
	echo "layers.sh: no layers in common/sources.mk" >&2
	exit 2
}

# Every include in quotes: "FILE:LINE:NAME".
includes() {
	find common grader lab[0-9][0-9]-* -name '*.[ch]' 2>/dev/null |
		LC_ALL=C sort | xargs grep -En '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
		sed 's/^\([^:]*:[0-9]*:\)[^"]*"\([^"]*\)".*/\1\2/'
}

includes | awk -F: -v table="$table" '
function exists(path,   line, found) {
	if (path in known)
		return known[path]
	found = (getline line < path) >= 0
	close(path)
	return known[path] = found
}
function dirname(path) {
	sub(/\/[^\/]*$/, "", path)
	return path
}
# Without "x/../" in it.
function tidy(path) {
	while (sub(/[^\/.]+\/\.\.\//, "", path))
		;
	return path
}
function top(path) {
	sub(/\/.*/, "", path)
	return path
}
# The file that NAME means in FILE, or "".
function resolve(file, name,   i, n, dirs, path) {
	n = split(dirname(file) "|common|grader|grader/judge|grader/grade|" top(file), dirs, "|")
	for (i = 1; i <= n; i++) {
		path = tidy(dirs[i] "/" name)
		if (exists(path))
			return path
	}
	for (i = 1; i <= labs; i++)
		if (exists(lab[i] "/" name))
			return lab[i] "/" name
	return ""
}
# The part of the tree that has layers and that PATH is of, or "".
function part(path) {
	if (path == "grader/judge/judge.h")
		return ""
	if (dirname(path) == "common" || dirname(path) == "grader/judge")
		return dirname(path)
	return path ~ /^grader\/grade\// ? "grader/grade" : ""
}
# The layer of a file, -1 where there are none, -2 if it is in none.
function layer(path) {
	if (part(path) == "")
		return -1
	sub(/\.[ch]$/, "", path)
	sub(/_internal$/, "", path)
	return path in layers ? layers[path] : -2
}
function broken(rule) {
	print file ":" line ": " rule
	bad = 1
}
BEGIN {
	while ((getline row < table) > 0) {
		split(row, word, " ")
		layers[word[1]] = word[2]
	}
	while (("ls -d lab[0-9][0-9]-* 2>/dev/null" | getline row) > 0)
		lab[++labs] = row
}
{
	file = $1; line = $2; name = $3
	target = resolve(file, name)
	if (target == "")
		next
	from = top(file); to = top(target)
	mine = layer(file); theirs = layer(target)
	inner = part(file) == part(target)
	list = (from == "common" ? "common" : "grader") "/sources.mk"
	if (from == "common" && to ~ /^lab/)
		broken("common/ includes no lab: \"" name "\"")
	else if (from == "common" && to == "grader")
		broken("common/ includes nothing of the grader: \"" name "\"")
	else if (from == "grader" && to ~ /^lab/)
		broken("the grader includes no lab: \"" name "\"")
	else if (from ~ /^lab/ && to ~ /^lab/ && substr(to, 1, 5) > substr(from, 1, 5))
		broken("no lab includes a later lab: \"" name "\" is of " to)
	else if (mine == -2)
		broken(file " is in no layer of " list)
	else if (mine >= 0 && inner && theirs > mine)
		broken("layer " mine " includes layer " theirs ": \"" name "\"")
	else if (from == "common" && mine >= 0 && dirname(target) != "common")
		broken("a layer of common/ includes only common/: \"" name "\"")
	else if (target ~ /^grader\/(judge|grade)\// && from == "grader" &&
		 file !~ /^grader\/checks\// && substr(target, 1, 12) != substr(file, 1, 12))
		broken("judge/ and grade/ do not include each other: \"" name "\"")
	else if (name ~ /_internal\.h$/ && dirname(file) != dirname(target) &&
		 file !~ /^grader\/checks\//)
		broken(name " is for " dirname(target) "/ only")
	else if (from != "common" && target == "common/loop_impl.h")
		broken("loop_impl.h is for the loop only")
}
END { exit bad }'
