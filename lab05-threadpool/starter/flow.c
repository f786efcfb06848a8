/* SPDX-License-Identifier: MIT */
/*
 * Task 6, a challenge: a connection by completions. flow.h says whose each buffer
 * is at each moment; that is most of the work. What to prepare are
 * io_uring_prep_recv_multishot(3) with IOSQE_BUFFER_SELECT and RING_GROUP,
 * io_uring_prep_send(3), io_uring_prep_cancel(3) and io_uring_prep_cancel_fd(3).
 *
 * Write one function that looks at a flow's state and begins what should be in
 * flight, and call it after each completion.
 */
#include "flow.h"

#include <stdlib.h>

#include "buf.h"
#include "util.h"

/* What else has to be known of it: who receives, what ends it? */
struct flow {
	struct flows *all;
	struct list link;
	int fd;
	struct buf inbox;
	struct buf outbox;
	struct operation receive;
	struct operation send;
};

void flow_open(struct flows *all, int fd)
{
	TODO(all, fd);
}

void flows_drain(struct flows *all)
{
	TODO(all);
}

void flows_close(struct flows *all)
{
	TODO(all);
}
