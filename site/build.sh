#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course site: the texts of the tree as a site, in build/site.
#
#	site/build.sh
#
# A page for each text, with the same path and .html in place of .md, and one for
# each file or folder that a text links to. Diagrams are drawn by mermaid in
# Chromium; where one of the two cannot be had, they stay as they are written.
# Status 1 if a link leads nowhere.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
site=$top/build/site
npm=$top/build/site-npm
export TOP="$top" DIAGRAMS="$top/build/site-diagrams"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM
export SHOWN="$tmp/shown"

has() {
	command -v "$1" >/dev/null
}

# The texts in the order of reading.
texts() {
	(cd "$top" && printf '%s\n' README.md COURSE.md \
		lab[0-9][0-9]-*/README.md \
		lab[0-9][0-9]-*/inside/*.md \
		lab[0-9][0-9]-*/experiments/README.md docs/*.md |
		while read -r text; do
			[ ! -f "$text" ] || echo "$text"
		done)
}

# The way from the folder of the page $1 to the top of the site.
way_up() {
	echo "$1" | sed 's|[^/]*$||; s|[^/]*/|../|g'
}

# The links to the chapters, from the page $1.
chapters() {
	up=$(way_up "$1")
	texts | grep -v -e '/experiments/' -e '^README' |
		while read -r text; do
		name=$(basename "$text" .md)
		case $text in
		lab*/README.md) name=$(echo "$text" | sed 's|^lab\(..\)-.*|\1|') ;;
		COURSE.md) name=Course ;;
		*) name=$(echo "$name" | sed 's/^\(.\)\(.*\)/\1\L\2/') ;;
		esac
		here=
		[ "$text" != "$1" ] || here=' aria-current="page"'
		printf '<a href="%s"%s>%s</a>\n' "$up${text%.md}.html" \
			"$here" "$name"
	done
}

# The heading of the text $1.
title() {
	sed -n 's/^# //p' "$top/$1" | head -n 1 | sed 's/[`*]//g'
}

# Links to the texts in front of $1 and behind it.
neighbours() {
	up=$(way_up "$1")
	before=$(texts | grep -xB 1 "$1" | head -n 1)
	behind=$(texts | grep -xA 1 "$1" | tail -n 1)
	[ "$before" = "$1" ] || printf '<a href="%s">&larr; %s</a>\n' \
		"$up${before%.md}.html" "$(title "$before")"
	[ "$behind" = "$1" ] || printf '<a href="%s">%s &rarr;</a>\n' \
		"$up${behind%.md}.html" "$(title "$behind")"
}

# page TEXT: build/site/TEXT.html
page() {
	mkdir -p "$site/$(dirname "$1")"
	PAGE=$1 pandoc -f gfm -t html5 --template "$top/site/template.html" \
		--lua-filter "$top/site/page.lua" --toc --toc-depth 2 \
		--metadata pagetitle="$(title "$1")" \
		--metadata lang=en -V "top=$(way_up "$1")" \
		-V "chapters=$(chapters "$1")" \
		-V "neighbours=$(neighbours "$1")" \
		-o "$site/${1%.md}.html" "$top/$1"
}

# Only finds the diagrams, in the texts that have some.
find_diagrams() {
	mkdir -p "$DIAGRAMS"
	texts | while read -r text; do
		! grep -q '^ *```mermaid' "$top/$text" ||
			PAGE=$text pandoc -f gfm -t native -o /dev/null \
				--lua-filter "$top/site/page.lua" "$top/$text"
	done
}

fetch_mermaid() {
	mkdir -p "$npm"
	cmp -s "$top/site/package-lock.json" "$npm/fetched" && return
	cp "$top/site/package.json" "$top/site/package-lock.json" "$npm"
	(cd "$npm" && npm ci --ignore-scripts --no-audit --no-fund \
		--cache "$npm/cache") >"$tmp/npm" 2>&1 || {
		tail -n 3 "$tmp/npm" >&2
		return 1
	}
	cp "$top/site/package-lock.json" "$npm/fetched"
}

draw_diagrams() {
	for program in node npm chromium; do
		has "$program" || {
			echo "site: diagrams stay text: no $program" >&2
			return
		}
	done
	fetch_mermaid || {
		echo "site: diagrams stay text: mermaid cannot be fetched" >&2
		return
	}
	node "$top/site/draw.mjs" \
		"$npm/node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js" \
		"$DIAGRAMS"
}

escaped() {
	sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$@"
}

# frame NAME UP: a page of its own around what is on standard input.
frame() {
	cat <<-HTML
	<!DOCTYPE html>
	<html lang="en">
	<head>
	<meta charset="utf-8">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<title>$1 - Readylist</title>
	<link rel="icon" href="data:,">
	<link rel="stylesheet" href="$2style.css">
	</head>
	<body>
	<header><a class="home" href="$2README.html">Readylist</a> $1</header>
	<main>
	HTML
	cat
	printf '</main>\n</body>\n</html>\n'
}

# show PATH: a page that shows a file, or the files of a folder.
show() {
	case $1 in
	*.html) mkdir -p "$site/$(dirname "$1")" && cp "$top/$1" "$site/$1" ;;
	*)
		if [ -d "$top/$1" ]; then
			show_folder "$1"
		else
			show_file "$1"
		fi
		;;
	esac
}

show_file() {
	mkdir -p "$site/$(dirname "$1")"
	{
		echo '<pre>'
		escaped "$top/$1"
		echo '</pre>'
	} | frame "$1" "$(way_up "$1")" >"$site/$1.html"
}

show_folder() {
	mkdir -p "$site/$1"
	{
		echo '<ul>'
		for file in "$top/$1"/*; do
			[ -f "$file" ] || continue
			name=${file##*/}
			show_file "$1/$name"
			echo "<li><a href=\"$name.html\">$name</a></li>"
		done
		echo '</ul>'
	} | frame "$1" "$(way_up "$1/index")" >"$site/$1/index.html"
}

# The page that plays lab 4's stories is built from C, if its compiler is there.
build_explorer() {
	lab=$top/lab04-epoll-lt-et
	[ -f "$lab/inside/explorer/explorer.mk" ] || return 0
	make --no-print-directory -s -C "$lab" explorer >"$tmp/explorer" 2>&1 || {
		tail -n 3 "$tmp/explorer" >&2
		echo "site: without lab 4's explorer" >&2
	}
}

has pandoc || {
	echo "site: pandoc is missing; ./course setup site installs it" >&2
	exit 1
}
rm -rf "$site"
mkdir -p "$site"
: >"$SHOWN"
build_explorer
find_diagrams
draw_diagrams
for text in $(texts); do
	page "$text"
done
sort -u "$SHOWN" | while read -r path; do
	show "$path"
done
cp "$top/site/style.css" "$site"
printf '<!DOCTYPE html>\n<meta http-equiv="refresh" content="0; url=%s">\n' \
	README.html >"$site/index.html"
sh "$top/site/links.sh" "$site"
drawn=$(find "$site" -name '*.html' -exec cat {} + |
	grep -c 'class="diagram"' || :)
echo "$(texts | wc -l) texts, $drawn diagrams: build/site"
