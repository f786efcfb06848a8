/* SPDX-License-Identifier: MIT */
/*
 * scope_code - what an operation of a script is in C, and where in the kernel
 * it leads.
 */
#ifndef SCOPE_CODE_H
#define SCOPE_CODE_H

#include <stddef.h>

#include "scope_play.h"

#define SCOPE_CALLS 8

/* A function of Linux 6.18. */
struct scope_call {
	const char *function, *source; /* "ep_insert", "fs/eventpoll.c" */
};

/*
 * OP, which P has just played, as a line of C. Names of the script stand for
 * variables that hold descriptors.
 */
void scope_code(char *code, size_t size, const struct scope_play *p,
		const struct uop *op);

/*
 * The kernel's functions that OP, which P has just played, leads through, in
 * the order of the calls: fills CALL, of SCOPE_CALLS; returns how many. ANSWER
 * is what it gave: one that was refused did not come far.
 */
int scope_calls(struct scope_call *call, const struct scope_play *p,
		const struct uop *op, const char *answer);

#endif
