/* SPDX-License-Identifier: MIT */
/*
 * connect(2) on a non-blocking socket only begins. How it ended is asked in
 * two steps: a socket whose connect has ended is writable, *whether or not it
 * worked*; what became of it is in SO_ERROR (connect(2), EINPROGRESS).
 *
 * So each attempt is "writable yet?" by a poll(2) that does not wait, and then
 * "how?" by SO_ERROR. The caller may thus come too early or for no reason, and
 * nothing happens.
 */
#include "dial.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "clock.h"
#include "sock.h"

/* What getaddrinfo(3) returned, as an errno value. */
static int resolver_errno(int status)
{
	switch (status) {
	case EAI_NONAME:
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
	case EAI_SERVICE:
		return ENOENT;
	case EAI_MEMORY:
		return ENOMEM;
	case EAI_SYSTEM:
		return errno;
	default:
		return EIO;
	}
}

static int resolve(struct dial *d, const char *host_port)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addr_hostport hp;
	int status;

	if (addr_split(host_port, &hp) < 0)
		return -1;
	status = getaddrinfo(hp.host, hp.port, &hints, &d->addresses);
	if (status) {
		errno = resolver_errno(status);
		return -1;
	}
	d->next = d->addresses;
	return 0;
}

/* An equal share of the time left for each address not yet tried. */
static int64_t attempt_deadline(const struct dial *d)
{
	int untried = 0;

	for (struct addrinfo *ai = d->next; ai; ai = ai->ai_next)
		untried++;
	return clock_ms() + clock_left_ms(d->deadline_ms) / untried;
}

/* Closes the attempt under way, if there is one, because of ERROR. */
static void give_up(struct dial *d, int error)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
	d->error = error;
}

/* The end: SOCKET is the result, or -1 because of d->error. */
static int finish(struct dial *d, int socket)
{
	freeaddrinfo(d->addresses);
	d->addresses = d->next = NULL;
	d->fd = -1;
	if (socket < 0)
		errno = d->error;
	return socket;
}

/* Tries the addresses that are left until one is connected or under way. */
static int try_next(struct dial *d)
{
	while (d->next) {
		struct addrinfo *ai = d->next;

		d->attempt_deadline_ms = attempt_deadline(d);
		d->next = ai->ai_next;
		d->fd = socket(ai->ai_family,
			       ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
			       ai->ai_protocol);
		if (d->fd >= 0 &&
		    connect(d->fd, ai->ai_addr, ai->ai_addrlen) == 0)
			return finish(d, d->fd);
		/* Interrupted, it goes on by itself, as if EINPROGRESS. */
		if (d->fd >= 0 && (errno == EINPROGRESS || errno == EINTR)) {
			errno = EINPROGRESS;
			return -1;
		}
		give_up(d, errno);
	}
	return finish(d, -1);
}

int dial_start(struct dial *d, const char *host_port, int timeout_ms)
{
	*d = (struct dial){
		.fd = -1,
		.deadline_ms = clock_ms() + timeout_ms,
	};
	if (resolve(d, host_port) < 0)
		return -1;
	return try_next(d);
}

int dial_continue(struct dial *d)
{
	struct pollfd writable = { .fd = d->fd, .events = POLLOUT };
	int error;

	if (poll(&writable, 1, 0) > 0) {
		error = sock_error(d->fd);
		if (error == 0)
			return finish(d, d->fd);
		give_up(d, error);
	} else if (dial_left_ms(d) > 0) {
		errno = EINPROGRESS;
		return -1;
	} else {
		give_up(d, ETIMEDOUT);
	}
	return try_next(d);
}

int dial_fd(const struct dial *d)
{
	return d->fd;
}

int dial_left_ms(const struct dial *d)
{
	return clock_left_ms(d->attempt_deadline_ms);
}

void dial_cancel(struct dial *d)
{
	give_up(d, ECANCELED);
	finish(d, -1);
}
