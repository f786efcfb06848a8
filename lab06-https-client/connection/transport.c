/* SPDX-License-Identifier: MIT */
/*
 * A read that gets less than it asked for has emptied the socket; what comes
 * after it is a new edge. That saves the second recv(2), which would only say
 * EAGAIN. But the end of the stream is no bytes: once it was reported (`hung`),
 * reading goes on until it is seen.
 */
#include "transport.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

#define READS_MAX 4 /* recv(2)s of TLS in a turn */
#define QUIET_MAX 8 /* reads to find out that nothing is there */

void transport_init(struct transport *t)
{
	*t = (struct transport){ .fd = -1 };
}

void transport_ready(struct transport *t, unsigned int ready)
{
	bool may_read = ready & (POLLER_READ | POLLER_RDHUP);

	/* A read of TLS that had to write first can go on. */
	if (t->tls.ssl && t->tls.wants == POLLER_WRITE)
		may_read |= ready & POLLER_WRITE;
	t->hung |= ready & POLLER_RDHUP;
	/* A second failure would say EPIPE, and hide why. */
	t->writable |= !t->write_error && (ready & POLLER_WRITE);
	t->readable |= may_read;
	if (may_read)
		handshake_readable(&t->tls);
}

/* Never more than a few recv(2), whatever TLS has to tell itself. */
static struct handshake *begin_turn(struct transport *t)
{
	t->tls.wire.reads = 0;
	t->tls.wire.reads_max = READS_MAX;
	return &t->tls;
}

/* EAGAIN: is it the turn that is over, and not what there is to read? */
static bool is_turn_over(const struct handshake *h)
{
	return errno == EAGAIN && !h->wire.drained && h->wants == POLLER_READ;
}

int transport_shake(struct transport *t)
{
	struct handshake *h = begin_turn(t);
	int result = handshake_step(h);

	if (result == 0)
		t->readable = !handshake_drained(h) || t->hung;
	else
		t->readable = is_turn_over(h);
	return result;
}

static ssize_t read_tls(struct transport *t, char *data, size_t size)
{
	struct handshake *h = begin_turn(t);
	ssize_t n = handshake_read(h, data, size);

	if (n > 0)
		t->readable = !handshake_drained(h) || t->hung;
	else
		t->readable = n < 0 && is_turn_over(h);
	return n;
}

ssize_t transport_read(struct transport *t, char *data, size_t size)
{
	ssize_t n;

	if (t->tls.ssl)
		return read_tls(t, data, size);
	do
		n = recv(t->fd, data, size, 0);
	while (n < 0 && errno == EINTR);
	t->readable = n == (ssize_t)size || (n > 0 && t->hung);
	t->tls.wire.in += MAX(n, (ssize_t)0);
	return n;
}

static ssize_t write_plain(struct transport *t, struct slice bytes)
{
	ssize_t n;

	do
		n = send(t->fd, bytes.p, bytes.len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	t->tls.wire.out += MAX(n, (ssize_t)0);
	return n;
}

ssize_t transport_write(struct transport *t, struct slice bytes)
{
	uint64_t out = t->tls.wire.out;
	ssize_t n = t->tls.ssl ? handshake_write(&t->tls, bytes.p, bytes.len)
			       : write_plain(t, bytes);

	/* What TLS could not send may have left in part. */
	t->touched |= n > 0 || t->tls.wire.out != out;
	if (n >= 0)
		return n;
	if (errno != EAGAIN)
		t->write_error = errno;
	/* Only a write of TLS that waits to read leaves this as it is. */
	if (errno != EAGAIN || !t->tls.ssl || t->tls.wants == POLLER_WRITE)
		t->writable = false;
	return n;
}

bool transport_is_quiet(struct transport *t, char *scratch, size_t size)
{
	for (int i = 0; t->readable; i++)
		if (i == QUIET_MAX || transport_read(t, scratch, size) >= 0 ||
		    errno != EAGAIN)
			return false;
	return true;
}

void transport_close(struct transport *t)
{
	handshake_close(&t->tls);
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
