/* SPDX-License-Identifier: MIT */
/*
 * The table in the header is the plan; each state has a function here that goes
 * as far as it can, and is called by whatever may have moved it: its socket,
 * its time-out, its task.
 *
 * Who has been closed is freed at once. So a function that may close says so by
 * what it returns, and its caller does not touch the connection again.
 *
 * A request that has to go on somewhere else (a redirect, a retry, a stale
 * connection) is put in front of those that wait, and serve() finds it a
 * connection: at once where an answer has just made one free, else at the end
 * of the round, so that trouble cannot nest.
 *
 * The socket's interest never changes. It is watched for both directions from
 * its connect(2) to its close(2), one epoll_ctl(2) in all, and `readable` and
 * `writable` remember what the edges said.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "exchange/exchange.h"
#include "exchange/session.h"
#include "handshake.h"
#include "poller_epoll.h"
#include "run/run.h"
#include "sock.h"
#include "util.h"

#define SCRATCH_SIZE 65536
#define READ_BUDGET  (1 << 20) /* bytes of one connection in a round, */
#define READS_MAX    256       /* in so many reads at most */
#define INTEREST     (POLLER_READ | POLLER_WRITE | POLLER_RDHUP)

enum state {
	RESOLVING,
	CONNECTING,
	SHAKING,
	TALKING,
	IDLE,
};

struct connection {
	struct worker *worker;
	struct endpoint *endpoint;
	struct exchange *x; /* NULL: idle, or given up */
	enum state state;
	bool readable; /* the kernel may have bytes, or the end */
	bool writable;
	bool hung;	 /* the peer has sent its end */
	bool carried;	 /* it had a request before this one */
	bool heard;	 /* a byte of the answer has come */
	bool touched;	 /* a byte of the request may have left */
	bool in_body;	 /* the final head has been taken */
	int write_error; /* why no more can be written; 0 */
	int fd;
	size_t sent;	     /* bytes of the request */
	int64_t shaking_ns;  /* when the handshake began */
	int64_t deadline_ns; /* of the state */
	int64_t armed_ns;    /* when the timer will look at it */
	struct loop_timer timer;
	struct loop_fd watch;
	struct buf in;	  /* a head that is not whole yet */
	struct list link; /* in worker.connections */
	struct list idle; /* in worker.idle, the longest idle first */
	struct list same; /* in the endpoint's share.idle */
	struct task task;
	struct handshake tls;
};

struct worker {
	struct run *run;
	int index;
	struct stats *stats;
	struct loop *loop;
	size_t max_open; /* this worker's share of -c */
	size_t max_per_host;
	size_t open;
	size_t busy; /* connections with a request */
	struct list connections;
	struct list idle;
	struct list waiting; /* exchanges without a connection */
	size_t nwaiting;
	bool plan_over;
	bool tasks_full;
	struct loop_task serve; /* deferred: somebody may have a turn */
	struct loop_task room;	/* posted: the task thread takes more */
	struct loop_task stop;	/* posted: worker_stop() */
	struct loop_fd alarm;	/* timerfd(2): a planned time has come */
	char scratch[SCRATCH_SIZE];
};

static void serve(struct worker *w);
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
	loop_timer_start_at(c->worker->loop, &c->timer, c->armed_ns);
}

/* TALKING: until the first byte of a final answer, and then to the end. */
static void set_talking_deadline(struct connection *c)
{
	struct exchange *x = c->x;
	bool begun = x->first_ns &&
		     !(x->response.status && response_interim(&x->response));
	int64_t first = x->written_ns + c->worker->run->options->first_byte_ns;

	set_deadline(c, x->written_ns && !begun ? first : INT64_MAX);
}

/* --------------------------------------------------------------- the ends */

static void remove_idle(struct connection *c)
{
	list_remove(&c->idle);
	list_remove(&c->same);
}

/* Takes C out of the counts: there is room for another one. */
static void leave(struct connection *c)
{
	struct worker *w = c->worker;

	remove_idle(c);
	loop_timer_stop(&c->timer);
	w->open--;
	c->endpoint->shares[w->index].open--;
}

/* Closes C, whose exchange has been taken from it. */
static void close_connection(struct connection *c)
{
	struct worker *w = c->worker;

	leave(c);
	/* The task thread has it: on_task() will free it. */
	if (c->state == RESOLVING)
		return;
	handshake_close(&c->tls);
	w->stats->in += c->tls.wire.in;
	w->stats->out += c->tls.wire.out;
	loop_fd_stop(&c->watch);
	if (c->state == CONNECTING)
		tasks_cancel(&c->task);
	if (c->fd >= 0)
		close(c->fd);
	buf_free(&c->in);
	list_remove(&c->link);
	free(c);
}

static struct exchange *take_exchange(struct connection *c)
{
	struct exchange *x = c->x;

	c->x = NULL;
	c->worker->busy--;
	return x;
}

/* X waits for a connection, before all others if it has begun already. */
static void wait_for_turn(struct worker *w, struct exchange *x)
{
	list_append(x->begun ? w->waiting.next : &w->waiting, &x->link);
	w->nwaiting++;
	if (x->begun)
		loop_timer_start_at(w->loop, &x->timer, x->deadline_ns);
	loop_defer(w->loop, &w->serve);
}

static void stop_waiting(struct worker *w, struct exchange *x)
{
	list_remove(&x->link);
	w->nwaiting--;
	loop_timer_stop(&x->timer);
}

static void fail_detailed(struct connection *c, enum kind kind,
			  const char *reason, int depth)
{
	struct worker *w = c->worker;
	struct exchange *x = take_exchange(c);

	w->stats->reused += c->carried;
	close_connection(c);
	if (!exchange_fail(x, kind, reason, depth))
		wait_for_turn(w, x);
	loop_defer(w->loop, &w->serve);
}

static void fail(struct connection *c, enum kind kind, const char *reason)
{
	fail_detailed(c, kind, reason, -1);
}

/* The connection is gone before the answer was whole. */
static void cut(struct connection *c, enum kind kind, const char *reason)
{
	struct worker *w = c->worker;
	struct exchange *x;

	if (!c->carried || c->heard) {
		fail(c, kind, reason);
	} else if (!exchange_stale(c->x, !c->touched)) {
		fail(c, KIND_RESET, "closed while a request was sent on it");
	} else {
		x = take_exchange(c);
		close_connection(c);
		wait_for_turn(w, x);
	}
}

/* What h.failure says, as a kind. */
static void cut_tls(struct connection *c)
{
	static const enum kind kinds[] = {
		[HANDSHAKE_VERIFY] = KIND_TLS_VERIFY,
		[HANDSHAKE_PROTOCOL] = KIND_TLS_PROTOCOL,
		[HANDSHAKE_TRUNCATED] = KIND_TRUNCATED,
		[HANDSHAKE_RESET] = KIND_RESET,
		[HANDSHAKE_MEMORY] = KIND_TLS_PROTOCOL,
	};
	enum kind kind = kinds[c->tls.failure];

	if (kind == KIND_TLS_VERIFY || kind == KIND_TLS_PROTOCOL)
		fail_detailed(c, kind, c->tls.reason, c->tls.depth);
	else
		cut(c, kind, c->tls.reason);
}

/* --------------------------------------------------------------- transport */

/*
 * Receives into the scratch. Returns the number of bytes; 0 at the end of the
 * stream; -1 with errno EAGAIN or why it failed.
 */
static ssize_t receive(struct connection *c, char *data, size_t size)
{
	ssize_t n;

	if (c->tls.ssl) {
		n = handshake_read(&c->tls, data, size);
		c->readable = n > 0 && (!handshake_drained(&c->tls) || c->hung);
		if (n < 0 && errno == EAGAIN && c->tls.wants == POLLER_WRITE)
			c->writable = false;
		return n;
	}
	do
		n = recv(c->fd, data, size, 0);
	while (n < 0 && errno == EINTR);
	/* A short read has emptied the socket: what comes is a new edge. */
	c->readable = n == (ssize_t)size || (n > 0 && c->hung);
	c->tls.wire.in += MAX(n, (ssize_t)0);
	return n;
}

static ssize_t transmit(struct connection *c, struct slice bytes)
{
	ssize_t n;

	if (c->tls.ssl) {
		c->touched = true;
		return handshake_write(&c->tls, bytes.p, bytes.len);
	}
	do
		n = send(c->fd, bytes.p, bytes.len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	c->touched |= n > 0;
	c->tls.wire.out += MAX(n, (ssize_t)0);
	return n;
}

/* ---------------------------------------------------------------- talking */

/* Bytes that nobody asked for, or the end, make a connection useless. */
static bool is_quiet(struct connection *c)
{
	while (c->readable)
		if (receive(c, c->worker->scratch, SCRATCH_SIZE) >= 0 ||
		    errno != EAGAIN)
			return false;
	return true;
}

static void make_idle(struct connection *c)
{
	struct worker *w = c->worker;

	buf_free(&c->in);
	c->state = IDLE;
	c->carried = true;
	list_append(&w->idle, &c->idle);
	list_append(&c->endpoint->shares[w->index].idle, &c->same);
}

/* The answer is whole; CLEAN if no byte was behind it. */
static void answered(struct connection *c, bool clean)
{
	struct worker *w = c->worker;
	struct exchange *x = take_exchange(c);
	bool keep = clean && x->written_ns && x->response.keep_alive &&
		    !c->write_error && !w->run->options->no_keepalive;
	int64_t now = clock_ns();

	w->stats->reused += c->carried;
	if (keep && is_quiet(c))
		make_idle(c);
	else
		close_connection(c);
	if (!exchange_done(x, now))
		wait_for_turn(w, x);
	serve(w);
}

/* These two return -1: C is gone. */
static int refuse_answer(struct connection *c)
{
	static const enum kind kinds[] = {
		[RESPONSE_MALFORMED] = KIND_MALFORMED,
		[RESPONSE_TOO_LARGE] = KIND_TOO_LARGE,
		[RESPONSE_TRUNCATED] = KIND_TRUNCATED,
	};
	const struct response *r = &c->x->response;

	fail(c, kinds[r->error], r->reason);
	return -1;
}

static int refuse_output(struct connection *c)
{
	fail(c, KIND_OUTPUT, strerrordesc_np(errno));
	return -1;
}

/*
 * Heads, up to the final one, off *DATA. Returns 1 if that is there, 0 if more
 * bytes are needed, -1 if C is gone.
 */
static int take_heads(struct connection *c, struct slice *data)
{
	struct exchange *x = c->x;
	ssize_t n;

	do {
		if (data->len && !x->first_ns)
			x->first_ns = clock_ns();
		n = response_head(&x->response, data->p, data->len);
		if (n == 0)
			return 0;
		if (n < 0)
			return refuse_answer(c);
		if (exchange_head(x, data->p) < 0)
			return refuse_output(c);
		data->p += n;
		data->len -= n;
		if (response_interim(&x->response))
			x->first_ns = 0;
	} while (response_interim(&x->response));
	return 1;
}

/* The body. Returns false if C is gone, or has another request now. */
static bool take_body(struct connection *c, struct slice data)
{
	struct response *r = &c->x->response;
	struct slice piece;
	ssize_t n;

	while (data.len && !response_done(r)) {
		n = response_body(r, data.p, data.len, &piece);
		if (n < 0)
			return refuse_answer(c) == 0;
		if (piece.len && exchange_content(c->x, piece) < 0)
			return refuse_output(c) == 0;
		data.p += n;
		data.len -= n;
	}
	if (!response_done(r))
		return true;
	answered(c, !data.len);
	return false;
}

/* Bytes of a head that is not whole are kept until the rest comes. */
static bool keep_head(struct connection *c, struct slice left)
{
	size_t kept = buf_len(&c->in);

	if (kept)
		buf_consume(&c->in, kept - left.len);
	else if (left.len && buf_append(&c->in, left.p, left.len) < 0) {
		fail(c, KIND_TOO_LARGE, "out of memory");
		return false;
	}
	set_talking_deadline(c);
	return true;
}

/* N bytes have come, in the scratch. Returns as take_body(). */
static bool take(struct connection *c, size_t n)
{
	struct slice data = { c->worker->scratch, n };
	int heads;

	c->heard = true;
	if (c->in_body)
		return take_body(c, data);
	if (buf_len(&c->in)) {
		if (buf_append(&c->in, data.p, n) < 0) {
			fail(c, KIND_TOO_LARGE, "out of memory");
			return false;
		}
		data = (struct slice){ buf_data(&c->in), buf_len(&c->in) };
	}
	heads = take_heads(c, &data);
	if (heads < 0)
		return false;
	if (heads == 0)
		return keep_head(c, data);
	c->in_body = true;
	if (!take_body(c, data))
		return false;
	buf_free(&c->in);
	set_talking_deadline(c);
	return true;
}

/* The peer has sent its end. */
static void ended(struct connection *c)
{
	if (c->in_body && response_eof(&c->x->response) == 0)
		answered(c, false);
	else if (c->write_error)
		cut(c, KIND_RESET, strerrordesc_np(c->write_error));
	else
		cut(c, KIND_TRUNCATED, "end of the stream before the answer's");
}

static void receive_answer(struct connection *c)
{
	size_t budget = READ_BUDGET;
	ssize_t n;

	for (int i = 0; c->readable; i++) {
		if (i == READS_MAX || budget < SCRATCH_SIZE) {
			loop_fd_again(&c->watch, POLLER_READ);
			return;
		}
		n = receive(c, c->worker->scratch, SCRATCH_SIZE);
		if (n > 0 && !take(c, n))
			return;
		if (n > 0) {
			budget -= n;
			continue;
		}
		if (n == 0)
			ended(c);
		else if (errno != EAGAIN && c->tls.ssl)
			cut_tls(c);
		else if (errno != EAGAIN)
			cut(c, KIND_RESET, strerrordesc_np(errno));
		return;
	}
}

/*
 * Writes what the socket takes. A peer that takes no more may have answered
 * already, so trouble here is not the end: reading will tell.
 */
static void send_request(struct connection *c)
{
	struct exchange *x = c->x;
	struct slice bytes = exchange_unsent(x, c->sent);
	ssize_t n;

	while (bytes.len && c->writable) {
		n = transmit(c, bytes);
		if (n > 0) {
			c->sent += n;
			bytes = exchange_unsent(x, c->sent);
		} else if (errno != EAGAIN) {
			c->write_error = errno;
			c->readable = true;
			c->writable = false;
		} else if (c->tls.ssl && c->tls.wants == POLLER_READ) {
			break;
		} else {
			c->writable = false;
		}
	}
	if (!bytes.len && !x->written_ns)
		x->written_ns = clock_ns();
	set_talking_deadline(c);
}

static void talk(struct connection *c)
{
	if (c->writable && !c->x->written_ns && !c->write_error)
		send_request(c);
	if (c->readable)
		receive_answer(c);
}

/* ------------------------------------------------------------- connecting */

static void shake(struct connection *c)
{
	struct exchange *x = c->x;

	if (handshake_step(&c->tls) < 0) {
		if (errno != EAGAIN)
			cut_tls(c);
		return;
	}
	x->times.phase_ns[PHASE_TLS] = clock_ns() - c->shaking_ns;
	c->worker->stats->resumed += handshake_resumed(&c->tls);
	c->readable = !handshake_drained(&c->tls);
	c->state = TALKING;
	talk(c);
}

static void begin_tls(struct connection *c)
{
	const struct run *run = c->worker->run;
	SSL_SESSION *session = NULL;
	int result;

	if (!run->options->no_resume)
		session = session_take(c->endpoint);
	result = handshake_begin(&c->tls, run->tls, c->fd, c->endpoint->host,
				 session);
	SSL_SESSION_free(session);
	if (result < 0) {
		fail(c, KIND_TLS_PROTOCOL, "out of memory");
		return;
	}
	session_attach(c->tls.ssl, c->endpoint);
	c->state = SHAKING;
	c->shaking_ns = clock_ns();
	set_deadline(c, c->shaking_ns + run->options->tls_ns);
	shake(c);
}

static void connected(struct connection *c, int fd)
{
	struct worker *w = c->worker;

	c->fd = fd;
	c->writable = true;
	c->state = TALKING;
	w->stats->opened++;
	c->x->times.phase_ns[PHASE_CONNECT] = clock_ns() - c->task.dial_ns;
	sock_set_nodelay(fd, true);
	if (loop_fd_start(w->loop, &c->watch, fd, INTEREST) < 0)
		fail(c, KIND_CONNECT_ERROR, strerrordesc_np(errno));
	else if (c->endpoint->tls)
		begin_tls(c);
	else
		talk(c);
}

/* ERROR: of connect(2), or of the look-up. */
static void refused(struct connection *c, int error)
{
	enum kind kind = !c->task.resolved	 ? KIND_DNS
			 : error == ECONNREFUSED ? KIND_CONNECT_REFUSED
			 : error == ETIMEDOUT	 ? KIND_CONNECT_TIMEOUT
						 : KIND_CONNECT_ERROR;

	c->state = TALKING; /* with no socket: nothing is under way */
	if (c->task.resolved || error == ENOMEM)
		fail(c, kind, strerrordesc_np(error));
	else
		fail(c, kind,
		     error == ENOENT ? "the name has no address"
				     : "the resolver does not know it now");
}

static void go_on_connecting(struct connection *c)
{
	struct worker *w = c->worker;
	int fd;

	loop_fd_stop(&c->watch);
	fd = tasks_continue(&c->task);
	if (fd >= 0) {
		connected(c, fd);
		return;
	}
	if (errno == EINPROGRESS &&
	    loop_fd_start(w->loop, &c->watch, tasks_fd(&c->task), INTEREST) ==
		    0) {
		c->state = CONNECTING;
		set_deadline(c,
			     clock_ns() + tasks_left_ms(&c->task) * 1000000ll);
		return;
	}
	if (errno != EINPROGRESS && c->state == CONNECTING)
		c->state = TALKING;
	refused(c, errno);
}

/* Its exchange was given up while the task thread had the task. */
static void free_orphan(struct connection *c)
{
	if (c->task.fd >= 0)
		close(c->task.fd);
	else if (c->task.error == EINPROGRESS)
		tasks_cancel(&c->task);
	list_remove(&c->link);
	free(c);
}

static void on_task(struct loop_task *task)
{
	struct connection *c = CONTAINER_OF(task, struct connection, task.done);

	if (!c->x) {
		free_orphan(c);
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
	bool may_read = ready & (POLLER_READ | POLLER_RDHUP);

	/* A read of TLS that had to write first can go on. */
	if (c->tls.ssl && c->tls.wants == POLLER_WRITE)
		may_read |= ready & POLLER_WRITE;
	c->hung |= ready & POLLER_RDHUP;
	c->readable |= may_read;
	if (may_read)
		handshake_readable(&c->tls);
	c->writable |= ready & POLLER_WRITE;
	switch (c->state) {
	case CONNECTING:
		if (ready & POLLER_WRITE)
			go_on_connecting(c);
		break;
	case SHAKING:
		if (ready & c->tls.wants)
			shake(c);
		break;
	case TALKING:
		talk(c);
		break;
	default: /* IDLE */
		if (is_quiet(c))
			break;
		loop_defer(c->worker->loop, &c->worker->serve);
		close_connection(c);
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

static void on_waited(struct loop_timer *timer)
{
	struct exchange *x = CONTAINER_OF(timer, struct exchange, timer);
	struct worker *w = x->owner;

	stop_waiting(w, x);
	exchange_fail(x, KIND_TIMEOUT, "the whole request took too long", -1);
	loop_defer(w->loop, &w->serve);
}

/* ---------------------------------------------------------- whose turn it is */

/* X is carried by C from now on. */
static void give(struct connection *c, struct exchange *x)
{
	exchange_begin(x, clock_ns());
	c->x = x;
	c->worker->busy++;
	c->sent = 0;
	c->heard = c->touched = c->in_body = false;
}

static void reuse(struct connection *c, struct exchange *x)
{
	remove_idle(c);
	give(c, x);
	c->state = TALKING;
	if (exchange_send(x) < 0)
		fail(c, KIND_CONNECT_ERROR, "out of memory");
	else
		talk(c);
}

static struct connection *new_connection(struct worker *w, struct endpoint *e)
{
	int64_t ms = (w->run->options->connect_ns + 999999) / 1000000;
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->worker = w;
	c->endpoint = e;
	c->fd = -1;
	c->armed_ns = INT64_MAX;
	c->task.name = e->name;
	c->task.port = e->dial_port;
	c->task.timeout_ms = MIN(ms, (int64_t)INT32_MAX);
	c->task.loop = w->loop;
	c->task.fd = -1;
	loop_task_init(&c->task.done, on_task);
	loop_timer_init(&c->timer, on_timer);
	loop_fd_init(&c->watch, on_ready);
	buf_init(&c->in, RESPONSE_HEAD_MAX + SCRATCH_SIZE);
	list_init(&c->idle);
	list_init(&c->same);
	list_append(&w->connections, &c->link);
	w->open++;
	e->shares[w->index].open++;
	return c;
}

/* Begins a connection for X. Returns false if it has to wait for that. */
static bool open_connection(struct worker *w, struct exchange *x)
{
	struct connection *c = new_connection(w, x->endpoint);

	exchange_begin(x, clock_ns());
	x->fresh = false;
	if (!c || exchange_send(x) < 0) {
		exchange_fail(x, KIND_CONNECT_ERROR, "out of memory", -1);
		return true;
	}
	if (tasks_push(w->run->tasks, &c->task, &w->room) < 0) {
		w->tasks_full = true;
		c->state = TALKING;
		close_connection(c);
		return false;
	}
	give(c, x);
	set_deadline(c, INT64_MAX);
	return true;
}

/* Closes the longest idle connection of LIST, by the list that it is in. */
static void make_room(struct connection *longest_idle)
{
	close_connection(longest_idle);
}

static bool has_room(const struct worker *w)
{
	return !w->tasks_full &&
	       (w->open < w->max_open || !list_empty(&w->idle));
}

/* Could X have a connection now? */
static bool may_go(const struct worker *w, const struct exchange *x)
{
	const struct endpoint_share *share = &x->endpoint->shares[w->index];

	if (!list_empty(&share->idle) && !x->fresh)
		return true;
	return has_room(w) &&
	       (share->open < w->max_per_host || !list_empty(&share->idle));
}

/* Gives X, which may go, a connection. Returns as open_connection(). */
static bool go(struct worker *w, struct exchange *x)
{
	struct endpoint_share *share = &x->endpoint->shares[w->index];

	if (!list_empty(&share->idle) && !x->fresh) {
		reuse(CONTAINER_OF(share->idle.prev, struct connection, same),
		      x);
		return true;
	}
	if (share->open >= w->max_per_host)
		make_room(CONTAINER_OF(share->idle.next, struct connection,
				       same));
	else if (w->open >= w->max_open)
		make_room(CONTAINER_OF(w->idle.next, struct connection, idle));
	return open_connection(w, x);
}

static void serve_waiting(struct worker *w)
{
	bool over = clock_ns() >= w->run->plan.end_ns;
	struct list *link = w->waiting.next;

	while (link != &w->waiting) {
		struct exchange *x = CONTAINER_OF(link, struct exchange, link);

		link = link->next;
		if (over && !x->begun) {
			stop_waiting(w, x);
			exchange_drop(x);
		} else if (may_go(w, x)) {
			stop_waiting(w, x);
			if (!go(w, x))
				wait_for_turn(w, x);
		}
	}
}

static void set_alarm(struct worker *w, int64_t when_ns)
{
	struct itimerspec at = { .it_value = { when_ns / 1000000000,
					       when_ns % 1000000000 } };

	timerfd_settime(w->alarm.fd, TFD_TIMER_ABSTIME, &at, NULL);
}

/* The next request of the plan, or NULL for now. */
static struct exchange *take_planned(struct worker *w)
{
	struct exchange *x;
	uint64_t number;
	int64_t when;

	switch (plan_take(&w->run->plan, clock_ns(), &number, &when)) {
	case PLAN_OVER:
		w->plan_over = true;
		return NULL;
	case PLAN_LATER:
		set_alarm(w, when);
		return NULL;
	default:
		x = exchange_new(w->run, w->stats, number, when);
		if (!x)
			return NULL;
		x->owner = w;
		loop_timer_init(&x->timer, on_waited);
		return x;
	}
}

static void serve(struct worker *w)
{
	struct exchange *x;

	if (!list_empty(&w->waiting))
		serve_waiting(w);
	while (!w->plan_over && w->nwaiting < w->max_open &&
	       (has_room(w) || !list_empty(&w->idle))) {
		x = take_planned(w);
		if (!x)
			break;
		if (!may_go(w, x) || !go(w, x))
			wait_for_turn(w, x);
	}
	if (w->plan_over && !w->busy && !w->nwaiting)
		loop_stop(w->loop);
}

static void on_serve(struct loop_task *task)
{
	serve(CONTAINER_OF(task, struct worker, serve));
}

static void on_room(struct loop_task *task)
{
	struct worker *w = CONTAINER_OF(task, struct worker, room);

	w->tasks_full = false;
	serve(w);
}

static void on_alarm(struct loop_fd *lf, unsigned int ready)
{
	struct worker *w = CONTAINER_OF(lf, struct worker, alarm);
	uint64_t times;

	(void)ready;
	if (read(lf->fd, &times, sizeof(times)) > 0)
		serve(w);
}

/* ------------------------------------------------------------- the worker */

static void on_stop(struct loop_task *task)
{
	struct worker *w = CONTAINER_OF(task, struct worker, stop);
	struct list *link = w->connections.next;

	while (link != &w->connections) {
		struct connection *c =
			CONTAINER_OF(link, struct connection, link);

		link = link->next;
		if (!c->x)
			continue;
		exchange_drop(take_exchange(c));
		close_connection(c);
	}
	while (!list_empty(&w->waiting)) {
		struct exchange *x =
			CONTAINER_OF(w->waiting.next, struct exchange, link);

		stop_waiting(w, x);
		exchange_drop(x);
	}
	w->plan_over = true;
	loop_stop(w->loop);
}

/* This worker's share of N, which all of them have together. */
static size_t share_of(const struct worker *w, size_t n)
{
	size_t workers = w->run->options->workers;

	return n / workers + ((size_t)w->index < n % workers);
}

struct worker *worker_create(struct run *run, int index)
{
	const struct options *o = run->options;
	struct worker *w = calloc(1, sizeof(*w));
	int fd;

	if (!w)
		return NULL;
	w->run = run;
	w->index = index;
	w->stats = &run->stats[index];
	w->max_open = share_of(w, o->connections);
	w->max_per_host = o->per_host ? share_of(w, o->per_host) : SIZE_MAX;
	list_init(&w->connections);
	list_init(&w->idle);
	list_init(&w->waiting);
	loop_task_init(&w->serve, on_serve);
	loop_task_init(&w->room, on_room);
	loop_task_init(&w->stop, on_stop);
	loop_fd_init(&w->alarm, on_alarm);
	w->loop = loop_create(&poller_epoll_et, o->connections);
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (w->loop && fd >= 0 &&
	    loop_fd_start(w->loop, &w->alarm, fd, POLLER_READ) == 0)
		return w;
	w->alarm.fd = fd;
	worker_destroy(w);
	return NULL;
}

void worker_run(struct worker *w)
{
	const uint64_t one = 1;

	if (w->max_open && w->max_per_host) {
		loop_defer(w->loop, &w->serve);
		loop_run(w->loop);
	}
	if (write(w->run->ended_fd, &one, sizeof(one)) < 0)
		return;
}

void worker_stop(struct worker *w)
{
	loop_post(w->loop, &w->stop);
}

void worker_destroy(struct worker *w)
{
	while (!list_empty(&w->connections)) {
		struct connection *c = CONTAINER_OF(w->connections.next,
						    struct connection, link);

		if (c->state == RESOLVING)
			free_orphan(c);
		else
			close_connection(c);
	}
	loop_fd_stop(&w->alarm);
	if (w->alarm.fd >= 0)
		close(w->alarm.fd);
	loop_destroy(w->loop);
	free(w);
}
