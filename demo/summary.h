/* SPDX-License-Identifier: MIT */
/*
 * summary - what it came to, and how to go on by hand.
 */
#ifndef DEMO_SUMMARY_H
#define DEMO_SUMMARY_H

#include "clients.h"
#include "cluster.h"
#include "story.h"

/*
 * Prints the requests, the failures, and commands to try. A failed HTTP request
 * is accounted for if there is a connection that the killed server had: each
 * carries one request at a time.
 *
 * Returns the exit status: 0 if all went well and nothing else has failed, 1 if
 * not, with the reason on standard error.
 */
int summary_print(const struct load *loads, const struct cluster *c,
		  const struct story *story);

#endif
