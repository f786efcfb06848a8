/* SPDX-License-Identifier: MIT */
/*
 * fuzz_generate - random scripts.
 */
#ifndef FUZZ_GENERATE_H
#define FUZZ_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "uepoll_script.h"

/* A generator of random numbers (splitmix64); the state is the seed. */
uint64_t fuzz_random(uint64_t *state);

/*
 * Appends OPS random operations, or fewer, to the empty script S. INJECT: waits may have
 * an operation in the middle of their copy. The same seed gives the same
 * script. Each script draws its own character first: how many files, epolls
 * and duplicates, and which flags are frequent.
 */
void fuzz_generate(struct uscript *s, uint64_t seed, size_t ops, bool inject);

#endif
