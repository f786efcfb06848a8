/* SPDX-License-Identifier: MIT */
/*
 * The table in the header is the plan; each state has a function here that goes
 * as far as it can, and is called by whatever may have moved it: its socket,
 * its time-out, its task.
 *
 * A connection that is closed is freed at once. So a function that may close
 * one is the last that its caller calls on it, or says by what it returns that
 * there is nothing left to call on.
 *
 * The socket's interest never changes. It is watched for both directions from
 * its connect(2) to its close(2), with one epoll_ctl(2) in all, and the
 * transport remembers what the edges said.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "connection/pool.h"
#include "exchange/answer.h"
#include "exchange/session.h"
#include "sock.h"
#include "turns/turns.h"
#include "util.h"

#define INTEREST    (POLLER_READ | POLLER_WRITE | POLLER_RDHUP)
#define READ_BUDGET (1 << 20) /* bytes of one connection in a round, */
#define READS_MAX   256	      /* in so many reads at most */

struct worker {
	struct turns *turns;
	const struct options *options;
	struct pool pool;
	char scratch[EXCHANGE_CHUNK]; /* what is read is looked at here */
};

static void talk(struct connection *c);

/* -------------------------------------------------------------- deadlines */

/*
 * Deadlines move to and fro with each request. The timer is left alone as long
 * as it goes off before the deadline; it then looks, and sleeps on.
 */
static void set_deadline(struct connection *c, int64_t deadline_ns)
{
	c->deadline_ns = MIN(deadline_ns, c->x->deadline_ns);
	if (c->armed_ns <= c->deadline_ns)
		return;
	c->armed_ns = c->deadline_ns;
	loop_timer_start_at(c->worker->turns->loop, &c->timer, c->armed_ns);
}

/* TALKING: until the first byte of a final answer, and then to the end. */
static void set_talking_deadline(struct connection *c)
{
	int64_t first = c->x->written_ns + c->worker->options->first_byte_ns;
	bool waits = c->x->written_ns && !answer_begun(c->x);

	set_deadline(c, waits ? first : INT64_MAX);
}

/* --------------------------------------------------------------- the ends */

static struct exchange *take_exchange(struct connection *c)
{
	struct exchange *x = c->x;

	c->x = NULL;
	c->worker->turns->busy--;
	return x;
}

/* Closes C, whose exchange has been taken from it. */
static void close_connection(struct connection *c)
{
	struct stats *stats = c->worker->turns->stats;

	pool_leave(&c->worker->pool, c);
	loop_timer_stop(&c->timer);
	/* The task thread has it: on_task() will free it. */
	if (c->state == RESOLVING)
		return;
	loop_fd_stop(&c->watch);
	if (c->state == CONNECTING)
		tasks_cancel(&c->task);
	transport_close(&c->transport);
	stats->in += c->transport.tls.wire.in;
	stats->out += c->transport.tls.wire.out;
	pool_free(c);
}

static void fail_at_depth(struct connection *c, enum kind kind,
			  const char *reason, int depth)
{
	struct turns *turns = c->worker->turns;
	struct exchange *x = take_exchange(c);

	turns->stats->reused += c->carried;
	close_connection(c);
	if (!exchange_fail(x, kind, reason, depth))
		turns_wait(turns, x);
	turns_next_later(turns);
}

static void fail(struct connection *c, enum kind kind, const char *reason)
{
	fail_at_depth(c, kind, reason, -1);
}

/* The connection is gone before the answer was whole. */
static void cut(struct connection *c, enum kind kind, const char *reason)
{
	struct turns *turns = c->worker->turns;
	struct exchange *x;

	if (!c->carried || c->heard) {
		fail(c, kind, reason);
	} else if (!exchange_stale(c->x, !c->transport.touched)) {
		fail(c, KIND_RESET, "closed while a request was sent on it");
	} else {
		x = take_exchange(c);
		close_connection(c);
		turns_wait(turns, x);
	}
}

/* TLS has failed, in whatever state. */
static void cut_tls(struct connection *c)
{
	const struct handshake *h = &c->transport.tls;

	switch (h->failure) {
	case HANDSHAKE_VERIFY:
		fail_at_depth(c, KIND_TLS_VERIFY, h->reason, h->depth);
		break;
	case HANDSHAKE_RESET:
		cut(c, KIND_RESET, h->reason);
		break;
	case HANDSHAKE_TRUNCATED:
		cut(c, c->transport.write_error ? KIND_RESET : KIND_TRUNCATED,
		    h->reason);
		break;
	default:
		fail(c, KIND_TLS_PROTOCOL, h->reason);
	}
}

/* ---------------------------------------------------------------- talking */

/* The answer is whole; CLEAN if no byte was behind it. */
static void answered(struct connection *c, bool clean)
{
	struct worker *w = c->worker;
	struct turns *turns = w->turns;
	struct exchange *x = take_exchange(c);
	bool keep = clean && x->written_ns && x->response.keep_alive &&
		    !w->options->no_keepalive;
	int64_t now = clock_ns();

	turns->stats->reused += c->carried;
	if (keep &&
	    transport_is_quiet(&c->transport, w->scratch, sizeof(w->scratch))) {
		c->state = IDLE;
		c->carried = true;
		c->answered_ns = loop_now_ns(turns->loop);
		pool_put_idle(&w->pool, c);
	} else {
		close_connection(c);
	}
	if (!exchange_done(x, now))
		turns_wait(turns, x);
	turns_next(turns);
}

/* N bytes have been read. Returns false if C is not what it was any more. */
static bool take(struct connection *c, size_t n)
{
	bool clean;

	c->heard = true;
	switch (answer_take(c->x, c->worker->scratch, n, &clean)) {
	case ANSWER_MORE:
		set_talking_deadline(c);
		return true;
	case ANSWER_WHOLE:
		answered(c, clean);
		return false;
	default:
		fail(c, c->x->failure, c->x->reason);
		return false;
	}
}

/* Nothing more will come: ERROR is 0 at the end of the stream. */
static void read_ended(struct connection *c, int error)
{
	if (error && c->transport.tls.ssl)
		cut_tls(c);
	else if (error)
		cut(c, KIND_RESET, strerrordesc_np(error));
	else if (c->transport.write_error != ECONNRESET &&
		 answer_end(c->x) == ANSWER_WHOLE)
		answered(c, false);
	else if (c->transport.write_error)
		cut(c, KIND_RESET, strerrordesc_np(c->transport.write_error));
	else
		cut(c, c->x->failure, c->x->reason);
}

static void read_answer(struct connection *c)
{
	struct worker *w = c->worker;
	size_t budget = READ_BUDGET;
	ssize_t n;

	for (int i = 0; c->transport.readable; i++) {
		if (i == READS_MAX || budget < sizeof(w->scratch)) {
			loop_fd_again(&c->watch, POLLER_READ);
			return;
		}
		n = transport_read(&c->transport, w->scratch,
				   sizeof(w->scratch));
		if (n < 0 && errno == EAGAIN) {
			/* If it is readable still, TLS was busy with itself. */
			budget -= sizeof(w->scratch);
			continue;
		}
		if (n <= 0) {
			read_ended(c, n < 0 ? errno : 0);
			return;
		}
		budget -= n;
		if (!take(c, n))
			return;
	}
}

/*
 * Writes what the socket takes. A peer that takes no more may have answered
 * already, so trouble here is not the end: reading will tell.
 */
static void write_request(struct connection *c)
{
	struct exchange *x = c->x;
	struct slice bytes = exchange_unsent(x, c->sent);
	ssize_t n = 1;

	while (bytes.len && c->transport.writable && n > 0) {
		n = transport_write(&c->transport, bytes);
		c->sent += MAX(n, (ssize_t)0);
		bytes = exchange_unsent(x, c->sent);
	}
	if (c->transport.write_error)
		c->transport.readable = true;
	if (!bytes.len)
		x->written_ns = clock_ns();
	set_talking_deadline(c);
}

static void talk(struct connection *c)
{
	if (!c->x->written_ns && c->transport.writable)
		write_request(c);
	if (c->transport.readable)
		read_answer(c);
}

/* ------------------------------------------------------------- connecting */

static void shake(struct connection *c)
{
	struct stats *stats = c->worker->turns->stats;

	if (transport_shake(&c->transport) == 0) {
		c->x->times.phase_ns[PHASE_TLS] = clock_ns() - c->shaking_ns;
		stats->resumed += handshake_resumed(&c->transport.tls);
		c->state = TALKING;
		talk(c);
	} else if (errno != EAGAIN) {
		cut_tls(c);
	} else if (c->transport.readable) {
		loop_fd_again(&c->watch, POLLER_READ);
	}
}

static void begin_tls(struct connection *c)
{
	const struct worker *w = c->worker;
	struct handshake *h = &c->transport.tls;
	SSL_SESSION *session = NULL;
	int result;

	if (!w->options->no_resume)
		session = session_take(c->endpoint);
	result = handshake_begin(h, w->turns->run->tls, c->transport.fd,
				 c->endpoint->host, session);
	SSL_SESSION_free(session);
	if (result < 0) {
		fail(c, KIND_TLS_PROTOCOL, "out of memory");
		return;
	}
	session_attach(h->ssl, c->endpoint);
	c->state = SHAKING;
	c->shaking_ns = clock_ns();
	set_deadline(c, c->shaking_ns + w->options->tls_ns);
	shake(c);
}

static void connected(struct connection *c, int fd)
{
	struct turns *turns = c->worker->turns;

	c->transport.fd = fd;
	c->transport.writable = true;
	c->state = TALKING;
	turns->stats->opened++;
	c->x->times.phase_ns[PHASE_CONNECT] = clock_ns() - c->task.dial_ns;
	sock_set_nodelay(fd, true);
	if (loop_fd_start(turns->loop, &c->watch, fd, INTEREST) < 0)
		fail(c, KIND_CONNECT_ERROR, strerrordesc_np(errno));
	else if (c->endpoint->tls)
		begin_tls(c);
	else
		talk(c);
}

/* ERROR: of connect(2), or of the look-up. Nothing is under way any more. */
static void refused(struct connection *c, int error)
{
	c->state = TALKING; /* without a socket */
	if (!c->task.resolved)
		fail(c, KIND_DNS,
		     error == ENOENT ? "the name has no address"
		     : error == EIO  ? "the resolver does not know it now"
				     : strerrordesc_np(error));
	else
		fail(c,
		     error == ECONNREFUSED ? KIND_CONNECT_REFUSED
		     : error == ETIMEDOUT  ? KIND_CONNECT_TIMEOUT
					   : KIND_CONNECT_ERROR,
		     strerrordesc_np(error));
}

/* Looks what became of the connect; each address is another socket. */
static void go_on_connecting(struct connection *c)
{
	int64_t left;
	int fd;

	loop_fd_stop(&c->watch);
	fd = tasks_continue(&c->task);
	if (fd >= 0) {
		connected(c, fd);
	} else if (errno != EINPROGRESS) {
		refused(c, errno);
	} else if (loop_fd_start(c->worker->turns->loop, &c->watch,
				 tasks_fd(&c->task), INTEREST) < 0) {
		tasks_cancel(&c->task);
		refused(c, errno);
	} else {
		left = tasks_left_ms(&c->task) * 1000000ll;
		c->state = CONNECTING;
		set_deadline(c, clock_ns() + left);
	}
}

/* Its exchange was given up while the task thread had the task. */
static void free_given_up(struct connection *c)
{
	c->transport.fd = c->task.fd;
	transport_close(&c->transport);
	if (c->task.fd < 0 && c->task.error == EINPROGRESS)
		tasks_cancel(&c->task);
	pool_free(c);
}

static void on_task(struct loop_task *task)
{
	struct connection *c = CONTAINER_OF(task, struct connection, task.done);

	if (!c->x) {
		free_given_up(c);
		return;
	}
	if (c->task.dns_ns > 0)
		c->x->times.phase_ns[PHASE_DNS] = c->task.dns_ns;
	if (c->task.fd >= 0)
		connected(c, c->task.fd);
	else if (c->task.error == EINPROGRESS)
		go_on_connecting(c);
	else
		refused(c, c->task.error);
}

/* ----------------------------------------------------------------- events */

static void on_ready(struct loop_fd *lf, unsigned int ready)
{
	struct connection *c = CONTAINER_OF(lf, struct connection, watch);
	struct worker *w = c->worker;

	transport_ready(&c->transport, ready);
	switch (c->state) {
	case CONNECTING:
		if (ready & POLLER_WRITE)
			go_on_connecting(c);
		break;
	case SHAKING:
		if (ready & c->transport.tls.wants)
			shake(c);
		break;
	case TALKING:
		talk(c);
		break;
	default: /* IDLE */
		if (transport_is_quiet(&c->transport, w->scratch,
				       sizeof(w->scratch)))
			break;
		close_connection(c);
		turns_next_later(w->turns);
	}
}

static void on_timer(struct loop_timer *timer)
{
	struct connection *c = CONTAINER_OF(timer, struct connection, timer);
	int64_t now = clock_ns();

	c->armed_ns = INT64_MAX;
	if (!c->x)
		return;
	if (now < c->deadline_ns)
		set_deadline(c, c->deadline_ns);
	else if (now >= c->x->deadline_ns)
		fail(c, KIND_TIMEOUT, "the whole request took too long");
	else if (c->state == CONNECTING)
		go_on_connecting(c);
	else if (c->state == SHAKING)
		fail(c, KIND_TLS_TIMEOUT, "the handshake took too long");
	else
		fail(c, KIND_FIRST_BYTE_TIMEOUT, "no answer began in time");
}

/* ------------------------------------------------- a connection for a request */

/* X is carried by C from now on. */
static void give(struct connection *c, struct exchange *x)
{
	c->x = x;
	c->worker->turns->busy++;
	c->sent = 0;
	c->heard = c->transport.touched = false;
}

/*
 * The one at E that was idle last, or NULL. Bytes may have come, or the end, of
 * which the poller has not told yet: whoever reads them as an answer takes what
 * nobody asked for. One whose answer came in this round has just been read
 * empty, and that is the rule when there is much to do: one recv(2) a request.
 */
static struct connection *find_idle(struct worker *w, struct endpoint *e)
{
	struct connection *c;

	while ((c = pool_last_idle(&w->pool, e))) {
		if (c->answered_ns != loop_now_ns(w->turns->loop))
			transport_ready(&c->transport, POLLER_READ);
		if (transport_is_quiet(&c->transport, w->scratch,
				       sizeof(w->scratch)))
			break;
		close_connection(c);
	}
	return c;
}

/*
 * turns_next() calls this in the middle of its lists, and an answer would call
 * turns_next(). So here the request is only written; if that fails, what the
 * peer has sent is read in the next round.
 */
static void reuse(struct connection *c, struct exchange *x)
{
	pool_take_idle(c);
	give(c, x);
	c->state = TALKING;
	if (exchange_send(x) < 0) {
		fail(c, KIND_CONNECT_ERROR, "out of memory");
		return;
	}
	write_request(c);
	if (c->transport.readable)
		loop_fd_again(&c->watch, POLLER_READ);
}

static void prepare_task(struct connection *c)
{
	const struct worker *w = c->worker;
	int64_t ms = (w->options->connect_ns + 999999) / 1000000;

	c->task.name = c->endpoint->name;
	c->task.port = c->endpoint->dial_port;
	c->task.timeout_ms = MIN(ms, (int64_t)INT32_MAX);
	c->task.loop = w->turns->loop;
	loop_task_init(&c->task.done, on_task);
}

/* Begins a connection for X. Returns false if it has to wait for that. */
static bool open_connection(struct worker *w, struct exchange *x)
{
	struct connection *c = pool_new(&w->pool, x->endpoint);

	if (!c || exchange_send(x) < 0) {
		if (c) {
			pool_leave(&w->pool, c);
			pool_free(c);
		}
		if (!exchange_fail(x, KIND_CONNECT_ERROR, "out of memory", -1))
			turns_wait(w->turns, x);
		return true;
	}
	c->worker = w;
	c->armed_ns = INT64_MAX;
	loop_timer_init(&c->timer, on_timer);
	loop_fd_init(&c->watch, on_ready);
	prepare_task(c);
	give(c, x);
	if (tasks_push(w->turns->run->tasks, &c->task, &w->turns->room) == 0) {
		set_deadline(c, INT64_MAX);
		return true;
	}
	w->turns->tasks_full = true;
	take_exchange(c);
	c->state = TALKING; /* the task thread does not have it */
	close_connection(c);
	return false;
}

bool worker_has_room(const struct worker *w)
{
	if (!w->pool.max_per_host)
		return false;
	return pool_longest_idle(&w->pool) ||
	       (!w->turns->tasks_full && !pool_is_full(&w->pool));
}

bool worker_may_go(const struct worker *w, const struct exchange *x)
{
	bool idle_there = pool_last_idle(&w->pool, x->endpoint);

	if (idle_there && !x->fresh)
		return true;
	return worker_has_room(w) && !w->turns->tasks_full &&
	       (idle_there || !pool_is_full_at(&w->pool, x->endpoint));
}

bool worker_go(struct worker *w, struct exchange *x)
{
	struct connection *c = NULL;

	exchange_begin(x, clock_ns());
	if (!x->fresh)
		c = find_idle(w, x->endpoint);
	if (c) {
		reuse(c, x);
		return true;
	}
	/* The longest idle makes room. */
	if (pool_is_full_at(&w->pool, x->endpoint))
		close_connection(pool_longest_idle_at(&w->pool, x->endpoint));
	else if (pool_is_full(&w->pool))
		close_connection(pool_longest_idle(&w->pool));
	return open_connection(w, x);
}

/* ------------------------------------------------------------- the worker */

struct worker *worker_create(struct turns *turns)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->turns = turns;
	w->options = turns->run->options;
	pool_init(&w->pool, w->options, turns->index);
	return w;
}

void worker_abandon(struct worker *w)
{
	struct list *link = w->pool.all.next;

	while (link != &w->pool.all) {
		struct connection *c =
			CONTAINER_OF(link, struct connection, link);

		link = link->next;
		if (!c->x)
			continue;
		exchange_drop(take_exchange(c));
		close_connection(c);
	}
}

void worker_destroy(struct worker *w)
{
	while (w && !list_empty(&w->pool.all)) {
		struct connection *c =
			CONTAINER_OF(w->pool.all.next, struct connection, link);

		if (c->state == RESOLVING)
			free_given_up(c);
		else
			close_connection(c);
	}
	free(w);
}
