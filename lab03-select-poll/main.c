/* SPDX-License-Identifier: MIT */
/*
 * mux-server on select(2) and poll(2): what is lab 3's, tied together.
 */
#include "mux/door.h"
#include "mux/mux_server.h"
#include "poller_poll.h"
#include "poller_select.h"

static struct door door;

static int open_door(struct mux *mux, int listener)
{
	return door_open(&door, mux, listener);
}

static void close_door(void)
{
	door_close(&door);
}

int main(int argc, char *argv[])
{
	static const struct poller_ops *const pollers[] = {
		&poller_select,
		&poller_poll,
		NULL,
	};
	static const struct mux_variant variant = {
		.pollers = pollers,
		.open = open_door,
		.close = close_door,
	};

	return mux_server(argc, argv, &variant);
}
