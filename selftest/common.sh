#!/bin/sh
# SPDX-License-Identifier: MIT
#
# common/: its own tests.
exec sh "$(dirname -- "$0")/criterion.sh" common check
