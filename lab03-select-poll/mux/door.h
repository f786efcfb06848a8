/* SPDX-License-Identifier: MIT */
/*
 * door - accepts clients for a mux, one a report. The simple way: lab 4's
 * acceptor is the thorough one.
 */
#ifndef LAB03_DOOR_H
#define LAB03_DOOR_H

#include "mux.h"

/*
 * How long the listener is left alone after accept failed for want of
 * descriptors or memory: milliseconds. The clients wait in its queue.
 */
#define DOOR_PAUSE_MS 100

/* Between two log lines on clients that the mux could not take on: ms. */
#define DOOR_TELL_MS 1000

struct door {
	struct mux *mux;
	struct loop_fd watch;
	struct loop_timer pause;
	int64_t silent_until_ns; /* no line about clients turned away */
};

/*
 * Begins to accept at LISTENER, which stays the caller's, into MUX, which a
 * level-triggered poller runs. Returns 0, or -1 with loop_fd_start()'s errno.
 */
int door_open(struct door *door, struct mux *mux, int listener);

/* Stops accepting. */
void door_close(struct door *door);

#endif
