#!/bin/sh
# SPDX-License-Identifier: MIT
#
# site/links.sh FOLDER: every link within the site leads to a page of it, and to
# a place on that page. Prints those that do not; status 1 if there are any.
# shellcheck disable=SC2016 # the variables are awk's
set -eu

cd "$1"
find . -name '*.html' | sed 's|^\./||' | sort | xargs awk '
# PATH from the folder of FROM, without "." and "..".
function resolve(from, path,    n, part, i, out, depth) {
	sub(/[^\/]*$/, "", from)
	n = split(from path, part, "/")
	depth = 0
	for (i = 1; i <= n; i++) {
		if (part[i] == "..")
			depth--
		else if (part[i] != "." && part[i] != "")
			out[++depth] = part[i]
	}
	path = ""
	for (i = 1; i <= depth; i++)
		path = path (i > 1 ? "/" : "") out[i]
	return path
}
# The values of attribute NAME in LINE go to found[]; returns how many.
function attributes(line, name,    n, value) {
	n = 0
	while (match(line, "[ \t]" name "=\"[^\"]*\"")) {
		value = substr(line, RSTART + length(name) + 3,
			RLENGTH - length(name) - 4)
		found[++n] = value
		line = substr(line, RSTART + RLENGTH)
	}
	return n
}
FNR == 1 { page[FILENAME] = 1 }
{
	for (i = attributes($0, "id"); i > 0; i--)
		id[FILENAME "#" found[i]] = 1
	for (i = attributes($0, "href"); i > 0; i--)
		links[FILENAME "\t" found[i]] = 1
	for (i = attributes($0, "src"); i > 0; i--)
		links[FILENAME "\t" found[i]] = 1
}
END {
	for (each in links) {
		split(each, l, "\t")
		if (l[2] ~ /^[a-z][a-z0-9+.-]*:/)
			continue
		path = anchor = l[2]
		sub(/#.*/, "", path)
		if (!sub(/^[^#]*#/, "", anchor))
			anchor = ""
		target = path == "" ? l[1] : resolve(l[1], path)
		total++
		if (!(target in page) && (getline line < target) < 0)
			bad[++n] = l[1] ": " l[2]
		else if (anchor != "" && target !~ /explorer/ &&
			 !((target "#" anchor) in id))
			bad[++n] = l[1] ": " l[2] " (no such place)"
	}
	for (i = 1; i <= n; i++)
		print "broken link: " bad[i]
	print total " links, " n + 0 " broken"
	exit n > 0
}' || exit 1
