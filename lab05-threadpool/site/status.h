/* SPDX-License-Identifier: MIT */
/*
 * status - the server's figures, as a page for people and as JSON for programs.
 */
#ifndef LAB05_STATUS_H
#define LAB05_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters.h"
#include "pool.h"

/* Where the figures are; all of it lives as long as this. */
struct status {
	const char *model;
	int64_t started_ms; /* by clock_ms() */
	struct pool *pool;  /* NULL: none */
	size_t loops;
	const struct counters **counters; /* of each loop */
};

/*
 * Writes the page to *TEXT, which the caller frees. Returns its length, or 0
 * (ENOMEM). Any thread.
 */
size_t status_page(const struct status *status, bool json, char **text);

#endif
