/* SPDX-License-Identifier: MIT */
/*
 * program_end - how programs end, and what must be gone with them.
 */
#ifndef JUDGE_PROGRAM_END_INTERNAL_H
#define JUDGE_PROGRAM_END_INTERNAL_H

#include "program_internal.h"

#define LEFT_OVER_MS 2000 /* for a program's children to be gone as well */

/* Died of a signal that is nobody's wish, or a sanitizer stopped it. */
bool prog_crashed(struct prog *p);
/* Ends every process below this one, whatever it takes. */
void kill_all(void);
/* The part of that which a signal handler may do. */
void kill_groups(void);

#endif
