/* SPDX-License-Identifier: MIT */
/*
 * manage - the management connections, and what their commands do.
 */
#ifndef LAB08_MANAGE_H
#define LAB08_MANAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/program.h"

/*
 * Management connections at a time: so many at most, and no more than there are
 * descriptors beside those of the sessions that run or may come in one round,
 * but so many at least.
 */
#define MANAGE_MAX 1024
#define MANAGE_MIN 16

/*
 * What has no other note is for the first worker's thread, without the lock. The
 * manager that makes room is the one whose last command, or whose arrival, is
 * the longest ago.
 */

/*
 * Talks with the client at FD, whom the entry SEAT of S, a rule of mode G, let in.
 * FD is the callee's. If there are as many as may be, another one makes room.
 */
void manage_open(struct program *p, int fd, struct service *s, int seat);

/* Whether there are more of them than may be. Any thread, with the lock. */
bool manage_is_crowded(const struct program *p);

/* As many make room as are too many. */
void manage_fit(struct program *p);

/*
 * Descriptors are short: two of them make room, for a client and its server,
 * unless there are MANAGE_MIN or fewer. Returns whether one did.
 */
bool manage_make_room(struct program *p);

/* The same as tasks that other workers post: p->crowd, p->shortage. */
void manage_on_crowd(struct loop_task *task);
void manage_on_shortage(struct loop_task *task);

/* Ends them all. */
void manage_close_all(struct program *p);

#endif
