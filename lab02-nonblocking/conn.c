/* SPDX-License-Identifier: MIT */
/*
 * The state of a connection is four facts that only ever go one way, so they
 * are kept as facts and not as one number:
 *
 *	reading		eof		false --> true, at the peer's FIN
 *	writing		finishing	false --> true, in conn_finish()
 *			finished	false --> true, once `out` is empty
 *	life		fd		>= 0  --> -1, in conn_close()
 *
 * EAGAIN is where every path through this file ends in the normal case: it
 * says "not now", and the connection is as good as before.
 */
#include "conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

void conn_init(struct conn *c, int fd, size_t ceiling)
{
	*c = (struct conn){ .fd = fd };
	buf_init(&c->in, ceiling);
	buf_init(&c->out, ceiling);
}

void conn_close(struct conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	buf_free(&c->in);
	buf_free(&c->out);
}

bool conn_wants_read(const struct conn *c)
{
	return !c->eof && buf_room(&c->in) > 0 && buf_room(&c->out) > 0;
}

bool conn_wants_write(const struct conn *c)
{
	return buf_len(&c->out) > 0 || (c->finishing && !c->finished);
}

bool conn_done(const struct conn *c)
{
	return c->eof && c->finished;
}

ssize_t conn_read(struct conn *c)
{
	size_t want = MIN(buf_room(&c->in), (size_t)CONN_CHUNK);
	void *into = buf_reserve(&c->in, want);
	ssize_t n;

	if (!into)
		return -1;
	do
		n = recv(c->fd, into, want, 0);
	while (n < 0 && errno == EINTR);
	buf_commit(&c->in, n > 0 ? (size_t)n : 0);
	if (n == 0)
		c->eof = true;
	return n;
}

enum conn_drained conn_drain(struct conn *c, size_t budget)
{
	size_t got = 0;

	while (got < budget) {
		ssize_t n = conn_read(c);

		if (n > 0)
			got += (size_t)n;
		else if (n == 0)
			return CONN_EOF;
		else if (errno == EAGAIN)
			return CONN_DRAINED;
		else if (errno == ENOBUFS)
			return CONN_MORE;
		else
			return CONN_LOST;
	}
	return CONN_MORE;
}

/*
 * Sends what the socket takes of the N bytes at DATA. Returns how many those
 * were, 0 if there is no room at all, or -1.
 */
static ssize_t send_some(struct conn *c, const void *data, size_t n)
{
	ssize_t sent;

	do
		sent = send(c->fd, data, n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && errno == EAGAIN)
		return 0;
	return sent;
}

int conn_send(struct conn *c, const void *data, size_t n)
{
	ssize_t sent = 0;

	if (c->finishing) {
		errno = EPIPE;
		return -1;
	}
	if (n > buf_room(&c->out)) {
		errno = ENOBUFS;
		return -1;
	}
	/* What waits in `out` goes first, or the bytes would change places. */
	if (n > 0 && buf_len(&c->out) == 0) {
		sent = send_some(c, data, n);
		if (sent < 0)
			return -1;
	}
	if ((size_t)sent == n)
		return 0;
	return buf_append(&c->out, (const char *)data + sent, n - (size_t)sent);
}

/* Tells the peer the end if all is said. */
static int tell_end(struct conn *c)
{
	if (!c->finishing || c->finished || buf_len(&c->out) > 0)
		return 0;
	c->finished = true;
	return shutdown(c->fd, SHUT_WR);
}

int conn_flush(struct conn *c)
{
	while (buf_len(&c->out) > 0) {
		size_t left = buf_len(&c->out);
		ssize_t sent = send_some(c, buf_data(&c->out), left);

		if (sent < 0)
			return -1;
		buf_consume(&c->out, (size_t)sent);
		if ((size_t)sent < left)
			return 0;
	}
	return tell_end(c);
}

int conn_finish(struct conn *c)
{
	c->finishing = true;
	return tell_end(c);
}
