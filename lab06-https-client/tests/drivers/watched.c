/* SPDX-License-Identifier: MIT */
#include "watched.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>

bool watched_litters, watched_dirty;

void watched_before(void)
{
	if (watched_litters)
		ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH);
}

void watched_after(void)
{
	if (ERR_peek_error())
		watched_dirty = true;
}

int watched_step(struct slot *s)
{
	int ret, error;

	watched_before();
	ret = handshake_step(&s->h);
	error = errno;
	watched_after();
	errno = error;
	return ret;
}

ssize_t watched_read(struct slot *s, void *data, size_t size)
{
	ssize_t n;
	int error;

	watched_before();
	n = handshake_read(&s->h, data, size);
	error = errno;
	watched_after();
	errno = error;
	return n;
}

ssize_t watched_write(struct slot *s, const void *data, size_t len)
{
	ssize_t n;
	int error;

	watched_before();
	n = handshake_write(&s->h, data, len);
	error = errno;
	watched_after();
	errno = error;
	return n;
}

bool watched_wait(struct slot *s)
{
	struct pollfd p = { .fd = s->fd };

	if (errno != EAGAIN)
		return false;
	if (s->h.wants == POLLER_READ)
		p.events = POLLIN;
	else if (s->h.wants == POLLER_WRITE)
		p.events = POLLOUT;
	poll(&p, 1, -1);
	return true;
}

ssize_t watched_write_all(struct slot *s, const char *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = watched_write(s, data + done, len - done);
		if (n > 0)
			done += n;
		else if (!watched_wait(s))
			return -1;
	}
	return done;
}

ssize_t watched_read_all(struct slot *s, char *data, size_t size)
{
	size_t done = 0;
	ssize_t n = 1;

	while (n && done < size) {
		n = watched_read(s, data + done, size - done);
		if (n < 0 && !watched_wait(s))
			return -1;
		if (n > 0)
			done += n;
	}
	return done;
}
