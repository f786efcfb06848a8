/* SPDX-License-Identifier: MIT */
/*
 * Numbers and bytes that look random and come from the test's seed, so that a
 * failure can be had again. SplitMix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014): one word of state, so the sender and
 * the receiver of a long exchange each keep a copy and never the bytes.
 */
#include "random_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "failure_internal.h"

static uint64_t seed, state;
static bool seeded;

static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t judge_seed(void)
{
	const char *s = getenv("JUDGE_SEED");

	if (seeded)
		return seed;
	if (s && *s)
		seed = strtoull(s, NULL, 10);
	else if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		judge_infra("getrandom");
	else
		seed %= 1000000000; /* one that can be typed */
	seeded = true;
	state = seed;
	return seed;
}

uint64_t random_seed_for(unsigned int n)
{
	uint64_t s = judge_seed() + ((uint64_t)n << 32);

	s = next(&s);
	return next(&s) >> 32;
}

uint64_t judge_random(void)
{
	judge_seed();
	return next(&state);
}

size_t judge_random_between(size_t lo, size_t hi)
{
	if (hi <= lo)
		return lo;
	return lo + (size_t)(judge_random() % ((uint64_t)(hi - lo) + 1));
}

void pattern_begin(struct pattern *p)
{
	p->state = judge_random();
	p->left = 0;
}

void pattern_fill(struct pattern *p, void *buf, size_t len)
{
	unsigned char *to = buf;

	for (; len && p->left; len--, p->left--) {
		*to++ = (unsigned char)p->word;
		p->word >>= 8;
	}
	for (; len >= sizeof(p->word); len -= sizeof(p->word)) {
		uint64_t word = next(&p->state);

		memcpy(to, &word, sizeof(word));
		to += sizeof(word);
	}
	if (len) {
		p->word = next(&p->state);
		p->left = sizeof(p->word);
		pattern_fill(p, to, len);
	}
}

void *judge_bytes(size_t len)
{
	void *buf = judge_alloc(len);
	struct pattern p;

	pattern_begin(&p);
	pattern_fill(&p, buf, len);
	return buf;
}
