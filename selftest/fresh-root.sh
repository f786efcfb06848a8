#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Proves the set-up on a machine with nothing but git and apt: makes a fresh
# Debian in a temporary folder (debootstrap), clones this repository into it
# as it is committed, and runs there, as a newcomer would,
#
#	./course start
#	./course solve LAB && ./course grade LAB	(in work/, for each lab)
#	./course test					(with --test)
#
#	selftest/fresh-root.sh [RELEASE...] [--test] [--keep]
#
# RELEASE is bookworm unless told; trixie and sid are worth a try. Needs root,
# debootstrap and a network; the mirror is the one that this machine's apt uses.
# --keep leaves the folder, to look around in. Not a part of `./course test`.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
releases=
release=
root=
keep=
with_tests=

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# "URI SUITE COMPONENT" for the release: what the host's apt has of it, or, if
# the host is of another one, its main mirror with that release's name.
sources() {
	# shellcheck disable=SC2016 # apt-get's own variables
	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' | awk -v release="$release" '
		$2 ~ "^" release "($|-)" && !seen[$0]++ { print; found = 1 }
		$3 == "main" && !mirror { mirror = $1 }
		END { if (!found && mirror) print mirror, release, "main" }'
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
	# A mirror may lag behind, and then says that its lists are too old.
	echo 'Acquire::Check-Valid-Until "false";' \
		>"$root/etc/apt/apt.conf.d/90lagging-mirror"
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
	-*) echo "usage: fresh-root.sh [RELEASE...] [--test] [--keep]" >&2 && exit 2 ;;
	*) releases="$releases $arg" ;;
	esac
done
[ "$(id -u)" -eq 0 ] || fail "fresh-root.sh needs root: it mounts and chroots"
command -v debootstrap >/dev/null ||
	fail "fresh-root.sh needs debootstrap: apt-get install debootstrap"

# Everything that a newcomer does, in a root of its own.
try() {
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
	# shellcheck disable=SC2016 # for the shell in there
	inside 'solve and grade in work/, lab by lab' \
		'cd /root/readylist/work && failed= && for lab in lab[0-9][0-9]-*; do
			./course solve "$lab" >/dev/null
			./course grade "$lab" || failed="$failed $lab"
		done
		./course board
		[ -z "$failed" ] || { echo "less than 100:$failed"; exit 1; }'
	[ -z "$with_tests" ] ||
		inside './course test' 'cd /root/readylist && ./.ci/run'
}

for release in ${releases:-bookworm}; do
	(try)
done
