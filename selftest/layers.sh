#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Includes go only downwards: see common/checks/layers.sh.
. "$(dirname -- "$0")/lib.sh"

sh "$top/common/checks/layers.sh"
