/* SPDX-License-Identifier: MIT */
/*
 *	        ready: accept one          no descriptor, no memory
 *	   .--> open -----------> open ------------------------------> paused
 *	   |                                                              |
 *	   '------------------------ DOOR_PAUSE_MS -----------------------'
 *
 * While paused, the listener is not watched: it stays readable, and a
 * level-triggered poller would report it over and over.
 */
#include "door.h"

#include <errno.h>
#include <sys/socket.h>

#include "log.h"
#include "util.h"

/* Logs why, but not once for each of a thousand. */
static void tell_refusal(struct door *door)
{
	int64_t now = loop_now_ns(mux_loop(door->mux));

	if (now < door->silent_until_ns)
		return;
	door->silent_until_ns = now + DOOR_TELL_MS * INT64_C(1000000);
	log_warn_errno("mux-server: a client is turned away");
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct door *door = CONTAINER_OF(watch, struct door, watch);
	int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (fd >= 0) {
		if (mux_add(door->mux, fd) < 0)
			tell_refusal(door);
		return;
	}
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
	    errno != ENOMEM)
		return; /* it concerns this one client, which has gone */
	loop_fd_modify(watch, 0);
	loop_timer_start(watch->loop, &door->pause, DOOR_PAUSE_MS);
}

static void on_pause_over(struct loop_timer *timer)
{
	struct door *door = CONTAINER_OF(timer, struct door, pause);

	loop_fd_modify(&door->watch, POLLER_READ);
}

int door_open(struct door *door, struct mux *mux, int listener)
{
	*door = (struct door){ .mux = mux };
	loop_fd_init(&door->watch, on_ready);
	loop_timer_init(&door->pause, on_pause_over);
	return loop_fd_start(mux_loop(mux), &door->watch, listener,
			     POLLER_READ);
}

void door_close(struct door *door)
{
	loop_fd_stop(&door->watch);
	loop_timer_stop(&door->pause);
}
