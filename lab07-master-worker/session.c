/* SPDX-License-Identifier: MIT */
/*
 * A slot is on one of three lists, by its state: `open` (OPEN, FINISHING,
 * LINGERING), `waiting` or `free`. All slots wait for the same time, so
 * `waiting` is in the order of deadlines by itself: only its first one is ever
 * looked at, and only when a slot is needed. No timer, no thread, no scan.
 *
 * Everything that closes a descriptor goes through release(), and release()
 * acts only on a slot that has one. So a second close of the same client does
 * nothing, and cannot hit whoever got the number meanwhile.
 *
 * The limits of the send queue count what the socket did not take, which is
 * known after send(2) and not before: a burst of answers that leaves at once
 * is no queue.
 */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util.h"

#define DISCARD_MAX ((size_t)1 << 20)

struct sessions {
	struct loop *loop;
	const struct session_ops *ops;
	struct session_limits limits;
	size_t size; /* of a slot */
	char **blocks;
	size_t block_count;
	size_t slots;
	size_t count; /* open descriptors */
	size_t waiting_count;
	size_t queued; /* the sum of `counted` */
	struct list open;
	struct list free;
	struct list waiting;
	struct heap longest; /* the longest queue first */
};

static const char *const reason_names[SESSION_REASONS] = {
	[SESSION_LENGTH] = "length",	     [SESSION_CRC] = "crc",
	[SESSION_FLOOD] = "flood",	     [SESSION_HEARTBEAT] = "heartbeat",
	[SESSION_SEND_QUEUE] = "send-queue", [SESSION_LIMIT] = "limit",
	[SESSION_DRAIN] = "drain",	     [SESSION_PEER] = "peer",
};

const char *session_reason_name(enum session_reason reason)
{
	return reason_names[reason];
}

static struct session *of_link(struct list *link)
{
	return CONTAINER_OF(link, struct session, link);
}

static void move_to(struct list *list, struct session *s)
{
	list_remove(&s->link);
	list_append(list, &s->link);
}

/* ---- the end of a session ---- */

/* Brings the pool's sum and heap up to the length of S's queue. */
static void recount(struct session *s)
{
	struct sessions *p = s->pool;

	if (s->counted == s->out.queued)
		return;
	if (s->counted)
		heap_remove(&p->longest, &s->longest);
	p->queued += s->out.queued - s->counted;
	s->counted = s->out.queued;
	if (s->counted)
		heap_insert(&p->longest, &s->longest, -(int64_t)s->counted, 0);
}

static void set_interest(struct session *s)
{
	unsigned int interest = outbox_blocked(&s->out) ? POLLER_WRITE : 0;

	if (s->state == SESSION_LINGERING)
		interest = POLLER_READ;
	else if (s->state == SESSION_OPEN && s->reading)
		interest |= POLLER_READ;
	loop_fd_modify(&s->watch, interest);
}

/* Closes the descriptor; the slot waits. The only place that does. */
static void release(struct session *s)
{
	struct sessions *p = s->pool;

	loop_fd_stop(&s->watch);
	loop_timer_stop(&s->timer);
	close(s->fd);
	s->fd = -1;
	outbox_clear(&s->out);
	recount(s);
	s->state = SESSION_WAITING;
	s->free_ms = loop_now_ns(p->loop) / 1000000 + p->limits.recycle_ms;
	move_to(&p->waiting, s);
	p->waiting_count++;
	p->count--;
	p->ops->closed(s);
}

void session_close(struct session *s, enum session_reason reason)
{
	if (s->fd < 0)
		return;
	if (s->state == SESSION_OPEN)
		s->reason = reason;
	if (s->state != SESSION_LINGERING)
		s->pool->ops->ended(s, s->reason);
	release(s);
}

/* All is delivered. Returns -1 if the descriptor is closed by this. */
static int say_goodbye(struct session *s)
{
	if (s->peer_ended || shutdown(s->fd, SHUT_WR) < 0) {
		session_close(s, s->reason);
		return -1;
	}
	s->pool->ops->ended(s, s->reason);
	s->state = SESSION_LINGERING;
	set_interest(s);
	loop_timer_start(s->pool->loop, &s->timer, SESSION_LINGER_MS);
	return 0;
}

int session_finish(struct session *s, enum session_reason reason)
{
	if (s->state != SESSION_OPEN)
		return 0;
	s->state = SESSION_FINISHING;
	s->reason = reason;
	if (outbox_empty(&s->out))
		return say_goodbye(s);
	set_interest(s);
	loop_timer_start(s->pool->loop, &s->timer, SESSION_FINISH_MS);
	return 0;
}

void session_peer_ended(struct session *s)
{
	s->peer_ended = true;
}

static void on_time(struct loop_timer *timer)
{
	struct session *s = CONTAINER_OF(timer, struct session, timer);

	session_close(s, s->reason);
}

/* ---- the send queue ---- */

/* Returns 0, or -1 if the client is lost. */
static int send_queue(struct session *s)
{
	if (outbox_send(&s->out, s->fd) < 0)
		return -1;
	set_interest(s);
	recount(s);
	return 0;
}

/* Ends the longest queues while all of them together are too long. */
static void keep_total(struct sessions *p)
{
	while (p->queued > p->limits.send_queue_total) {
		struct heap_node *first = heap_first(&p->longest);

		session_close(CONTAINER_OF(first, struct session, longest),
			      SESSION_SEND_QUEUE);
	}
}

int session_flush(struct session *s)
{
	struct sessions *p = s->pool;
	const uint32_t generation = s->generation;

	if (s->fd < 0)
		return -1;
	if (send_queue(s) < 0)
		session_close(s, SESSION_PEER);
	else if (s->out.queued > p->limits.send_queue)
		session_close(s, SESSION_SEND_QUEUE);
	keep_total(p);
	/* The slot may be another's by now, if closed() has let one in. */
	if (s->fd < 0 || s->generation != generation)
		return -1;
	if (s->state == SESSION_FINISHING && outbox_empty(&s->out))
		return say_goodbye(s);
	return 0;
}

/* ---- what the loop reports ---- */

void session_read_on(struct session *s, bool on)
{
	s->reading = on;
	set_interest(s);
}

/* Throws away what still comes, uncopied (tcp(7), MSG_TRUNC). */
static void discard(struct session *s)
{
	ssize_t n = recv(s->fd, NULL, DISCARD_MAX, MSG_TRUNC);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		release(s);
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct session *s = CONTAINER_OF(watch, struct session, watch);
	const uint32_t generation = s->generation;

	if (s->state == SESSION_LINGERING) {
		discard(s);
		return;
	}
	if (s->state == SESSION_OPEN && ready & POLLER_READ)
		s->pool->ops->readable(s);
	/* Which may have ended it. */
	if (!(ready & POLLER_WRITE) || s->fd < 0 ||
	    s->generation != generation || session_flush(s) < 0)
		return;
	if (s->state == SESSION_OPEN && outbox_empty(&s->out))
		s->pool->ops->settled(s);
}

/* ---- slots ---- */

static void init_slot(struct sessions *p, struct session *s)
{
	loop_fd_init(&s->watch, on_ready);
	loop_timer_init(&s->timer, on_time);
	list_init(&s->link);
	outbox_init(&s->out);
	s->pool = p;
	s->fd = -1;
	list_append(&p->free, &s->link);
}

/* The most slots there may be. */
static size_t slots_max(const struct sessions *p)
{
	return MAX((size_t)SESSION_BLOCK, 2 * p->limits.connections);
}

static int grow(struct sessions *p)
{
	size_t n = MIN((size_t)SESSION_BLOCK, slots_max(p) - p->slots);
	char **blocks;
	char *block;

	if (!n)
		return -1;
	blocks = realloc(p->blocks, (p->block_count + 1) * sizeof(*blocks));
	if (!blocks)
		return -1;
	p->blocks = blocks;
	block = calloc(n, p->size);
	if (!block)
		return -1;
	blocks[p->block_count++] = block;
	p->slots += n;
	for (size_t i = 0; i < n; i++)
		init_slot(p, (struct session *)(void *)(block + i * p->size));
	return 0;
}

/* A slot for a new client, on no list but its own; NULL, ENOMEM. */
static struct session *take_slot(struct sessions *p, int64_t now_ms)
{
	struct session *s = of_link(p->waiting.next);
	bool waits = !list_empty(&p->waiting);

	if (!waits || s->free_ms > now_ms) {
		if (!list_empty(&p->free) || grow(p) == 0)
			return of_link(p->free.next);
		if (!waits) {
			errno = ENOMEM;
			return NULL;
		}
	}
	p->waiting_count--;
	s->state = SESSION_FREE;
	move_to(&p->free, s);
	return s;
}

struct session *session_open(struct sessions *p, int fd, int64_t now_ms)
{
	struct session *s;

	if (sessions_full(p)) {
		errno = ENFILE;
		return NULL;
	}
	s = take_slot(p, now_ms);
	if (!s || loop_fd_start(p->loop, &s->watch, fd, POLLER_READ) < 0)
		return NULL;
	s->fd = fd;
	s->state = SESSION_OPEN;
	s->generation++;
	s->reading = true;
	s->peer_ended = false;
	move_to(&p->open, s);
	p->count++;
	return s;
}

struct sessions *sessions_create(struct loop *loop, size_t size,
				 const struct session_limits *limits,
				 const struct session_ops *ops)
{
	struct sessions *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->loop = loop;
	p->size = size;
	p->limits = *limits;
	p->ops = ops;
	list_init(&p->open);
	list_init(&p->free);
	list_init(&p->waiting);
	heap_init(&p->longest);
	if (grow(p) == 0)
		return p;
	free(p->blocks);
	free(p);
	return NULL;
}

static void abandon(struct session *s)
{
	loop_fd_stop(&s->watch);
	loop_timer_stop(&s->timer);
	close(s->fd);
	outbox_clear(&s->out);
}

void sessions_destroy(struct sessions *p)
{
	if (!p)
		return;
	for (struct list *l = p->open.next; l != &p->open; l = l->next)
		abandon(of_link(l));
	for (size_t i = 0; i < p->block_count; i++)
		free(p->blocks[i]);
	free(p->blocks);
	free(p);
}

void sessions_each(struct sessions *p, void (*each)(struct session *s))
{
	struct list todo;

	/* Taken off one by one: what ends on the way ends on either list. */
	list_init(&todo);
	list_move_all(&todo, &p->open);
	while (!list_empty(&todo)) {
		struct session *s = of_link(todo.next);

		move_to(&p->open, s);
		if (s->state == SESSION_OPEN || s->state == SESSION_FINISHING)
			each(s);
	}
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
