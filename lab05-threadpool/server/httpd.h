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
 * Serves the files below ROOT (path_open_root()) at LISTENERS, O->loops of them,
 * until a signal ends it: the first SIGTERM or SIGINT drains, for o->drain_ms
 * at most, and the second stops at once. ACCESS is the log, or NULL. SIGHUP
 * opens o->root anew, and the log; SIGUSR1 only the log. Calls READY when it begins to accept connections. The descriptors
 * and the log stay the caller's. Raises the soft limit of descriptors
 * (RLIMIT_NOFILE) to the hard one. Once in a process, by its main thread.
 *
 * Returns 0, or -1 with errno if it cannot start.
 */
int httpd_run(const struct options *o, int root, struct access *access,
	      const int listeners[], void (*ready)(const int listeners[]));

#endif
