/* SPDX-License-Identifier: MIT */
/*
 * Task 6, a challenge: an echo server by completions. completion.h says what it
 * must do, the handout why. ring/ring.h has the ring, its operations and the
 * provided buffers; what to prepare are io_uring_prep_multishot_accept(3),
 * io_uring_prep_poll_add(3) for STOP, and io_uring_prep_cancel(3).
 *
 * A way that works: the run with STOP alone; then accept, and flows that only
 * receive; then their sends; then what goes wrong; the drain last.
 */
#include "completion.h"

#include <errno.h>
#include <stdlib.h>

#include "flow.h"
#include "ring/ring.h"
#include "util.h"

/*
 * What the server asks of the kernel: an operation each, with a function that
 * is called when it completes.
 */
struct completion {
	struct ring ring;
	struct flows flows;
	int listener;
	struct operation accept;
	struct operation stop;
};

struct completion *completion_create(int listener, int stop,
				     const struct completion_options *options)
{
	/* What is in flight before the first completion can come? */
	TODO(listener, stop, options);
	return NULL;
}

int completion_run(struct completion *c)
{
	/*
	 * io_uring_submit_and_wait(3), then the completions that are there:
	 * each names its operation. Is that in flight still? When is it over?
	 */
	TODO(c);
	return -1;
}

void completion_destroy(struct completion *c)
{
	TODO(c);
}
