/* SPDX-License-Identifier: MIT */
/*
 * draw - random numbers for samples: SplitMix64, so that a seed means the same
 * sample everywhere.
 */
#ifndef GRADE_DRAW_H
#define GRADE_DRAW_H

#include <stdint.h>

/* The next number; *STATE is the seed to begin with. */
uint64_t draw_random(uint64_t *state);

#endif
