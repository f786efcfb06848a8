#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Includes go only downwards: see common/tests/layers.sh.
. "$(dirname -- "$0")/lib.sh"

sh "$top/common/tests/layers.sh"
