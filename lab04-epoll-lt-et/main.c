/* SPDX-License-Identifier: MIT */
/*
 * mux-server on epoll(7) and io_uring(7): lab 3's program with lab 4's pollers
 * and acceptor.
 */
#include "acceptor.h"
#include "mux/mux_server.h"
#include "poller_epoll.h"
#include "poller_uring.h"

static struct mux *mux;
static struct acceptor acceptor;

static void accepted(struct acceptor *a, int fd)
{
	(void)a;
	/* mux_add() closes a client that it cannot take on. */
	mux_add(mux, fd);
}

static int open_acceptor(struct mux *m, int listener)
{
	mux = m;
	return acceptor_start(&acceptor, mux_loop(m), listener, accepted);
}

static void close_acceptor(void)
{
	acceptor_stop(&acceptor);
}

int main(int argc, char *argv[])
{
	static const struct poller_ops *const pollers[] = {
		&poller_epoll_lt,
		&poller_epoll_et,
		&poller_uring,
		NULL,
	};
	static const struct mux_variant variant = {
		.pollers = pollers,
		.open = open_acceptor,
		.close = close_acceptor,
	};

	return mux_server(argc, argv, &variant);
}
