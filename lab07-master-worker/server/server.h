/* SPDX-License-Identifier: MIT */
/*
 * server - framed as a whole: what is done before there are workers, and what
 * the master does for them.
 */
#ifndef LAB07_SERVER_H
#define LAB07_SERVER_H

#include "server/options.h"

/*
 * Runs framed as O says, until it is told to stop. Prints "listening on
 * HOST:PORT" for each address when all workers serve. As a daemon, it returns in
 * the daemon only.
 *
 * Returns the status to exit with: 0, or 1 with a line on standard error.
 */
int server_run(const struct options *o);

#endif
