/* SPDX-License-Identifier: MIT */
/*
 * One array of clients, dense: the clients that are there are [0, n), and the
 * last takes the place of one that goes. The round goes over it from the back,
 * so that the client moved into a freed place has had its turn already.
 *
 *	accept until EAGAIN -> serve each client a budget -> again, for ever
 */
#include "spin.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "conn.h"
#include "sock.h"
#include "util.h"

struct spin {
	int listener;
	const struct spin_limits *limits;
	struct conn *clients;
	size_t n;
};

/*
 * Only these say that there is no listener to accept from. All other errors of
 * accept(2) are about one client that has gone, or a shortage that will end.
 */
static bool is_broken(int error)
{
	return error == EBADF || error == EINVAL || error == ENOTSOCK ||
	       error == EOPNOTSUPP;
}

/*
 * Takes the clients that wait, as many as there is place for. Returns 0, or -1
 * if the listener is broken.
 */
static int accept_clients(struct spin *s)
{
	while (s->n < s->limits->clients) {
		int fd = accept4(s->listener, NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			conn_init(&s->clients[s->n++], fd, s->limits->ceiling);
		else if (errno == EINTR || errno == ECONNABORTED)
			continue;
		else
			return is_broken(errno) ? -1 : 0;
	}
	return 0;
}

/* Moves what was received to where it is sent from, as far as there is room. */
static int echo(struct conn *c)
{
	size_t n = MIN(buf_len(&c->in), buf_room(&c->out));

	if (n > 0 && conn_send(c, buf_data(&c->in), n) < 0)
		return -1;
	buf_consume(&c->in, n);
	if (c->eof && buf_len(&c->in) == 0 && !c->finishing)
		return conn_finish(c);
	return 0;
}

/* One client's turn. Returns false once it is to be closed. */
static bool serve_client(struct conn *c)
{
	if (conn_wants_write(c) && conn_flush(c) < 0)
		return false;
	if (conn_wants_read(c) && conn_drain(c, SPIN_BUDGET) == CONN_LOST)
		return false;
	return echo(c) == 0 && !conn_done(c);
}

static void serve_clients(struct spin *s)
{
	for (size_t i = s->n; i-- > 0;) {
		if (serve_client(&s->clients[i]))
			continue;
		conn_close(&s->clients[i]);
		s->clients[i] = s->clients[--s->n];
	}
}

int spin_serve(int listener, const struct spin_limits *limits,
	       const volatile sig_atomic_t *stop)
{
	struct spin s = { .listener = listener, .limits = limits };
	int ret = 0;
	int error;

	s.clients = calloc(limits->clients, sizeof(*s.clients));
	if (!s.clients)
		return -1;
	if (sock_set_nonblock(listener, true) < 0)
		ret = -1;
	while (ret == 0 && !*stop) {
		ret = accept_clients(&s);
		if (ret == 0)
			serve_clients(&s);
	}
	error = errno;
	while (s.n > 0)
		conn_close(&s.clients[--s.n]);
	free(s.clients);
	errno = error;
	return ret;
}
