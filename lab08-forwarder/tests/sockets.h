/* SPDX-License-Identifier: MIT */
/*
 * sockets - which options the sockets of a program have, as far as the kernel or
 * the other end of the wire shows it.
 */
#ifndef LAB08_TESTS_SOCKETS_H
#define LAB08_TESTS_SOCKETS_H

#include "between.h"

/*
 * Waits until the connection from LOCAL to REMOTE, which is the program's, is
 * going to be probed (SO_KEEPALIVE), in a minute at most. Both are written as
 * "127.0.0.1:80"; NULL: any.
 */
void sockets_probed(const char *local, const char *remote);

/*
 * A second short message must not wait for the acknowledgement of the first one
 * (TCP_NODELAY) on its way from FROM to TO through the program. A and B are the
 * ends of another connection through the same thread.
 */
void sockets_hold_nothing(struct peer *from, struct peer *to, struct peer *a,
			  struct peer *b);

#endif
