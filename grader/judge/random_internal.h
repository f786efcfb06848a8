/* SPDX-License-Identifier: MIT */
/*
 * random - bytes from the seed that two sides can make alike.
 */
#ifndef JUDGE_RANDOM_INTERNAL_H
#define JUDGE_RANDOM_INTERNAL_H

#include "judge.h"

struct pattern {
	uint64_t state;
	uint64_t word;
	unsigned int left; /* bytes of word not handed out yet */
};

/*
 * A seed for the N-th program under test. It follows from the judge's and does
 * not tell it: half of its bits are kept back.
 */
uint64_t random_seed_for(unsigned int n);

void pattern_begin(struct pattern *p);
void pattern_fill(struct pattern *p, void *buf, size_t len);

#endif
