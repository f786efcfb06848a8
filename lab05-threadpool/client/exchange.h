/* SPDX-License-Identifier: MIT */
/*
 * exchange - what a client needs while it has a request, and only then: some
 * 2 KiB, lent from the first byte to the answer's last.
 */
#ifndef LAB05_EXCHANGE_H
#define LAB05_EXCHANGE_H

#include "site/answer.h"
#include "request.h"

struct exchange {
	struct exchange *next; /* in the list of the spare ones */
	struct request request;
	const char *head; /* NULL until it is whole */
	size_t head_len;
	char *copy;  /* of the head, malloc'd: its body takes longer */
	size_t sent; /* bytes of head and body */
	struct answer answer;
};

#endif
