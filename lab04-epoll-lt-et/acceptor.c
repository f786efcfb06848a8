/* SPDX-License-Identifier: MIT */
/*
 * Only two errors of accept4(2) may be tried again at once, because only they
 * are about one client who is gone. After any other, the same client may still
 * be at the head of the queue, and a second try would fail in the same way, as
 * would a million more. So there is a pause; and none of the errors has to be
 * known by name to be harmless.
 *
 * The budget bounds what a burst of connects may take from the other
 * descriptors of the loop.
 */
#include "acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Accepts nothing for a while. */
static void rest(struct acceptor *a)
{
	loop_fd_modify(&a->watch, 0);
	loop_timer_start(a->watch.loop, &a->pause, ACCEPTOR_PAUSE_MS);
}

/* Tells the client at the head of the queue that there is no place. */
static void turn_away(struct acceptor *a)
{
	int fd;

	if (a->reserve < 0)
		return;
	close(a->reserve);
	fd = accept4(a->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	a->reserve = open_reserve();
}

/*
 * Deals with the error of an accept4(2). Returns true if there may be more to
 * accept now.
 */
static bool after_error(struct acceptor *a, int error)
{
	switch (error) {
	case EAGAIN:
		return false;
	case EINTR:
	case ECONNABORTED:
		return true;
	case EMFILE:
	case ENFILE:
		if (a->shortage && a->shortage(a))
			return true;
		turn_away(a);
		break;
	}
	rest(a);
	return false;
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct acceptor *a = CONTAINER_OF(watch, struct acceptor, watch);

	(void)ready;
	for (int i = 0; i < ACCEPTOR_BUDGET; i++) {
		int fd = accept4(watch->fd, NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && !after_error(a, errno))
			return;
		if (fd >= 0)
			a->accepted(a, fd);
		if (!loop_fd_started(watch))
			return; /* accepted() has stopped us */
	}
	loop_fd_again(watch, POLLER_READ);
}

static void on_pause_over(struct loop_timer *timer)
{
	struct acceptor *a = CONTAINER_OF(timer, struct acceptor, pause);

	if (a->reserve < 0)
		a->reserve = open_reserve();
	loop_fd_modify(&a->watch, POLLER_READ);
}

int acceptor_start(struct acceptor *a, struct loop *loop, int listener,
		   acceptor_fn *accepted)
{
	loop_fd_init(&a->watch, on_ready);
	loop_timer_init(&a->pause, on_pause_over);
	a->accepted = accepted;
	a->shortage = NULL;
	a->reserve = open_reserve();
	if (a->reserve < 0)
		return -1;
	if (loop_fd_start(loop, &a->watch, listener, POLLER_READ) == 0)
		return 0;
	close(a->reserve);
	a->reserve = -1;
	return -1;
}

void acceptor_stop(struct acceptor *a)
{
	loop_fd_stop(&a->watch);
	loop_timer_stop(&a->pause);
	if (a->reserve >= 0)
		close(a->reserve);
	a->reserve = -1;
}
