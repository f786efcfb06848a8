/* SPDX-License-Identifier: MIT */
/*
 * valgrind_log - what Valgrind says of a program and its children.
 */
#ifndef JUDGE_VALGRIND_LOG_INTERNAL_H
#define JUDGE_VALGRIND_LOG_INTERNAL_H

#include <stddef.h>

#include "program_internal.h"

/* What came on one connection: a process's, and those that it has forked. */
struct valgrind_log {
	char *text; /* a string */
	size_t len;
	struct valgrind_log *next;
};

/* Opens P's log, before P is started: the port of 127.0.0.1 to connect to. */
int valgrind_log_open(struct prog *p);
/*
 * The logs of P, which has ended, in the order in which they were begun; the
 * first is that of the first process. P keeps them.
 */
const struct valgrind_log *valgrind_logs(struct prog *p);

#endif
