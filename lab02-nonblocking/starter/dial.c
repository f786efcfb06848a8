/* SPDX-License-Identifier: MIT */
/*
 * Task 4: one address. Task 5: names with several, and the time they share.
 *
 * dial.h says what is wanted, and draws the states. Begin with a name that has
 * one address: resolve it, begin to connect, and let dial_continue() say how it
 * went. Then put the step "the next address" into a function of its own, which
 * both dial_start() and dial_continue() end with.
 */
#include "dial.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "clock.h"
#include "sock.h"
#include "util.h"

int dial_start(struct dial *d, const char *host_port, int timeout_ms)
{
	/*
	 * addr_split(), getaddrinfo(3), socket(2), connect(2). getaddrinfo has
	 * error codes of its own: which errno is each of them? And what does
	 * connect(2) say on a non-blocking socket when all is well?
	 */
	*d = (struct dial){ .fd = -1 };
	TODO(host_port, timeout_ms);
	return -1;
}

int dial_continue(struct dial *d)
{
	/*
	 * Has this attempt ended? If so, did it work? These are two questions
	 * (connect(2), EINPROGRESS). If it has not ended: is its time over?
	 */
	TODO(d);
	return -1;
}

int dial_fd(const struct dial *d)
{
	TODO(d);
	return -1;
}

int dial_left_ms(const struct dial *d)
{
	TODO(d);
	return 0;
}

void dial_cancel(struct dial *d)
{
	/* What does a dial under way hold? */
	TODO(d);
}
