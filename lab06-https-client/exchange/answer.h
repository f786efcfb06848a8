/* SPDX-License-Identifier: MIT */
/*
 * answer - gives what was read to an exchange's response parser, and what the
 * parser finds to the exchange.
 */
#ifndef LAB06_ANSWER_H
#define LAB06_ANSWER_H

#include "exchange/exchange.h"

enum answer {
	ANSWER_MORE,   /* the final answer is not whole yet */
	ANSWER_WHOLE,  /* it is: exchange_done() */
	ANSWER_FAILED, /* exchange_fail() with x->failure and x->reason */
};

/*
 * LEN bytes have been read, EXCHANGE_CHUNK at most. *CLEAN, if the answer is
 * whole, says whether no byte was behind it.
 */
enum answer answer_take(struct exchange *x, const char *data, size_t len,
			bool *clean);

/* The stream has ended: never ANSWER_MORE. */
enum answer answer_end(struct exchange *x);

/*
 * Has an answer begun that may be the final one? Until then the first byte is
 * waited for: interim answers do not count.
 */
bool answer_begun(const struct exchange *x);

#endif
