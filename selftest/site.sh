#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ./course site: it is built, no link of it leads nowhere, lab 5's httpd serves
# it, and in a headless Chromium as wide as a phone it looks as it should.
. "$(dirname -- "$0")/lib.sh"

httpd=$top/build/gcc/lab05-threadpool/httpd
server=

clean_up() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	remove_tmp
}

for program in pandoc node chromium; do
	command -v $program >/dev/null || {
		echo "$program is not installed"
		exit 77
	}
done
export TMPDIR="$tmp"
make --no-print-directory -s -C "$top/lab05-threadpool" programs
check 'the site is built' sh "$top/site/build.sh"
check_says '... no link leads nowhere' ' 0 broken'
cp "$tmp/out" "$tmp/built"
cat "$tmp/built"

# The checker of links has to see one.
mkdir -p "$tmp/bad/a"
echo '<p id="here"> <a href="../b.html#here">x</a> <a href="c.html">y</a>' \
	>"$tmp/bad/a/a.html"
echo '<p id="there">' >"$tmp/bad/b.html"
check_status 1 'links that lead nowhere are found' \
	sh "$top/site/links.sh" "$tmp/bad"
check_says '... a place' 'a/a.html: ../b.html#here (no such place)'
check_says '... a page' 'a/a.html: c.html'

"$httpd" --listen 127.0.0.1:0 --root "$top/build/site" >"$tmp/httpd" \
	2>"$tmp/httpd.err" &
server=$!
try 'httpd serves it' await 30 grep -q '^listening' "$tmp/httpd"
address=$(sed -n 's/^listening on //p' "$tmp/httpd")

cd "$top/build/site"
pages=$(find . -name '*.html' ! -path './index.html' ! -path '*/explorer/*' |
	sed 's|^\./||' | grep -v '\.[a-z]*\.html$' | sort)
shown=$(find . -name '*.h.html' | sed 's|^\./||' | sort | head -n 3)
# shellcheck disable=SC2086 # names without blanks
timeout 300 node "$top/site/look.mjs" "http://$address/" $pages $shown \
	>"$tmp/look" 2>&1 || echo "(status $?)" >>"$tmp/look"
cat "$tmp/look"
passed=$((passed + $(grep -c '^ok ' "$tmp/look" || :)))
failed=$((failed + $(grep -c '^FAIL ' "$tmp/look" || :)))
: >"$tmp/out"
check 'it was looked at to its end' grep -q '^pictures: ' "$tmp/look"
check 'diagrams are drawn, or mermaid could not be had' \
	grep -q -e '^pictures: [1-9]' -e 'diagrams stay text' \
	"$tmp/look" "$tmp/built"
kill "$server"
try 'httpd ends well' wait "$server"
server=
finish
