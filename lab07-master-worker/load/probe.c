/* SPDX-License-Identifier: MIT */
/*
 * SO_RCVTIMEO and SO_SNDTIMEO (socket(7)) give blocking calls their end: a
 * probe does one thing at a time, so it needs no poll(2).
 */
#include "load/probe.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sock.h"

int probe_open(struct probe *p, const struct addr *a)
{
	struct timeval patience = { .tv_sec = PROBE_MS / 1000 };

	p->fd = socket(a->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		return -1;
	setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	sock_set_nodelay(p->fd, true);
	return connect(p->fd, &a->sa, a->len);
}

void probe_close(struct probe *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

void probe_reset(struct probe *p)
{
	sock_set_linger(p->fd, 0);
	probe_close(p);
}

bool probe_send(struct probe *p, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = send(p->fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool probe_send_bytewise(struct probe *p, const void *data, size_t len)
{
	const char *at = data;

	while (len--)
		if (!probe_send(p, at++, 1))
			return false;
	return true;
}

void probe_half_close(struct probe *p)
{
	shutdown(p->fd, SHUT_WR);
}

size_t probe_receive(struct probe *p, void *data, size_t len)
{
	char *at = data;
	size_t got = 0;

	while (got < len) {
		ssize_t n = recv(p->fd, at + got, len - got, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

enum probe_end probe_end(struct probe *p)
{
	char byte;
	ssize_t n;

	do
		n = recv(p->fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return PROBE_DATA;
	if (n == 0)
		return PROBE_FIN;
	return errno == EAGAIN ? PROBE_SILENT : PROBE_RST;
}
