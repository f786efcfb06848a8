/* SPDX-License-Identifier: MIT */
/* What the kernel says about a running program, in numbers: proc(5). */
#include "internal.h"
