/* SPDX-License-Identifier: MIT */
/*
 * worker - a thread with a loop, and the connections that it carries. All
 * workers watch all listeners, but for those of management: these, and the
 * signals, checks and commands, are the first worker's, the main thread.
 *
 * What is not the worker's own is guarded by the program's lock. No worker
 * calls into the loop of another one: it posts a task to it.
 */
#ifndef LAB08_WORKER_H
#define LAB08_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "acceptor.h"
#include "list.h"
#include "loop.h"
#include "relay.h"
#include "server/lines.h"
#include "server/listeners.h"

struct program;

struct worker {
	struct program *program;
	size_t index;
	pthread_t thread; /* not of the first */
	struct loop *loop;
	struct relay_place place;
	struct pipes pipes;
	struct lines lines;
	struct list gates;	 /* the listeners that it watches */
	struct list connections; /* guarded by the lock, as is the next */
	struct list granted;	 /* those that a server waits for */
	struct loop_task sync, sweep, grant, resume; /* posted */
	struct loop_timer again; /* a listener could not be watched */
	bool paused; /* it accepts nobody: as many as may be are here */
	int parked;  /* one who came all the same; -1: nobody */
	struct listener *parked_at;
};

/* Makes *W ready to run. Returns 0, or -1 with errno; worker_close() then. */
int worker_open(struct worker *w, struct program *p, size_t index);

/* Frees all of it; no connection is left. */
void worker_close(struct worker *w);

/* Watches the listeners that the table has, and no others. W's thread. */
void worker_sync(struct worker *w);

/* Ends the connections that are marked to be ended. W's thread. */
void worker_sweep(struct worker *w);

/* Accepts no more clients for forwarding, until the task resume. W's thread. */
void worker_pause(struct worker *w);

#endif
