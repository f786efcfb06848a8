/* SPDX-License-Identifier: MIT */
/*
 * Task 6, the second half. A slot is on one of three lists: open, free, or
 * waiting. All slots wait for the same time, so the waiting are in the order of
 * their deadlines by themselves, and nobody has to go over all of them.
 *
 * Let one function close the descriptor, and have it act only on a slot that
 * has one. Then nothing is closed twice, and nobody else's number either.
 */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

struct sessions {
	struct loop *loop;
	const struct session_ops *ops;
	struct session_limits limits;
	size_t size;   /* of a slot */
	char **blocks; /* of SESSION_BLOCK slots */
	size_t block_count;
	size_t slots;
	size_t count; /* open descriptors */
	size_t waiting_count;
	size_t queued; /* answers in all send queues, as of their last flush */
	struct list open;
	struct list free;
	struct list waiting;
	struct heap longest; /* keys: the longest queue comes first */
};

const char *session_reason_name(enum session_reason reason)
{
	TODO(reason);
	return "";
}

struct sessions *sessions_create(struct loop *loop, size_t size,
				 const struct session_limits *limits,
				 const struct session_ops *ops)
{
	TODO(loop, size, limits, ops);
	return NULL;
}

void sessions_destroy(struct sessions *p)
{
	TODO(p);
}

size_t sessions_count(const struct sessions *p)
{
	return p->count;
}

bool sessions_full(const struct sessions *p)
{
	return p->count >= p->limits.connections;
}

size_t sessions_slots(const struct sessions *p)
{
	return p->slots;
}

size_t sessions_waiting(const struct sessions *p)
{
	return p->waiting_count;
}

size_t sessions_queued(const struct sessions *p)
{
	return p->queued;
}

/* EACH may end the session: where is it then, and which is the next one? */
void sessions_each(struct sessions *p, void (*each)(struct session *s))
{
	TODO(p, each);
}

/* A waiting slot whose time has come; else a free one; else a new block. */
struct session *session_open(struct sessions *p, int fd, int64_t now_ms)
{
	TODO(p, fd, now_ms);
	return NULL;
}

/*
 * What the loop watches a session for follows from its state, from `reading`,
 * and from outbox_blocked(): work it out in one place.
 */
void session_read_on(struct session *s, bool on)
{
	TODO(s, on);
}

void session_peer_ended(struct session *s)
{
	TODO(s);
}

/* Send first, then look at the limits: what has left is no queue. */
int session_flush(struct session *s)
{
	TODO(s);
	return -1;
}

/* shutdown(2), and then LINGERING; see the diagram in session.h. */
int session_finish(struct session *s, enum session_reason reason)
{
	TODO(s, reason);
	return -1;
}

void session_close(struct session *s, enum session_reason reason)
{
	TODO(s, reason);
}
