# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # official.sh's own
# Lists of names are split on purpose.
# shellcheck disable=SC2046,SC2086
#
# Sourced by official.sh: the looks at a submission, before it is compiled at what
# the preprocessor makes of it, and behind that at the objects. Each look prints a
# line and returns 1 for what is not taken.

# Functions that no module needs: they would put another program, another code
# or another kernel interface in the place of what is graded. The reference's
# own calls are allowed.
forbidden='exec[vl][pe]*|execvpe|fexecve|execveat|posix_spawnp?|system|popen'
forbidden="$forbidden|_IO_popen|_IO_proc_open|wordexp|forkpty|(rexec|rcmd)(_af)?"
forbidden="$forbidden|ptrace|dlm?open|dlv?sym|dl_iterate_phdr|dladdr1?|dlinfo"
forbidden="$forbidden|process_(vm_readv|vm_writev|madvise|mrelease)|syscall|prctl"
forbidden="$forbidden|personality|unshare|setns|(__)?clone|(__)?vfork|mount|umount2?"
forbidden="$forbidden|chroot|pivot_root|memfd_create|(pkey_)?mprotect|seccomp|bpf"
forbidden="$forbidden|__(asan|tsan|ubsan|lsan|sanitizer)_.*|_dl_.*|__libc_.*"
forbidden="$forbidden|__register_atfork|_exit_group"
# The linker's names for what a driver stands before.
forbidden="$forbidden|__(real|wrap)_.*"
# It loads libraries by a variable of the environment.
forbidden="$forbidden|iconv_open"
# They read and write past libchaos.
forbidden="$forbidden|p(read|write)v(64v)?2|(recv|send)mmsg|vmsplice"
forbidden="$forbidden|aio_(read|write)(64)?|lio_listio(64)?"
# They end a process behind the back of what looks at its end.
forbidden="$forbidden|atexit|on_exit|(at_)?quick_exit"
# Libraries' own ways to another code.
forbidden="$forbidden|DSO_.*|ENGINE_.*|OSSL_PROVIDER_.*|CONF_modules_.*"
forbidden="$forbidden|pidfd_spawnp?"

# Names of the system's that a compiler or a header makes of ordinary code. Of all
# others that begin with an underscore many are libc's calls by another name.
ordinary='__errno_location|__h_errno_location|__stack_chk_fail|__assert_fail'
ordinary="$ordinary|__isoc[0-9]+_.*|__ctype_[a-z]+_loc|__ctype_get_mb_cur_max"
ordinary="$ordinary|__xpg_(strerror_r|basename)|__cmsg_nxthdr|_setjmp"
ordinary="$ordinary|__(sigsetjmp|tls_get_addr|fdelt_chk|overflow|uflow)"
ordinary="$ordinary|__libc_current_sigrt(min|max)|__sched_cpu.*|__fpclassify.*"
ordinary="$ordinary|__(signbit|isnan|isinf|finite|issignaling|iseqsig)[fl]?"
ordinary="$ordinary|__pthread_(un)?register_cancel|__pthread_unwind_next"
ordinary="$ordinary|__(u?(div|mod)|mul|u?cmp|ashl|ashr|lshr)[a-z]*[0-9]"
ordinary="$ordinary|__(popcount|clz|ctz)[a-z]*[0-9]|__atomic_.*|__environ"
ordinary="$ordinary|_GLOBAL_OFFSET_TABLE_|_Unwind_Resume|_exit|_Exit"

# calls OBJECT: the functions that it leaves to others.
calls() {
	nm -u "$1" 2>/dev/null | awk '{ print $NF }' | sed 's/@.*//' | sort -u
}

# What stands in for libc's functions, in the program and before it: libchaos's
# names, beside those of the compiler's and the system's (C11 7.1.3).
system_names() {
	nm -D --defined-only "$top/build/gcc/grader/chaos/libchaos.so" |
		awk '$2 == "T" { print $3 }'
}

# What libchaos and the sanitizers call: a program's definition would be theirs.
names_for_others() {
	for library in "$top/build/gcc/grader/chaos/libchaos.so" \
		$(for name in asan ubsan tsan; do
			gcc -print-file-name=lib$name.so
		done); do
		nm -D -u "$library" 2>/dev/null
	done | awk '{ print $NF }' | sed 's/@.*//' | sort -u
}

# What the libraries that programs are linked with define: those of the tests use
# more of it than the submission.
names_of_libraries() {
	for name in libc.so.6 libm.so.6 libssl.so libcrypto.so; do
		nm -D --defined-only "$(gcc -print-file-name=$name)" 2>/dev/null
	done | sed -n 's/.* \([^ @]*\)@@.*/\1/p' | sort -u
}

# The course's own names for experiments, which libcommon.a has as well.
names_of_experiments() {
	defined "$top/build/gcc/common/libcommon.a" | grep '^exp_'
}

# defined OBJECT: the names that it gives to others.
defined() {
	nm -g --defined-only "$1" 2>/dev/null |
		awk '{ print $NF }' | sed 's/@.*//' | sort -u
}

# every_second FIRST NAME...: the names from the FIRST on, 1 or 2.
every_second() {
	shift "$1"
	while [ $# -gt 0 ]; do
		echo "$1"
		shift
		[ $# -eq 0 ] || shift
	done
}

# side_by_side LOOK: LOOK at the lab's files, two at a time. Not all of them, since
# each look may want as much memory as a build; and one behind the other without
# namespaces, where a workshop ends all that its user runs.
side_by_side() {
	[ "$isolation" != uid ] || {
		"$1" $files
		return
	}
	"$1" $(every_second 2 $files) >"$work/second" 2>&1 &
	"$1" $(every_second 1 $files) || {
		wait
		return 1
	}
	wait $! || {
		cat "$work/second"
		return 1
	}
}

# look_at_each_object FILE...: what was made of it by the compiler.
look_at_each_object() {
	for file; do
		object=$out/gcc/$lab/${file%.c}.o
		if [ ! -f "$object" ] || [ -L "$object" ]; then
			echo "$lab/$file: no object came of it"
			return 1
		fi
		look_at_sections "$file" "$object" || return 1
		look_at_names "$file" "$object" || return 1
	done
}

look_at_objects() {
	system_names >"$work/system"
	{
		names_for_others
		names_of_libraries
	} >"$work/for-others"
	names_of_experiments >"$work/experiments"
	side_by_side look_at_each_object
}

# look_at_sections FILE OBJECT: where code and data are.
look_at_sections() {
	readelf -SW "$2" >"$work/$1.sections" 2>/dev/null
	if grep -Eq '\.(init|fini|preinit)_array|\.[cd]tors|\] \.(init|fini) ' \
		"$work/$1.sections"; then
		echo "$lab/$1: code that runs before main() or after exit()" \
			"(constructors) is not taken"
		return 1
	fi
	# What gcc makes of a nested function's address is code on the stack.
	if ! grep '\] \.note\.GNU-stack ' "$work/$1.sections" >"$work/$1.stack" ||
		grep -q ' X ' "$work/$1.stack" ||
		grep -Eq ' (WX|WAX|AWX)[A-Za-z]* ' "$work/$1.sections"; then
		echo "$lab/$1: code in memory that can be written to is not taken"
		return 1
	fi
	if readelf -sW "$2" 2>/dev/null | grep -q ' IFUNC '; then
		echo "$lab/$1: ifuncs are not taken"
		return 1
	fi
}

# forbidden_in FILE: what grading.ini forbids this module, as "|epoll_.*".
forbidden_in() {
	"$grade" forbidden "$lab" --root "$top" | tr ' ' '\n' |
		sed -n "s/^$1:/|/p" | sed 's/\*/.*/g' | tr -d '\n'
}

# look_at_names FILE OBJECT: what it calls and what it defines.
look_at_names() {
	calls "$top/build/gcc/$lab/${1%.c}.o" >"$work/$1.may"
	bad=$({
		calls "$2" | grep -Ex "$forbidden$(forbidden_in "$1")"
		calls "$2" | grep -xF -f "$work/experiments"
		calls "$2" | grep '^_' | grep -Evx "$ordinary"
	} | grep -vxF -f "$work/$1.may" | head -n 1 || true)
	if [ -n "$bad" ]; then
		echo "$lab/$1: it calls $bad(), which this module may not"
		return 1
	fi
	# Whether another one is there says which program it is in.
	bad=$(nm -u "$2" 2>/dev/null | awk '$1 ~ /^[wv]$/ { print $2 }' | head -n 1)
	if [ -n "$bad" ]; then
		echo "$lab/$1: a weak reference to $bad is not taken"
		return 1
	fi
	bad=$({
		defined "$2" | grep -E '^(__.*|_exit|_Exit|_start|_init|_fini|_dl_.*)$'
		defined "$2" | grep -xF -f "$work/system" -f "$work/for-others"
	} | head -n 1 || true)
	if [ -n "$bad" ]; then
		echo "$lab/$1: it defines $bad, which is the system's"
		return 1
	fi
}

# preprocessed FILE [SANITIZERS]: to WORK/FILE.text, and the names of what was
# included to WORK/FILE.included.
preprocessed() {
	(
		build_s=$read_s
		workshop gcc -std=c11 -O2 -pthread -U_FORTIFY_SOURCE $flags \
			${2:+"-fsanitize=$2"} -w -H -E "$at/$lab/$1" \
			>"$work/$1.text" 2>"$work/$1.included"
	)
}

# look_at_source FILE PLAIN [SANITIZERS]: as look.py says.
look_at_source() {
	preprocessed "$1" ${3:+"$3"} || {
		LC_ALL=C grep -m 1 -a 'error:' "$work/$1.included" ||
			echo "$lab/$1: the preprocessor makes nothing of it"
		return 1
	}
	seen=$($python -B "$here/look.py" "$tree/$lab/$1" "$work/$1.text" \
		"$work/$1.included" "$at/$lab/$1" "$at" ${3:+"$2"}) || {
		echo "$lab/$1: $seen"
		return 1
	}
}

# look_at_each_source FILE...: at it; what the preprocessor makes of it, to WORK/FILE.
look_at_each_source() {
	for file; do
		look_at_source "$file" '' || return 1
		mv "$work/$file.text" "$work/$file"
		for sanitizers in address,undefined thread; do
			look_at_source "$file" "$work/$file" $sanitizers ||
				return 1
		done
	done
}

# What the preprocessor makes of the lab's files, which take their place. Its flags
# are the same for all of them.
look_at_sources() {
	flags=$(make --no-print-directory -s -C "$top/$lab" -f Makefile \
		-f "$here/names.mk" print-flags | sed "s|$top/|$at/|g")
	side_by_side look_at_each_source || return 1
	looked=$at/$lab/looked.mk
	for file in $files; do
		cp "$work/$file" "$tree/$lab/$file"
		# shellcheck disable=SC2016 # make's
		printf '$(B)/%s.o: override CFLAGS += -fpreprocessed\n' \
			"${file%.c}"
	done >"$tree/$lab/looked.mk"
}
