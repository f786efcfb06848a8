/* SPDX-License-Identifier: MIT */
/*
 * Numbers and bytes that look random and come from the test's seed, so that a
 * failure can be had again. SplitMix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014): one word of state, so the sender and
 * the receiver of a long exchange each keep a copy and never the bytes.
 *
 *	seed ─ SHA-256 ─┬► numbers, of this test		judge_random()
 *			├► bytes, a stream for each use		pattern_begin()
 *			└► what libchaos is told		random_seed_for()
 *
 * A program sees the bytes, and from two words of SplitMix64 anybody can reckon
 * back to where its stream began. From there no way leads to the seed, to another
 * stream, or to another test: a seed may be secret, and many are graded with one.
 */
#include "random_internal.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sha256.h>
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

/* Where the Nth stream of that KIND begins in this test. */
static uint64_t derived(const char *kind, unsigned int n)
{
	char *text = judge_format("%llu %s/%s %s %u", (unsigned long long)seed,
				  criterion_current_suite->name,
				  criterion_current_test->name, kind, n);
	uint8_t digest[SHA256_DIGEST_LENGTH];
	uint64_t begin;
	SHA256_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)text, strlen(text));
	SHA256Final(digest, &sha);
	memcpy(&begin, digest, sizeof(begin));
	free(text);
	return begin;
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
	state = derived("numbers", 0);
	return seed;
}

uint64_t random_seed_for(unsigned int n)
{
	judge_seed();
	return derived("chaos", n) >> 32;
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
	static unsigned int streams;

	judge_seed();
	p->state = derived("bytes", streams++);
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
