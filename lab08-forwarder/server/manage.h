/* SPDX-License-Identifier: MIT */
/*
 * manage - the management connections, and what their commands do.
 */
#ifndef LAB08_MANAGE_H
#define LAB08_MANAGE_H

#include <stddef.h>

#include "server/program.h"

/*
 * Management connections at a time; fewer where descriptors are few (program.c).
 * Of more than that, the one that has said nothing for longest is closed.
 */
#define MANAGE_MAX 1024

/*
 * Talks with FD, who came in by the client entry SEAT of S, a rule of mode G.
 * Returns 0, and FD is the callee's; or -1 and it is not, with errno. The first
 * worker's thread, with the lock held.
 */
int manage_open(struct program *p, int fd, struct service *s, int seat);

/* The handler of program->crowded. */
void manage_on_crowded(struct loop_task *task);

/* Ends them all, without the lock. */
void manage_close_all(struct program *p);

#endif
