/* SPDX-License-Identifier: MIT */
/*
 * interrupt - SIGINT and SIGTERM. Before a run either of them is the end. In a
 * run the first one asks for it, and the second one is it, whatever is being
 * done then: a report may block for ever in a pipe that nobody reads.
 *
 * All of it is for the main thread.
 */
#ifndef LAB06_INTERRUPT_H
#define LAB06_INTERRUPT_H

/* From now on one of them ends the process, with status 130 or 143. */
void interrupt_init(void);

/*
 * A run is to begin: from now on the first one only makes a descriptor
 * readable, which the caller closes when no more can come. Both are blocked, so
 * that no other thread, made now, takes them.
 *
 * Returns the descriptor, or -1 with errno.
 */
int interrupt_open(void);

/* The other threads are there: the main thread takes the signals. */
void interrupt_unblock(void);

/* The first that came; 0: none. */
int interrupt_first(void);

#endif
