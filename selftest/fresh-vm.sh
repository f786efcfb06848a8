#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Grades on a whole Debian, with its own kernel and systemd, in a virtual machine:
# there, control groups are of version 2, as on most machines today and on few
# that run containers. This repository is cloned into it as it is committed, and
# built; inside, selftest/guest.sh runs, which says what is tried.
#
#	selftest/fresh-vm.sh [RELEASE...] [--kvm] [--keep] [-- STEP...]
#
# RELEASE is bookworm unless told; with STEPs of `./course test`, guest.sh runs
# those instead of its own. The processor is emulated, which takes ten times as long;
# with --kvm it is this machine's, where that works. Needs root, debootstrap,
# qemu-system-x86 and a mirror of Debian's; the machine in it has no network. Not a
# part of `./course test`.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
releases=
steps=
accel=tcg
# shellcheck source=selftest/root.sh
. "$top/selftest/root.sh"

while [ $# -gt 0 ]; do
	case $1 in
	--keep) keep=yes ;;
	--kvm) accel=kvm ;;
	--) shift && steps="$*" && break ;;
	-*) echo "usage: fresh-vm.sh [RELEASE...] [--kvm] [--keep] [-- STEP...]" >&2 && exit 2 ;;
	*) releases="$releases $1" ;;
	esac
	shift
done
need_root_and_debootstrap
command -v qemu-system-x86_64 >/dev/null ||
	fail "fresh-vm.sh needs qemu: apt-get install qemu-system-x86"

# Starts the guest's script, shows what it says, and ends the machine with it, at
# once: what an attack has left behind is not waited for.
unit() {
	cat <<-UNIT
		[Unit]
		Description=Readylist's guest.sh
		After=multi-user.target

		[Service]
		Type=oneshot
		Environment=HOME=/root LANG=C.UTF-8 COURSE_SETUP=no
		WorkingDirectory=/srv/readylist
		ExecStart=/bin/sh -c 'sh selftest/guest.sh $steps; exec systemctl poweroff -ff'
		StandardOutput=tty
		StandardError=inherit
		TTYPath=/dev/ttyS0
		TimeoutStartSec=infinity

		[Install]
		WantedBy=default.target
	UNIT
}

# boot: the root's files on a disk of their own, and their kernel.
boot() {
	disk=$root.disk
	trap 'rm -f "$disk"; cleanup' EXIT
	# What is mounted in it is this machine's.
	for point in $(echo "$mounts" | tr ' ' '\n' | sort -r); do
		! mountpoint -q "$root/$point" || umount "$root/$point"
	done
	mkfs.ext4 -q -d "$root" "$disk" 12G
	qemu-system-x86_64 -accel $accel -cpu max -smp 2 -m 8G -nic none \
		-display none -monitor none -serial stdio -no-reboot \
		-kernel "$(ls "$root"/boot/vmlinuz-*)" \
		-initrd "$(ls "$root"/boot/initrd.img-*)" \
		-drive "file=$disk,format=raw,if=virtio,cache=unsafe" \
		-append 'root=/dev/vda rw console=ttyS0 loglevel=1 systemd.show_status=0' \
		</dev/null | stdbuf -oL tr -d '\r' | tee "$root/guest.log"
	grep -q 'guest: 0 failed' "$root/guest.log" ||
		fail "==== the guest ($release): failed"
}

try_guest() {
	make_root
	inside 'packages' 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
		apt-get -qq -y install --no-install-recommends git \
		dbus-user-session libpam-systemd systemd-sysv \
		linux-image-amd64 >/dev/null 2>&1'
	git clone -q "$top" "$root/srv/readylist"
	inside './course setup, make' 'cd /srv/readylist &&
		./course setup >/dev/null && ./course setup instructors >/dev/null &&
		make -s -j2 >/dev/null &&
		useradd --create-home --shell /bin/sh instructor'
	unit >"$root/etc/systemd/system/readylist.service"
	inside 'a service of it' 'systemctl -q enable readylist.service &&
		systemctl -q mask serial-getty@ttyS0.service'
	boot
}

for release in ${releases:-bookworm}; do
	(try_guest)
done
