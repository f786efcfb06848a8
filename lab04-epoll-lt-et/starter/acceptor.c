/* SPDX-License-Identifier: MIT */
/*
 * Task 2: accepting, when there is more than one client and less than one
 * descriptor.
 *
 * acceptor.h says what is wanted, common/loop.h what the loop does for you. Two
 * functions of yours will be called by the loop, one when the listener is
 * ready, one when the pause is over. Write the way of a client that is accepted
 * first, then the errors one after the other.
 */
#include "acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

int acceptor_start(struct acceptor *a, struct loop *loop, int listener,
		   acceptor_fn *accepted)
{
	/*
	 * The reserve, the watch, the timer. If the second of these fails,
	 * what becomes of the first?
	 */
	TODO(a, loop, listener, accepted);
	return -1;
}

void acceptor_stop(struct acceptor *a)
{
	/*
	 * Everything that start() took, and that the pause may have changed.
	 * It may be called by the very function that you call.
	 */
	TODO(a);
}
