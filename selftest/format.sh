#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The C code is laid out as .clang-format says; `./course format` does it.
. "$(dirname -- "$0")/lib.sh"

command -v clang-format >/dev/null || {
	echo "clang-format is not installed"
	exit 77
}
make --no-print-directory -s -C "$top" format-check
