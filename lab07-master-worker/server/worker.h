/* SPDX-License-Identifier: MIT */
/*
 * worker - the process that serves: one loop, one pool of threads.
 *
 *	           LEAVE                drain_seconds
 *	SERVING ──────────► LEAVING ─────────────────┐
 *	   │                   │                     ▼
 *	   │ STOP, SIGTERM     │ STOP, SIGTERM    CLOSING   between two packets
 *	   ▼                   ▼                     │ WORKER_CLOSING_MS
 *	STOPPING ◄─────────────┘                     │
 *	   │ drain_seconds, CUT                      │
 *	   └──────────────────► CUT ◄────────────────┘
 *
 * Everywhere but in SERVING, the process ends when its last client has gone.
 * LEAVING lets clients go when they like; the others close who has nothing
 * outstanding; CUT closes everybody.
 */
#ifndef LAB07_WORKER_H
#define LAB07_WORKER_H

#include "config/config.h"
#include "listeners/listeners.h"
#include "master.h"
#include "stats/stats.h"

#define WORKER_CLOSING_MS 5000

/*
 * A worker's life, in its process. Returns the status to exit with: 0, or 1 if
 * it could not begin to serve, with a line in the log.
 */
int worker_run(const struct config *config, struct listeners *listeners,
	       struct stats *stats, const struct master_seat *seat);

#endif
