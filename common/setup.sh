#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs the Debian packages that the course needs and that are missing.
#
#	common/setup.sh [students|test|bench]
#
# Quick and silent when there is nothing to do. Says which packages are
# missing, and how to install them, when it cannot: no root, no network, not
# a Debian. Status 0: all there; 1: something is missing; 2: wrong usage.
#
# COURSE_SETUP=no skips it all: for systems that have the same libraries under
# other names.
# Lists of names are split on purpose.
# shellcheck disable=SC2086
set -eu

# What a workspace needs to build, grade and look around by hand.
students='gcc libc6-dev make libbsd-dev libcriterion-dev libinih-dev
	libjansson-dev valgrind libc6-dbg gdb iproute2 netcat-openbsd procps
	strace'

# What the project's own tests need beside that: compilers and checkers, and the
# clients that lab 5's server has to get on with. Ubuntu has Chromium as a snap
# only; there the tests with a browser are left out.
tests='apache2-utils clang libclang-rt-dev clang-format curl git nghttp2-client
	patch shellcheck wrk'
grep -qsx 'ID=ubuntu' /etc/os-release || tests="$tests chromium"

# Beside that, the programs that the benchmarks compare with.
bench='apache2-utils curl gnuplot-nox libevent-dev libuv1-dev nghttp2-client
	nginx-light wrk'

packages_of() {
	case $1 in
	students) echo "$students" ;;
	test) echo "$students $tests" ;;
	bench) echo "$students $bench" ;;
	*)
		echo "setup.sh: no set '$1'; known: students test bench" >&2
		exit 2
		;;
	esac
}

# The packages named that dpkg does not hold as installed.
missing() {
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" \
		2>/dev/null || true)
	for package in "$@"; do
		case "
$have
" in
		*"
installed $package
"*) ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

# Says why nothing was installed, and what would.
give_up() {
	{
		echo "$1"
		echo "Missing:$2"
		echo "Install with: $3"
		echo "${4:-Nothing was changed.}"
	} >&2
	exit 1
}

# The command in front of apt-get: nothing for root, sudo if it asks nothing.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		env "$@"
	else
		sudo -n env "$@"
	fi
}

can_be_root() {
	[ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

apt() {
	as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o Dpkg::Use-Pty=0 -o Dpkg::Lock::Timeout=120 \
		-o Acquire::Retries=2 \
		--no-install-recommends "$@" </dev/null >>"$log" 2>&1
}

# Everything is downloaded before anything is unpacked: without a network,
# nothing changes. A list that could not be renewed may still do.
download() {
	apt update || true
	apt --download-only install "$@"
}

set=${1:-students}
wanted=$(packages_of "$set")
[ "${COURSE_SETUP:-}" != no ] || exit 0

by_hand="apt-get install --no-install-recommends"
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	give_up "This is no Debian or Ubuntu: the packages' names differ here." \
		"$(printf ' %s' $wanted)" \
		"your system's own; then COURSE_SETUP=no ./course ..."
fi
lacking=$(missing $wanted)
[ -n "$lacking" ] || exit 0
can_be_root ||
	give_up "Some packages are missing, and only root can install them." \
		"$lacking" "sudo $by_hand$lacking"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
echo "Installing packages (this can take a minute or two):$lacking"
if ! download $lacking; then
	tail -n 20 "$log" >&2
	give_up "apt-get could not fetch the packages (no network?)." \
		"$lacking" "$by_hand$lacking"
elif ! apt install $lacking; then
	tail -n 20 "$log" >&2
	give_up "apt-get fetched the packages, but could not install all." \
		"$(missing $wanted)" "$by_hand$lacking" \
		"apt-get's own messages are above."
fi
