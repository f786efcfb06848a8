/* SPDX-License-Identifier: MIT */
/*
 * fuzz_case - plays scripts on both players in a child process, so that a
 * crash of uepoll is a finding like any other.
 */
#ifndef FUZZ_CASE_H
#define FUZZ_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "uepoll_script.h"

struct fuzz_result {
	unsigned long long ops, scripts; /* played */
	bool inject;			 /* some in the middle of a copy */
	bool failed;			 /* and then, the script that did: */
	uint64_t seed;
	size_t len;
};

/* Plays random scripts, OPS operations in all, up to the first that fails. */
struct fuzz_result fuzz_run(uint64_t seed, unsigned long long ops);

/*
 * Plays S. The index of the first operation where the answers differ, or
 * uepoll crashes or hangs; -1 if there is none.
 */
long fuzz_fails_at(const struct uscript *s);

/*
 * Makes S, which fails, shorter: pieces are taken out, large ones first, as
 * long as some failure stays.
 */
void fuzz_shrink(struct uscript *s);

/* PLAY(S) in a child process; false if that does not come to its end. */
bool fuzz_in_child(void (*play)(const struct uscript *s),
		   const struct uscript *s);

/*
 * Prints S with what the kernel answers behind "=>". BOTH: and where uepoll's
 * answer is another, that one, too.
 */
void fuzz_print(const struct uscript *s, FILE *out, bool both);

#endif
