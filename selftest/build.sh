#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Everything builds with the compiler named (gcc, clang), warnings are errors.
. "$(dirname -- "$0")/lib.sh"

make --no-print-directory -C "$top" CC="${1:-gcc}" all
make --no-print-directory -C "$top/common" CC="${1:-gcc}" tests
