/* SPDX-License-Identifier: MIT */
/*
 * A pair of connected stream sockets, as net/unix/af_unix.c has them.
 *
 * Each write is kept as one piece (the kernel's sk_buff) in the reader's queue
 * and is charged to the writer until the reader has read the last byte of it.
 * A writer may have 8 pieces on the way; it is *writable* only while less than
 * a quarter of that is used (unix_writable), so that a wake-up for a writer is
 * worth its while. Hence write() still works long after EPOLLOUT is gone.
 *
 * Who is woken, and with which key:
 *
 *	a write arrives		the reader	IN PRI RDNORM RDBAND
 *	a piece is read up	the writer	OUT WRNORM WRBAND, if writable
 *	shutdown()		both		0: anything may have changed
 *	close			the peer	0; and once more OUT for every
 *						piece that is thrown away
 */
#include "ufile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "util.h"

#define KEY_IN	(EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND)
#define KEY_OUT (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)

enum { NO_READS = 1, NO_WRITES = 2, NOTHING = 3 };

struct ustream {
	struct ufile file;
	struct uwait_queue wait;
	struct ustream *peer; /* NULL once it is closed */
	unsigned int shut;    /* NO_READS, NO_WRITES */
	int error; /* told once, by the next read that finds no data */
	size_t piece[USTREAM_WRITES]; /* what came in, oldest at first */
	unsigned int first, pieces;
};

static struct ustream *to_stream(struct ufile *file)
{
	return CONTAINER_OF(file, struct ustream, file);
}

static unsigned int charged(const struct ustream *s)
{
	return s->peer ? s->peer->pieces : 0;
}

static bool writable(const struct ustream *s)
{
	return charged(s) * 4 < USTREAM_WRITES;
}

static uint32_t stream_poll(struct ufile *file)
{
	struct ustream *s = to_stream(file);
	uint32_t mask = 0;

	if (s->error)
		mask |= EPOLLERR;
	if (s->shut == NOTHING)
		mask |= EPOLLHUP;
	if (s->shut & NO_READS)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (s->pieces)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (writable(s))
		mask |= KEY_OUT;
	return mask;
}

static ssize_t stream_write(struct ufile *file, uint64_t len)
{
	struct ustream *s = to_stream(file);
	struct ustream *to = s->peer;

	if (s->shut & NO_WRITES) {
		errno = EPIPE;
		return -1;
	}
	if (len == 0)
		return 0;
	if (charged(s) >= USTREAM_WRITES) {
		errno = EAGAIN;
		return -1;
	}
	len = MIN(len, USTREAM_WRITE_MAX);
	to->piece[(to->first + to->pieces++) % USTREAM_WRITES] = len;
	uwait_wake(&to->wait, KEY_IN, 1);
	return (ssize_t)len;
}

/* The oldest piece is done with; its writer may go on. */
static void drop_piece(struct ustream *s, struct ustream *writer)
{
	s->first = (s->first + 1) % USTREAM_WRITES;
	s->pieces--;
	if (writer && writable(writer))
		uwait_wake(&writer->wait, KEY_OUT, 1);
}

static ssize_t stream_nothing_to_read(struct ustream *s)
{
	if (s->error) {
		errno = s->error;
		s->error = 0;
		return -1;
	}
	if (s->shut & NO_READS)
		return 0;
	errno = EAGAIN;
	return -1;
}

static ssize_t stream_read(struct ufile *file, size_t len, uint64_t *value)
{
	struct ustream *s = to_stream(file);
	size_t got = 0;

	(void)value;
	if (len == 0)
		return 0;
	if (!s->pieces)
		return stream_nothing_to_read(s);
	while (s->pieces && got < len) {
		size_t n = MIN(s->piece[s->first], len - got);

		got += n;
		s->piece[s->first] -= n;
		if (!s->piece[s->first])
			drop_piece(s, s->peer);
	}
	return (ssize_t)got;
}

static int stream_shutdown(struct ufile *file, int how)
{
	struct ustream *s = to_stream(file);
	unsigned int mode = (unsigned int)how + 1;

	s->shut |= mode;
	uwait_wake(&s->wait, 0, 0);
	if (s->peer) {
		s->peer->shut |= (mode & NO_READS ? NO_WRITES : 0) |
				 (mode & NO_WRITES ? NO_READS : 0);
		uwait_wake(&s->peer->wait, 0, 0);
	}
	return 0;
}

static void stream_release(struct ufile *file)
{
	struct ustream *s = to_stream(file);
	struct ustream *peer = s->peer;

	if (peer) {
		peer->shut = NOTHING;
		if (s->pieces)
			peer->error = ECONNRESET;
		uwait_wake(&peer->wait, 0, 0);
		while (s->pieces)
			drop_piece(s, peer);
		peer->peer = NULL;
	}
	free(s);
}

static uint64_t stream_held(const struct ufile *file)
{
	const struct ustream *s = CONTAINER_OF(file, struct ustream, file);
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < s->pieces; i++)
		bytes += s->piece[(s->first + i) % USTREAM_WRITES];
	return bytes;
}

static const struct ufile_ops stream_ops = {
	.kind = "stream",
	.poll = stream_poll,
	.read = stream_read,
	.write = stream_write,
	.shutdown = stream_shutdown,
	.held = stream_held,
	.release = stream_release,
};

int ustream_pair(struct ufile *end[2])
{
	struct ustream *a = calloc(1, sizeof(*a));
	struct ustream *b = calloc(1, sizeof(*b));

	if (!a || !b) {
		free(a);
		free(b);
		return -1;
	}
	ufile_init(&a->file, &stream_ops, &a->wait);
	ufile_init(&b->file, &stream_ops, &b->wait);
	a->peer = b;
	b->peer = a;
	end[0] = &a->file;
	end[1] = &b->file;
	return 0;
}
