# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the benchmarks of the labs' programs share.

has() {
	command -v "$1" >/dev/null
}

# pin CPU COMMAND...: client and server each have a core where there are two.
pin() {
	cpu=$1
	shift
	if [ "$(nproc)" -ge 2 ] && has taskset; then
		exec taskset -c "$cpu" "$@"
	fi
	exec "$@"
}

# The Debian package of a program.
package_of() {
	case $1 in
	ab) echo apache2-utils ;;
	h2load) echo nghttp2-client ;;
	nginx) echo nginx-light ;;
	redis-server | redis-benchmark) echo redis-server ;;
	redis-cli) echo redis-tools ;;
	ss) echo iproute2 ;;
	*) echo "$1" ;;
	esac
}

# need PROGRAM...: without one of them nothing is measured, and that is no error.
need() {
	for program in "$@"; do
		has "$program" || {
			echo "bench: $program is missing (package" \
				"$(package_of "$program")): nothing is measured"
			exit 0
		}
	done
}

# want PROGRAM...: what they are for is left out.
want() {
	for program in "$@"; do
		has "$program" || echo "$program is missing (package" \
			"$(package_of "$program")): what it is for is left out"
	done
}

# Functions for awk(1), of the arrays n[key] and v[key, 1 to n[key]]. median(): the
# middle one of the values, "-" of none; their order is lost. around(), of values
# that median() has sorted: between which of them the median of endless repetitions
# lies with 95%, whatever their distribution (the ranks of a binomial one); "-"
# where there are too few to say so.
# shellcheck disable=SC2034 # it is used by who includes this
awk_median='
function median(key,    i, j, t) {
	for (i = 2; i <= n[key]; i++)
		for (j = i; j > 1 && v[key, j] < v[key, j - 1]; j--) {
			t = v[key, j]
			v[key, j] = v[key, j - 1]
			v[key, j - 1] = t
		}
	return n[key] ? v[key, int((n[key] + 1) / 2)] : "-"
}
function around(key,    low) {
	low = int((n[key] + 1) / 2 - 0.98 * sqrt(n[key]))
	if (low < 1)
		return "-"
	return sprintf("%.2f-%.2f", v[key, low], v[key, n[key] + 1 - low])
}'

# in_turn: does the commands on standard input, a line each, beginning with
# another one in each repetition $rep: who comes first may find another machine.
# shellcheck disable=SC2154 # tmp and rep are those of who includes this
in_turn() {
	cat >"$tmp/turns"
	first=$((rep % $(wc -l <"$tmp/turns") + 1))
	sed -n "$first,\$p" "$tmp/turns" >"$tmp/order"
	head -n $((first - 1)) "$tmp/turns" >>"$tmp/order"
	while read -r turn <&3; do
		eval "$turn"
	done 3<"$tmp/order"
}
