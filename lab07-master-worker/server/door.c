/* SPDX-License-Identifier: MIT */
/*
 * Lab 4's acceptor does the accepting, also out of descriptors. All that is
 * added is to start and stop several of them, and the last look at a queue.
 *
 * An acceptor that cannot be started, because its spare descriptor cannot be
 * had, is tried again after a while: the clients wait in the queue meanwhile.
 */
#include "door.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

struct entrance {
	struct acceptor acceptor;
	struct door *door;
	int fd; /* -1: closed */
	bool open;
};

struct door {
	struct loop *loop;
	struct loop_timer again;
	const struct door_ops *ops;
	void *arg;
	bool paused;
	bool leaving;
	size_t count;
	struct entrance entrances[];
};

static void on_accepted(struct acceptor *a, int fd)
{
	struct entrance *e = CONTAINER_OF(a, struct entrance, acceptor);

	e->door->ops->came(e->door->arg, fd);
}

static bool on_shortage(struct acceptor *a)
{
	struct entrance *e = CONTAINER_OF(a, struct entrance, acceptor);

	return e->door->ops->shortage(e->door->arg);
}

static void stop(struct entrance *e)
{
	if (e->open)
		acceptor_stop(&e->acceptor);
	e->open = false;
}

static void close_entrance(struct entrance *e)
{
	stop(e);
	if (e->fd >= 0)
		close(e->fd);
	e->fd = -1;
}

/* Starts all that are not; returns -1 with errno if one could not be. */
static int start_all(struct door *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct entrance *e = &d->entrances[i];

		if (e->open || e->fd < 0)
			continue;
		if (acceptor_start(&e->acceptor, d->loop, e->fd, on_accepted) <
		    0)
			return -1;
		e->acceptor.shortage = on_shortage;
		e->open = true;
	}
	return 0;
}

/* Lets in who waits at E. Returns whether the queue is empty now. */
static bool empty(struct entrance *e)
{
	struct door *d = e->door;
	int fd;

	while (!d->paused) {
		fd = accept4(e->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			d->ops->came(d->arg, fd);
		else if (errno == EAGAIN)
			return true;
		else if (errno != EINTR && errno != ECONNABORTED)
			return false;
	}
	return false;
}

bool door_closed(const struct door *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->entrances[i].fd >= 0)
			return false;
	return true;
}

static void leave(struct door *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct entrance *e = &d->entrances[i];

		if (e->fd >= 0 && empty(e))
			close_entrance(e);
	}
	if (door_closed(d))
		d->ops->left(d->arg);
	else if (!d->paused)
		loop_timer_start(d->loop, &d->again, ACCEPTOR_PAUSE_MS);
}

static void on_again(struct loop_timer *timer)
{
	struct door *d = CONTAINER_OF(timer, struct door, again);

	if (d->leaving)
		leave(d);
	else
		door_resume(d);
}

void door_pause(struct door *d)
{
	d->paused = true;
	loop_timer_stop(&d->again);
	for (size_t i = 0; i < d->count; i++)
		stop(&d->entrances[i]);
}

void door_resume(struct door *d)
{
	if (d->leaving && d->paused)
		loop_timer_start(d->loop, &d->again, 0);
	d->paused = false;
	if (!d->leaving && start_all(d) < 0)
		loop_timer_start(d->loop, &d->again, ACCEPTOR_PAUSE_MS);
}

void door_leave(struct door *d)
{
	if (d->leaving)
		return;
	d->leaving = true;
	for (size_t i = 0; i < d->count; i++)
		stop(&d->entrances[i]);
	leave(d);
}

struct door *door_open(struct loop *loop, const int *fds, size_t count,
		       const struct door_ops *ops, void *arg)
{
	struct door *d = calloc(1, sizeof(*d) + count * sizeof(*d->entrances));

	if (!d)
		return NULL;
	d->loop = loop;
	d->ops = ops;
	d->arg = arg;
	d->count = count;
	loop_timer_init(&d->again, on_again);
	for (size_t i = 0; i < count; i++) {
		d->entrances[i].door = d;
		d->entrances[i].fd = fds[i];
	}
	if (start_all(d) == 0)
		return d;
	door_destroy(d);
	return NULL;
}

void door_destroy(struct door *d)
{
	if (!d)
		return;
	loop_timer_stop(&d->again);
	for (size_t i = 0; i < d->count; i++)
		close_entrance(&d->entrances[i]);
	free(d);
}
