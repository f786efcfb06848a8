#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs the Debian packages that the course needs and that are missing.
#
#	common/setup.sh [students|test|bench|explorer|instructors|hosts|
#		cluster|site]
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
	libjansson-dev libmd-dev libssl-dev openssl libsqlite3-dev liburing-dev zlib1g-dev
	valgrind libc6-dbg gdb iproute2 netcat-openbsd procps strace'

# What the project's own tests need beside that: compilers and checkers, and the
# clients and servers that the labs' programs have to get on with. Ubuntu has
# Chromium as a snap only; there the tests with a browser, and what they take,
# are left out.
tests='apache2-utils bubblewrap clang libclang-rt-dev clang-format curl git iperf3
	libxml2-utils nghttp2-client openssh-client patch postgresql-client
	python3 python3-jsonschema redis-tools shellcheck similarity-tester socat
	sqlite3 wrk'

# The page of lab 4 is built by a compiler for WebAssembly.
explorer='clang libclang-rt-dev-wasm32 lld make openssl wasi-libc'

# Pages are checked, and their diagrams drawn, in a browser that node drives. Some
# nodes bring their npm.
browser='chromium nodejs'
command -v npm >/dev/null || browser="$browser npm"
site="pandoc $browser"
grep -qsx 'ID=ubuntu' /etc/os-release || tests="$tests $explorer $site"

# Beside that, the programs that the benchmarks compare with.
bench='apache2-utils curl gnuplot-nox iperf3 libevent-dev libuv1-dev
	nghttp2-client python3 redis-tools wrk'

# What grades the submissions of a class: boxes, and what looks at programs.
instructors='binutils bubblewrap git python3 similarity-tester'

# And what grades it on other hosts: on them, too.
hosts='openssh-client parallel'

# Of these, some bring a service. Tests and benchmarks run such programs
# themselves, on ports of their own: the packages are installed neither started
# nor enabled, and no student needs them.
test_services='nginx-light openssh-server postgresql prometheus redis-server
	stunnel4'
bench_services='haproxy libnginx-mod-stream nginx-light redis-server'
host_services=rsync
# A cluster and a host for the tests of batches beyond one machine.
cluster_services='munge openssh-server slurm-client slurmctld slurmd'

packages_of() {
	case $1 in
	students) echo "$students" ;;
	test) echo "$students $tests $test_services" ;;
	bench) echo "$students $bench $bench_services" ;;
	explorer) echo "$students $explorer" ;;
	instructors) echo "$students $instructors" ;;
	hosts) echo "$students $instructors $hosts $host_services" ;;
	cluster)
		echo "$students $instructors $hosts $host_services" \
			"$cluster_services"
		;;
	site) echo "$students $site" ;;
	*)
		echo "setup.sh: no set '$1'; known: students test bench" \
			"explorer instructors hosts cluster site" >&2
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

policy=/usr/sbin/policy-rc.d

# No package may start what it brings (invoke-rc.d(8)); a policy that somebody
# else has made stays as it is.
forbid_starting() {
	[ ! -e "$policy" ] || return 0
	policy_is_ours=yes
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
	as_root chmod 755 "$policy"
}

allow_starting() {
	[ -z "${policy_is_ours:-}" ] || as_root rm -f "$policy"
}

# disable PACKAGE...: the services of those that this run has installed. A unit
# may lie in another package of the same source: nginx-light's is in nginx.
disable() {
	for package in "$@"; do
		case " $test_services $bench_services $host_services \
			$cluster_services " in
		*[[:space:]]"$package"[[:space:]]*) ;;
		*) continue ;;
		esac
		source=$(dpkg-query -W -f '${source:Package}' "$package")
		# shellcheck disable=SC2016 # dpkg-query's own variables
		dpkg-query -W -f '${source:Package} ${Package}\n' |
			sed -n "s/^$source //p" | xargs dpkg-query -L
	done | sort -u | while read -r path; do
		case $path in
		*@.*) ;;
		/etc/init.d/*) as_root update-rc.d "${path##*/}" disable ;;
		*/systemd/system/*.service | */systemd/system/*.socket | \
			*/systemd/system/*.timer)
			as_root deb-systemd-helper disable "${path##*/}"
			;;
		esac
	done >>"$log" 2>&1 || true
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
trap 'allow_starting; rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
echo "Installing packages (this can take a minute or two):$lacking"
if ! download $lacking; then
	tail -n 20 "$log" >&2
	give_up "apt-get could not fetch the packages (no network?)." \
		"$lacking" "$by_hand$lacking"
fi
forbid_starting
if ! apt install $lacking; then
	tail -n 20 "$log" >&2
	give_up "apt-get fetched the packages, but could not install all." \
		"$(missing $wanted)" "$by_hand$lacking" \
		"apt-get's own messages are above."
fi
disable $lacking
