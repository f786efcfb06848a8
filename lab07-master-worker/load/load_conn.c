/* SPDX-License-Identifier: MIT */
/*
 * All requests that one turn makes leave in one send(2), and all answers that
 * are there are taken with one recv(2): the load must cost less than what it
 * measures. The bytes received lie in the run's one buffer; a client keeps only
 * the beginning of an answer whose end is yet to come.
 */
#include "load/load_conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "load/ask.h"
#include "sock.h"

#define OUT_ROOM(o) ((o)->pipeline * WIRE_REQUEST_MAX)

int load_conn_init(struct load_conn *c, struct drive *drive)
{
	const struct options *o = drive->options;

	*c = (struct load_conn){ .drive = drive, .fd = -1 };
	c->flights = calloc(o->pipeline, sizeof(*c->flights));
	c->out = malloc(OUT_ROOM(o));
	if (c->flights && c->out)
		return 0;
	load_conn_free(c);
	return -1;
}

void load_conn_free(struct load_conn *c)
{
	load_conn_close(c);
	free(c->flights);
	free(c->out);
	c->flights = NULL;
	c->out = NULL;
}

static int watch(struct load_conn *c, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = c };
	int op = c->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (c->events == events)
		return 0;
	c->events = events;
	return epoll_ctl(c->drive->epoll, op, c->fd, &ev);
}

int load_conn_open(struct load_conn *c)
{
	const struct addr *a = &c->drive->options->addr;
	int fd = socket(a->sa.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	c->fd = fd;
	c->events = 0;
	c->made = c->answered = 0;
	c->first = c->nflights = 0;
	c->have = c->out_at = c->out_end = 0;
	c->state = LOAD_CONN_CONNECTING;
	c->drive->connecting++;
	sock_set_nodelay(fd, true);
	if ((!connect(fd, &a->sa, a->len) || errno == EINPROGRESS) &&
	    !watch(c, EPOLLOUT))
		return 0;
	c->drive->connect_error = errno;
	load_conn_close(c);
	errno = c->drive->connect_error;
	return -1;
}

void load_conn_close(struct load_conn *c)
{
	struct drive *d = c->drive;

	if (c->state == LOAD_CONN_CLOSED)
		return;
	if (c->state == LOAD_CONN_CONNECTING)
		d->connecting--;
	else
		d->open--;
	for (; c->nflights; c->nflights--) {
		const struct flight *f = &c->flights[c->first];

		ask_code(d, f->kind)->lost++;
		d->under_way--;
		c->first = (c->first + 1) % d->options->pipeline;
	}
	close(c->fd);
	c->fd = -1;
	c->state = LOAD_CONN_CLOSED;
}

/* The connection is over, and what comes next is another, if there is more. */
static void again(struct load_conn *c)
{
	load_conn_close(c);
	if (!c->drive->over && load_conn_open(c) < 0)
		c->drive->tally->failed_connects++;
}

/* The server closed, or the connection broke: WHY. */
static void ended(struct load_conn *c, const char *why)
{
	struct tally *t = c->drive->tally;

	if (c->nflights)
		tally_blame(t, "%zu requests unanswered on a connection: %s",
			    c->nflights, why);
	if (c->answered) {
		again(c);
		return;
	}
	tally_blame(t, "a connection ended before its first answer: %s", why);
	t->failed_connects++;
	load_conn_close(c);
}

static void flush(struct load_conn *c)
{
	while (c->out_at < c->out_end) {
		ssize_t n = send(c->fd, c->out + c->out_at,
				 c->out_end - c->out_at, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			return; /* recv() will say the same, behind the answers */
		c->out_at += (size_t)n;
	}
	if (c->out_at == c->out_end)
		c->out_at = c->out_end = 0;
	watch(c, c->out_end ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Room for one more request at the end of what is to be sent. */
static char *room(struct load_conn *c)
{
	size_t size = OUT_ROOM(c->drive->options);

	if (c->out_end + WIRE_REQUEST_MAX > size) {
		memmove(c->out, c->out + c->out_at, c->out_end - c->out_at);
		c->out_end -= c->out_at;
		c->out_at = 0;
	}
	return c->out_end + WIRE_REQUEST_MAX > size ? NULL
						    : c->out + c->out_end;
}

void load_conn_fill(struct load_conn *c)
{
	const struct options *o = c->drive->options;
	int64_t since;
	char *at;

	if (c->state != LOAD_CONN_OPEN)
		return;
	while (c->nflights < o->pipeline &&
	       (!o->reconnect || c->made < o->reconnect) && (at = room(c)) &&
	       drive_take(c->drive, &since)) {
		size_t i = (c->first + c->nflights) % o->pipeline;

		c->flights[i].since_ns = since;
		c->out_end += ask_make(c->drive, &c->flights[i], at);
		c->nflights++;
		c->made++;
	}
	if (c->out_end)
		flush(c);
}

/* Takes the answer to the oldest request. False if it is a wrong one. */
static bool take(struct load_conn *c, const struct wire_answer *answer)
{
	struct drive *d = c->drive;
	struct flight *f = &c->flights[c->first];

	if (!c->nflights) {
		tally_blame(d->tally, "an answer that nobody asked for");
		d->tally->failed_connects++;
		return false;
	}
	c->first = (c->first + 1) % d->options->pipeline;
	c->nflights--;
	c->answered++;
	d->under_way--;
	d->progress_ns = clock_ns();
	latency_add(&d->tally->latency, d->progress_ns - f->since_ns);
	return ask_check(d, f, answer);
}

/* Looks at the N bytes received. False if the connection is of no use more. */
static bool answers(struct load_conn *c, const char *data, size_t n)
{
	const char *why;
	struct wire_answer answer;

	for (;;) {
		ssize_t used = wire_read(data, n, &answer, &why);

		if (used < 0) {
			tally_blame(c->drive->tally, "an answer has %s", why);
			if (c->nflights) {
				struct flight *f = &c->flights[c->first];

				ask_code(c->drive, f->kind)->errors++;
				c->first = (c->first + 1) %
					   c->drive->options->pipeline;
				c->nflights--;
				c->drive->under_way--;
			}
			return false;
		}
		if (!used)
			break;
		if (!take(c, &answer))
			return false;
		data += used;
		n -= (size_t)used;
	}
	memcpy(c->partial, data, n);
	c->have = n;
	return true;
}

static void receive(struct load_conn *c)
{
	struct drive *d = c->drive;
	ssize_t n;

	memcpy(d->input, c->partial, c->have);
	n = recv(c->fd, d->input + c->have, DRIVE_INPUT - c->have, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		ended(c, n ? strerror(errno) : "the server has closed it");
	else if (!answers(c, d->input, c->have + (size_t)n) ||
		 (d->options->reconnect && c->made >= d->options->reconnect &&
		  !c->nflights))
		again(c);
	else
		load_conn_fill(c);
}

static void connected(struct load_conn *c)
{
	struct drive *d = c->drive;
	int err = sock_error(c->fd);

	if (err) {
		d->connect_error = err;
		d->tally->failed_connects++;
		tally_blame(d->tally, "connect: %s", strerror(err));
		load_conn_close(c);
		return;
	}
	d->connecting--;
	d->open++;
	c->state = LOAD_CONN_OPEN;
	watch(c, EPOLLIN);
	if (d->tally->began_ns)
		load_conn_fill(c);
}

void load_conn_ready(struct load_conn *c, uint32_t events)
{
	if (c->state == LOAD_CONN_CONNECTING) {
		connected(c);
		return;
	}
	if (c->state == LOAD_CONN_OPEN && events & EPOLLOUT)
		flush(c);
	if (c->state == LOAD_CONN_OPEN && events & ~(uint32_t)EPOLLOUT)
		receive(c);
}
