#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A lab's graded tests on the reference under helgrind: every one passes, and it
# finds no race. (ThreadSanitizer is a part of each grade.) For labs whose
# Makefile says which programs have threads:
#
#	THREADED = httpd pool-driver
#
# It is said there, and not seen from what they import, because a lab's tests
# have to be fit for it. What has one thread cannot race, so helgrind is spared
# the others.
#
# Helgrind reports to a file for each process, since Valgrind 3.19 says much
# else; that makes the program's exit status 9, which fails the test too, unless
# that ends it with SIGKILL. So the files are looked at as well.
#
# One test by hand, with the reports in build/helgrind/LAB/log:
#
#	JUDGE_SLACK=5 ./course grade LAB TEST --bin build/helgrind
. "$(dirname -- "$0")/lib.sh"

lab=$1
threaded=$(sed -n 's/^THREADED = //p' "$top/$lab/Makefile")
[ -n "$threaded" ] || {
	echo "$lab names no programs with threads"
	exit 77
}
command -v valgrind >/dev/null || {
	echo "valgrind is not installed"
	exit 77
}

# suite BIN WHAT SLACK: the graded tests on the programs in BIN/LAB, with
# deadlines SLACK times as long.
suite() {
	JUDGE_SLACK=$3 "$grade" run "$lab" --bin "$1" \
		--verbose --plain="$tmp/plain" || true
	check_results "$tmp/plain" "$2 $lab"
}

# --------------------------------------------------------------- helgrind

gcc=$top/build/gcc/$lab
scripts=$top/build/helgrind/$lab
log=$scripts/log

# OpenSSL's scrypt is slow on purpose, and under helgrind each takes seconds of a
# processor, of which twelve clients at once had used up a test's time. It has one
# thread, and nothing of ours in it.
quick=$top/build/helgrind/scrypt.so
make_quick() {
	mkdir -p "${quick%/*}"
	gcc -shared -fPIC -O1 -D_GNU_SOURCE -o "$quick" -x c - <<-'C'
		#include <dlfcn.h>
		#include <openssl/evp.h>

		int EVP_PBE_scrypt(const char *pass, size_t pass_len,
				   const unsigned char *salt, size_t salt_len,
				   uint64_t n, uint64_t r, uint64_t p,
				   uint64_t max_mem, unsigned char *key,
				   size_t key_len)
		{
			__typeof__(&EVP_PBE_scrypt) real =
				dlsym(RTLD_NEXT, "EVP_PBE_scrypt");

			(void)n;
			return real(pass, pass_len, salt, salt_len, 16, r, p,
				    max_mem, key, key_len);
		}
	C
}

# A script in the place of PROGRAM. libchaos.so is to work in that and not in
# the script, which the judge takes for it. A history of accesses in full would
# find no more, and takes several times as long where threads come and go.
put_script() {
	cat >"$scripts/$1" <<-EOF
		#!/bin/sh
		[ -z "\${CHAOS:-}" ] ||
			CHAOS="\${CHAOS%%exe=*}exe=$gcc/$1,\${CHAOS##*,}"
		export LD_PRELOAD="$quick\${LD_PRELOAD:+:\$LD_PRELOAD}"
		exec valgrind --tool=helgrind --quiet --error-exitcode=9 \\
			--history-level=approx --fair-sched=try --vgdb=no \\
			--suppressions="$top/selftest/helgrind.supp" \\
			--log-file="$log/%p" "$gcc/$1" "\$@"
	EOF
	chmod +x "$scripts/$1"
}

# The lab's programs and drivers, as seen from the folder they are in.
programs() {
	for program in * drivers/*; do
		[ ! -f "$program" ] || [ ! -x "$program" ] || echo "$program"
	done
}

put_scripts() {
	rm -rf "$scripts"
	mkdir -p "$scripts/drivers" "$log"
	(cd "$gcc" && programs) >"$tmp/programs"
	while read -r program; do
		case " $threaded " in
		*" ${program##*/} "*) put_script "$program" ;;
		*) ln -s "$gcc/$program" "$scripts/$program" ;;
		esac
	done <"$tmp/programs"
}

# A report's lines begin with ==PID==; --PID-- is Valgrind on its own limits.
check_logs() {
	processes=0
	for file in "$log"/*; do
		[ -f "$file" ] || continue
		processes=$((processes + 1))
		! grep '^==' "$file" >"$tmp/out" ||
			bad "helgrind $lab: no report on process ${file##*/}"
	done
	check "helgrind $lab: $processes processes were watched" \
		test "$processes" -gt 0
}

helgrind() {
	make --no-print-directory -C "$lab" programs
	make_quick
	put_scripts
	suite build/helgrind helgrind 5
	check_logs
}

need_grader
cd "$top"
helgrind
finish
