#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Proves the set-up on a machine with nothing but git and apt: makes a fresh
# Debian in a temporary folder (debootstrap), clones this repository into it
# as it is committed, and runs there, as a newcomer would,
#
#	./course start
#	./course solve lab01 && ./course grade lab01	(in work/)
#	./course test					(with --test)
#
#	selftest/fresh-root.sh [--test] [--keep]
#
# Needs root, debootstrap and a network; the mirror is the one that this
# machine's apt uses. --keep leaves the folder, to look around in. Not a part
# of `./course test`.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
release=bookworm
root=
keep=
with_tests=

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# "URI SUITE COMPONENT" of this release in the host's apt sources.
sources() {
	# shellcheck disable=SC2016 # apt-get's own variables
	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' |
		awk -v release="$release" '
		$2 ~ "^" release "($|-)" && !seen[$0]++'
}

mounts="proc sys dev/pts dev/shm"

cleanup() {
	status=$?
	trap - EXIT
	for point in $(echo "$mounts" | tr ' ' '\n' | sort -r); do
		! mountpoint -q "$root/$point" || umount "$root/$point"
	done
	if [ -n "$keep" ]; then
		echo "The root is left in $root"
	elif grep -q " $root/" /proc/mounts; then
		echo "Something is still mounted under $root: left there" >&2
	else
		rm -rf --one-file-system "$root"
	fi
	exit "$status"
}

make_root() {
	chmod 755 "$root"
	sources >"$root.sources"
	mirror=$(awk '$3 == "main" { print $1; exit }' "$root.sources")
	[ -n "$mirror" ] || fail "apt has no source of $release here"
	debootstrap --variant=minbase "$release" "$root" "$mirror" \
		>"$root.log" 2>&1 || {
		tail -n 20 "$root.log"
		fail "debootstrap failed"
	}
	awk '{ print "deb", $1, $2, $3 }' "$root.sources" \
		>"$root/etc/apt/sources.list"
	rm -f "$root.sources" "$root.log"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	cp /etc/hosts "$root/etc/hosts"
	mount -t proc proc "$root/proc"
	mount -t sysfs sysfs "$root/sys"
	mkdir -p "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
	mount -t tmpfs tmpfs "$root/dev/shm"
}

# inside WHAT COMMAND: runs it in the root, and says how long it took.
inside() {
	printf '\n==== %s\n' "$1"
	began=$(date +%s)
	chroot "$root" env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} \
		sh -ec "$2" </dev/null || fail "==== $1: failed"
	echo "==== $1: $(($(date +%s) - began)) s"
}

for arg; do
	case $arg in
	--test) with_tests=yes ;;
	--keep) keep=yes ;;
	*) echo "usage: fresh-root.sh [--test] [--keep]" >&2 && exit 2 ;;
	esac
done
[ "$(id -u)" -eq 0 ] || fail "fresh-root.sh needs root: it mounts and chroots"
command -v debootstrap >/dev/null ||
	fail "fresh-root.sh needs debootstrap: apt-get install debootstrap"

root=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh-root.XXXXXX")
trap cleanup EXIT
trap 'exit 130' HUP INT TERM
echo "A fresh Debian ($release) in $root ..."
make_root
inside 'git, which is how a newcomer came here' \
	'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
	apt-get -qq -y install --no-install-recommends git >/dev/null 2>&1'
git clone -q "$top" "$root/root/readylist"
inside './course start' 'cd /root/readylist && ./course start'
inside './course start, with the packages there' \
	'cd /root/readylist && rm -rf work && ./course start >/dev/null'
inside 'solve and grade in work/' \
	'cd /root/readylist/work && ./course solve lab01 &&
	./course grade lab01 && ./course board'
[ -z "$with_tests" ] ||
	inside './course test' 'cd /root/readylist && ./.ci/run'
