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
[ -f common/sources.mk ] || { echo "layers.sh: no common/sources.mk" >&2; exit 2; }
table=$(mktemp) || exit 2
trap 'rm -f "$table"' EXIT

# "MODULE LAYER", a line each; a line of make that ends in \ goes on.
awk '
/\\$/ { row = row substr($0, 1, length($0) - 1); next }
{ row = row $0 }
row ~ /^COMMON_(LAYER|HEADERS)[0-9]+[ \t]*=/ {
	layer = row
	sub(/[ \t]*=.*/, "", layer)
	sub(/^[A-Z_]*/, "", layer)
	sub(/^[^=]*=/, "", row)
	n = split(row, word, " ")
	for (i = 1; i <= n; i++)
		print word[i], layer
}
{ row = "" }' common/sources.mk >"$table"
[ -s "$table" ] || { echo "layers.sh: no layers in common/sources.mk" >&2; exit 2; }

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
	n = split(dirname(file) "|common|grader|grader/judge|" top(file), dirs, "|")
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
# The layer of a file of common/, or -1 if it has none.
function layer(path,   module) {
	if (dirname(path) != "common")
		return -1
	module = path
	sub(/^.*\//, "", module)
	sub(/\.[ch]$/, "", module)
	return module in layers ? layers[module] : -2
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
	if (from == "common" && to ~ /^lab/)
		broken("common/ includes no lab: \"" name "\"")
	else if (from == "common" && to == "grader")
		broken("common/ includes nothing of the grader: \"" name "\"")
	else if (from == "grader" && to ~ /^lab/)
		broken("the grader includes no lab: \"" name "\"")
	else if (from ~ /^lab/ && to ~ /^lab/ && substr(to, 1, 5) > substr(from, 1, 5))
		broken("no lab includes a later lab: \"" name "\" is of " to)
	else if (mine == -2)
		broken(file " is in no layer of common/sources.mk")
	else if (mine >= 0 && theirs > mine)
		broken("layer " mine " includes layer " theirs ": \"" name "\"")
	else if (mine >= 0 && dirname(target) != "common")
		broken("a layer of common/ includes only common/: \"" name "\"")
	else if (from != "common" && target == "common/loop_impl.h")
		broken("loop_impl.h is for the loop only")
}
END { exit bad }'
