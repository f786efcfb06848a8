#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Shows lab 4's page about the inside of epoll, at its start or at a story, and
# opens a browser if there is one.
#
#	explore.sh TOP [STORY]
#
# In the tree TOP the page is built, and lab 5's httpd serves it on a free port
# of the loopback interface until Ctrl-C. A workspace came with the page built: it
# is opened as a file.
set -eu

top=$1
shift
lab=$top/lab04-epoll-lt-et
page=$lab/inside/explorer/epoll.html

fail() {
	printf '%s\n' "$@" >&2
	exit 2
}

known() {
	for file in "$lab"/inside/scope/*.uep "$lab"/inside/explorer/puzzles/*.uep; do
		name=${file##*/}
		printf '  %-14s %s\n' "${name%.uep}" \
			"$(sed -n '1s/^# *//p' "$file")"
	done
}

# The browser that is asked for, or the desktop's if there is a desktop.
browser() {
	[ -z "${BROWSER:-}" ] || echo "$BROWSER"
	[ -n "${BROWSER:-}" ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ||
		command -v xdg-open || true
}

# Shows the address $1.
show() {
	echo "$1"
	with=$(browser)
	[ -z "$with" ] || "$with" "$1" >/dev/null 2>&1 </dev/null &
}

case ${1:-} in
-h | --help)
	sed -n 's/^# \{0,1\}//; 4,11p' "$0"
	exit 0
	;;
esac
[ $# -le 1 ] || fail "explore takes one STORY; they are:" "$(known)"
story=
if [ -n "${1:-}" ]; then
	[ -f "$lab/inside/scope/$1.uep" ] ||
		[ -f "$lab/inside/explorer/puzzles/$1.uep" ] ||
		fail "explore: no story '$1'; they are:" "$(known)"
	story="#story=$1"
fi

if [ -d "$top/.readylist" ]; then
	origin=$(cat "$top/.readylist/origin" 2>/dev/null || true)
	[ -f "$page" ] || page=${origin:+$origin/${page#"$top"/}}
	[ -f "$page" ] || fail "This workspace has no page yet." \
		"Run ./course explore in ${origin:-the tree that it came from}," \
		"and then this again."
	show "file://$(printf '%s' "$page" | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')$story"
	exit 0
fi

for part in common lab04-epoll-lt-et lab05-threadpool; do
	make --no-print-directory -s -C "$top/$part" \
		"$([ $part = common ] && echo all || echo programs)" >/dev/null
done
make --no-print-directory -s -C "$lab" explorer
site=$(mktemp -d)
trap 'kill "$httpd" 2>/dev/null && wait "$httpd"; rm -rf "$site"' EXIT
trap 'exit 0' HUP INT TERM
cp "$page" "$site/index.html"
mkfifo "$site/.ready"
"$top/build/gcc/lab05-threadpool/httpd" --listen 127.0.0.1:0 --root "$site" \
	>"$site/.ready" &
httpd=$!
read -r _ _ address <"$site/.ready" || fail "httpd did not start"
echo "Until Ctrl-C, epoll is at"
show "http://$address/$story"
wait "$httpd"
