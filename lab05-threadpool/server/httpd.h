/* SPDX-License-Identifier: MIT */
/*
 * httpd - all of the server: its loops, its pool, its end.
 *
 * The first SIGTERM or SIGINT lets it finish what was begun, the second one
 * ends it at once.
 */
#ifndef LAB05_HTTPD_H
#define LAB05_HTTPD_H

#include "client/access.h"
#include "options.h"

/*
 * Serves at LISTENERS, O->loops of them, which stay the caller's, what lies
 * below ROOT (path_open_root()), until a signal ends it: of SIGTERM and SIGINT
 * the first drains, for o->drain_ms at most, and the second stops at once.
 * ACCESS is the log, also the caller's, or NULL; SIGUSR1 has it reopened. READY
 * is called when connections are taken. Raises the limit of descriptors
 * (RLIMIT_NOFILE) as far as it may. Once in a process, by its main thread.
 *
 * Returns 0, or -1 with errno if it cannot start.
 */
int httpd_run(const struct options *o, int root, struct access *access,
	      const int listeners[], void (*ready)(const int listeners[]));

#endif
