/* SPDX-License-Identifier: MIT */
/*
 * ask - what framed-load asks for, and whether the answer is right. Whoever
 * asks knows what must come: a name that is new or taken, a password that is
 * right or wrong.
 */
#ifndef LAB07_LOAD_ASK_H
#define LAB07_LOAD_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "load/load_conn.h"

/*
 * Writes a request of the mix at OUT, which has room for WIRE_REQUEST_MAX
 * bytes, notes in *F what it is, and counts it. Returns its length.
 */
size_t ask_make(struct drive *d, struct flight *f, char *out);

/*
 * Is ANSWER a right one to *F? "Try again later" is, to all but pings. Counts
 * it, and says what is wrong.
 */
bool ask_check(struct drive *d, const struct flight *f,
	       const struct wire_answer *answer);

/* The figures of the code that such a request has. */
struct tally_code *ask_code(struct drive *d, enum flight_kind kind);

#endif
