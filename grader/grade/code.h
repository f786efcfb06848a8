/* SPDX-License-Identifier: MIT */
/*
 * code - whether results are still about the code that is there.
 */
#ifndef GRADE_CODE_H
#define GRADE_CODE_H

#include <stdint.h>

#include "lab.h"

/*
 * A number for the lab's code as it is now, never 0: of its sources and
 * headers, and of the modules USES ("lab02-nonblocking/conn ...").
 */
uint64_t code_hash(const struct lab *lab, const char *uses);

#endif
