/* SPDX-License-Identifier: MIT */
/* traps - listeners whose connections never get as far as a request. */
#ifndef LAB06_PRACTICE_TRAPS_H
#define LAB06_PRACTICE_TRAPS_H

#include "practice/options.h"

/*
 * A non-blocking listener at ADDRESS, numeric; BACKLOG negative: the address is
 * bound, and that is all. The descriptor, or -1 with errno.
 */
int traps_listen(const char *address, int backlog);

/* A listener of the kind TRAP at the host of ADDRESS, on any port. As above. */
int traps_open(const char *address, enum trap trap);

/*
 * Closes those that never accept: a client that waits there is refused when its
 * SYN is sent again. Any thread.
 */
void traps_drop(void);

#endif
