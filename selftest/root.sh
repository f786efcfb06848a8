# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# Sourced by what tries things in a fresh Debian: debootstrap makes one in a
# temporary folder, by the mirror that this machine's apt uses. The script may
# set keep, to leave the folder.

release=
root=
keep=

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

need_root_and_debootstrap() {
	[ "$(id -u)" -eq 0 ] ||
		fail "${0##*/} needs root: it mounts and chroots"
	command -v debootstrap >/dev/null ||
		fail "${0##*/} needs debootstrap: apt-get install debootstrap"
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

# make_root: a Debian $release in the folder $root, which goes when this shell
# ends.
make_root() {
	root=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh-root.XXXXXX")
	trap cleanup EXIT
	trap 'exit 130' HUP INT TERM
	echo "A fresh Debian ($release) in $root ..."
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
