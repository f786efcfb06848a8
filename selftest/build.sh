#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Everything builds with the compiler named (gcc, clang), warnings are errors.
. "$(dirname -- "$0")/lib.sh"

make --no-print-directory -j2 -Otarget -C "$top" CC="${1:-gcc}" all
make --no-print-directory -j2 -Otarget -C "$top/common" CC="${1:-gcc}" tests

# What MAKE would do in the last lab, had FILE changed, names the source WHAT.
rebuilt() {
	make --no-print-directory -n -W "$top/$1" -C "$top/lab08-forwarder" \
		CC="${2:-gcc}" programs | grep -q "$3"
}
rebuilt common/loop_impl.h "${1:-}" common/loop_fd.c || {
	echo "FAIL  a changed header of common/ is missed by a lab"
	exit 1
}
rebuilt lab04-epoll-lt-et/acceptor.h "${1:-}" lab04-epoll-lt-et/acceptor.c || {
	echo "FAIL  a changed header of an earlier lab is missed by a later one"
	exit 1
}
