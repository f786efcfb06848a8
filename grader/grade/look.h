/* SPDX-License-Identifier: MIT */
/*
 * look - whether code has changed, where the file system does not tell.
 */
#ifndef GRADE_LOOK_H
#define GRADE_LOOK_H

#include <stdbool.h>

#include "lab.h"

struct look;

/*
 * Whether the folder of LAB may change without an event: file systems of a
 * network, or of a virtual machine's host, know nothing of what others write.
 */
bool look_is_needed(const struct lab *lab);

/*
 * Remembers the code of ONLY and of the modules that it uses; with NULL, of all
 * LABS, each by itself. Both have to stay. Free it with look_end().
 */
struct look *look_begin(const struct labs *labs, struct lab *only);

/* The first lab whose code is not what it was at the last look; NULL: none. */
struct lab *look_again(struct look *look);

/* NULL is fine. */
void look_end(struct look *look);

#endif
