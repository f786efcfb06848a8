/* SPDX-License-Identifier: MIT */
/*
 * code - whether results are still about the code that is there.
 */
#ifndef GRADE_CODE_H
#define GRADE_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "lab.h"

/*
 * Whether a file of this NAME in a lab's folder is a source or a header, and no
 * editor's file beside one: .io.c.swp, .#io.c, #io.c#, io.c~, 4913,
 * flycheck_io.c.
 */
bool code_is_source(const char *name);

/*
 * A number for the lab's code as it is now, never 0: of its sources and
 * headers, and of the modules USES ("lab02-nonblocking/conn ...").
 */
uint64_t code_hash(const struct lab *lab, const char *uses);

#endif
