/* SPDX-License-Identifier: MIT */
/*
 * Both directions are the same code: session I reads from its own socket and
 * writes to that of its twin. What follows from one question at a time, whether
 * bytes of a session wait for its twin (`rest`), is written down once, in
 * settle(): who is read from, and who is watched for room.
 *
 *	rest of session	| read its socket?	| wait for room at the twin?
 *	----------------+-----------------------+---------------------------
 *	empty		| until its end		| no
 *	not empty	| no			| yes
 *
 * All reads go to one buffer that the relays of a loop share; mostly all of it
 * can be written at once. Only what cannot is copied to memory of its own.
 *
 * The end of a relay comes while its sockets and their sessions may be in use
 * further up the stack: every function that may end it says OVER if it did, and
 * its caller then touches it no more.
 */
#include "relay.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "sock.h"
#include "splice/pipes.h"
#include "util.h"

#define NS_PER_MS  1000000
#define TICK_NS	   (20 * NS_PER_MS) /* the kernel counts in jiffies */
#define LONG_READS 4 /* that many full reads in a row are a long stream */

enum { ASKING, WAITING, CONNECTING, RELAYING };

static struct relay_session *twin_of(struct relay_session *s)
{
	struct relay_session *both = s->relay->session;

	return s == &both[RELAY_CLIENT] ? &both[RELAY_SERVER]
					: &both[RELAY_CLIENT];
}

static bool is_client(const struct relay_session *s)
{
	return s == &s->relay->session[RELAY_CLIENT];
}

/* ---- the end ---- */

static void close_session(struct relay_session *s, bool reset)
{
	free(s->rest);
	s->rest = NULL;
	if (s->pipe)
		pipes_give(s->relay->place->pipes, s->pipe);
	s->pipe = NULL;
	loop_fd_stop(&s->watch);
	if (s->watch.fd < 0)
		return;
	if (reset)
		sock_set_linger(s->watch.fd, 0);
	close(s->watch.fd);
	s->watch.fd = -1;
}

/*
 * What became of a step in one direction: go on; nothing to read; no room to
 * write; the end of the stream; the relay is no more.
 */
enum step { MORE, DRY, FULL, END, OVER };

/* With RESET, its sockets are reset. */
static enum step finish(struct relay *r, enum relay_reason reason, bool reset)
{
	loop_timer_stop(&r->timer);
	loop_task_cancel(r->place->loop, &r->task);
	close_session(&r->session[RELAY_CLIENT], reset);
	close_session(&r->session[RELAY_SERVER], reset);
	r->place->ops->ended(r, reason);
	return OVER;
}

void relay_end(struct relay *r, enum relay_reason reason)
{
	finish(r, reason, r->state == RELAYING);
}

/* ---- bytes ---- */

/* Whether bytes of S wait for room at its twin. */
static bool has_rest(const struct relay_session *s)
{
	return s->rest_len || s->pipe;
}

static void count(struct relay_session *s, size_t n)
{
	_Atomic uint64_t *bytes = &s->relay->bytes[!is_client(s)];
	uint64_t before = atomic_load_explicit(bytes, memory_order_relaxed);

	/* Nobody else writes, so that it need not be one operation. */
	atomic_store_explicit(bytes, before + n, memory_order_relaxed);
	s->relay->moved_ns = loop_now_ns(s->relay->place->loop);
}

/* Keeps the N bytes at DATA, which S's twin has no room for. */
static int keep_rest(struct relay_session *s, const char *data, size_t n)
{
	s->rest = malloc(n);
	if (!s->rest)
		return -1;
	memcpy(s->rest, data, n);
	s->rest_at = 0;
	s->rest_len = (uint32_t)n;
	return 0;
}

static ssize_t send_some(int fd, const char *data, size_t n)
{
	ssize_t sent;

	do {
		sent = send(fd, data, n, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent;
}

static ssize_t receive(const struct relay_session *s)
{
	const struct relay_place *place = s->relay->place;
	ssize_t n;

	do {
		n = recv(s->watch.fd, place->scratch, place->size, 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

/*
 * The peer of S has reset the connection, or is out of reach. What it had sent
 * before is still passed on, as far as there is room.
 */
static enum step lost(struct relay_session *s)
{
	const char *data = s->relay->place->scratch;
	int to = twin_of(s)->watch.fd;
	ssize_t n = 0;

	while (!has_rest(s) && (n = receive(s)) > 0) {
		count(s, (size_t)n);
		if (send_some(to, data, (size_t)n) < n)
			break;
	}
	return finish(s->relay,
		      is_client(s) ? RELAY_CLIENT_RESET : RELAY_SERVER_RESET,
		      true);
}

/* Writes to the twin of S what waits for it. */
static enum step flush(struct relay_session *s)
{
	struct relay_session *to = twin_of(s);
	ssize_t n;

	while (has_rest(s)) {
		n = s->pipe ? pipes_drain(s->pipe, to->watch.fd)
			    : send_some(to->watch.fd, s->rest + s->rest_at,
					s->rest_len);
		if (n < 0)
			return errno == EAGAIN ? FULL : lost(to);
		if (s->pipe && s->pipe->len == 0) {
			pipes_give(s->relay->place->pipes, s->pipe);
			s->pipe = NULL;
		} else if (!s->pipe) {
			s->rest_at += (uint32_t)n;
			s->rest_len -= (uint32_t)n;
		}
	}
	free(s->rest);
	s->rest = NULL;
	return MORE;
}

/* Bytes came from S: how long did the server take to answer? */
static void time_answer(struct relay_session *s)
{
	struct relay *r = s->relay;
	int64_t now_ns;

	if (!r->limits.timed ||
	    (is_client(s) ? r->asked && r->spoken : !r->asked))
		return;
	now_ns = clock_ns();
	if (!is_client(s))
		r->place->ops->answered(r, now_ns - r->began_ns);
	r->began_ns = now_ns;
	r->asked = is_client(s);
	r->spoken = true;
}

/* ---- one direction: from the socket of S to that of its twin ---- */

/* The same as step(), by way of a pipe. */
static enum step splice_step(struct relay_session *s)
{
	struct pipes *pipes = s->relay->place->pipes;
	ssize_t n = -1;
	int err;

	s->pipe = pipes_take(pipes);
	if (s->pipe)
		n = pipes_fill(s->pipe, s->watch.fd);
	if (n > 0) {
		count(s, (size_t)n);
		time_answer(s);
		return flush(s);
	}
	/* Nothing there, or no pipe: the next read goes the other way. */
	err = s->pipe ? errno : 0;
	pipes_give(pipes, s->pipe);
	s->pipe = NULL;
	s->full = 0;
	if (n == 0)
		return END;
	if (err == 0)
		return MORE;
	return err == EAGAIN ? DRY : lost(s);
}

/* Reads once, and writes what came. */
static enum step step(struct relay_session *s)
{
	const struct relay_place *place = s->relay->place;
	struct relay_session *to = twin_of(s);
	ssize_t n, sent;

	if (place->pipes && s->full >= LONG_READS)
		return splice_step(s);
	n = receive(s);
	if (n == 0)
		return END;
	if (n < 0 && errno == EAGAIN)
		return DRY;
	if (n < 0)
		return lost(s);
	count(s, (size_t)n);
	time_answer(s);
	sent = send_some(to->watch.fd, place->scratch, (size_t)n);
	if (sent < 0 && errno != EAGAIN)
		return lost(to);
	sent = MAX(sent, (ssize_t)0);
	if (sent < n) {
		if (keep_rest(s, place->scratch + sent, (size_t)(n - sent)) < 0)
			return lost(s);
		return FULL;
	}
	if ((size_t)n == place->size) {
		s->full++;
		return MORE;
	}
	s->full = 0;
	/*
	 * It gave less than was asked for, so it is empty, and what comes now
	 * is a new edge. The end may be in the same report as the bytes.
	 */
	return s->last ? MORE : DRY;
}

/* ---- what is to be watched, and until when ---- */

/*
 * Before there is a server, and after the end of a stream, there is nothing to
 * be read, but a reset is still to be heard of. An edge-triggered poller says
 * only once what there is; any other would repeat it, and may not be asked.
 */
static unsigned int interest_of(struct relay_session *s)
{
	const struct relay *r = s->relay;
	bool edge = loop_is_edge(r->place->loop);
	unsigned int interest = 0;

	if (edge || !s->last)
		interest |= POLLER_RDHUP;
	if (!has_rest(s) && (edge || (r->state == RELAYING && !s->ended)))
		interest |= POLLER_READ;
	if (has_rest(twin_of(s)))
		interest |= POLLER_WRITE;
	return interest;
}

/* Sets the timer to the end of the silence that is granted. */
static void watch_silence(struct relay *r)
{
	int64_t end_ns = INT64_MAX;

	if (r->limits.idle_ms)
		end_ns = r->moved_ns + r->limits.idle_ms * NS_PER_MS;
	if (r->limits.half_close_ms && r->ended_ns)
		end_ns = MIN(end_ns,
			     MAX(r->moved_ns, r->ended_ns) +
				     r->limits.half_close_ms * NS_PER_MS);
	if (end_ns != INT64_MAX)
		loop_timer_start_at(r->place->loop, &r->timer, end_ns);
}

/* S has sent its last byte, and all before it has gone on. */
static enum step pass_end(struct relay_session *s)
{
	struct relay_session *to = twin_of(s);
	struct relay *r = s->relay;

	if (to->ended && !has_rest(to))
		return finish(r,
			      r->server_first ? RELAY_SERVER_CLOSED
					      : RELAY_CLIENT_CLOSED,
			      false);
	if (!s->told)
		shutdown(to->watch.fd, SHUT_WR);
	s->told = true;
	return END;
}

static void note_end(struct relay_session *s)
{
	struct relay *r = s->relay;

	s->ended = true;
	if (r->ended_ns)
		return;
	r->ended_ns = loop_now_ns(r->place->loop);
	r->server_first = !is_client(s);
	watch_silence(r);
}

/* Moves what the peer of S sends, until there is a reason to stop. */
static enum step pump(struct relay_session *s)
{
	size_t moved = 0;
	enum step last = MORE;

	while (last == MORE && !s->ended && !has_rest(s)) {
		if (moved >= RELAY_BUDGET) {
			loop_fd_again(&s->watch, POLLER_READ);
			break;
		}
		last = step(s);
		if (last == OVER)
			return OVER;
		/* Behind a FIN a reset is no error of recv(2): it says 0. */
		if (last == END && s->hurt && sock_error(s->watch.fd))
			return lost(s);
		if (last == END)
			note_end(s);
		moved += s->relay->place->size;
	}
	if (s->ended && !has_rest(s))
		return pass_end(s);
	return last;
}

static void settle(struct relay *r)
{
	for (int i = 0; i < 2; i++)
		loop_fd_modify(&r->session[i].watch,
			       interest_of(&r->session[i]));
}

/* ---- the poller's reports ---- */

static void on_relaying(struct relay_session *s, unsigned int ready)
{
	struct relay_session *twin = twin_of(s);
	struct relay *r = s->relay;

	if (ready & (POLLER_RDHUP | POLLER_HUP))
		s->last = true;
	if (ready & POLLER_ERR)
		s->hurt = true;
	/* Where nobody is going to read, the error is to be asked for. */
	if (s->hurt && (s->ended || has_rest(s)) && sock_error(s->watch.fd)) {
		lost(s);
		return;
	}
	if ((ready & POLLER_WRITE) && has_rest(twin)) {
		enum step flushed = flush(twin);

		if (flushed == OVER || (flushed == MORE && pump(twin) == OVER))
			return;
	}
	if ((ready & POLLER_READ) && pump(s) == OVER)
		return;
	settle(r);
}

/* ---- connecting ---- */

/* A try is over without success. */
static void try_failed(struct relay *r, int error)
{
	loop_timer_stop(&r->timer);
	r->place->ops->failed(r, error);
	r->state = ASKING;
	if (r->tries < r->limits.tries)
		loop_defer(r->place->loop, &r->task);
	else
		finish(r, RELAY_CONNECT_FAILED, false);
}

/* The address at hand has until then: an equal share of what is left. */
static void watch_attempt(struct relay *r)
{
	int64_t now_ns = clock_ns();
	int64_t untried = (int64_t)(r->target.count - r->address) + 1;

	if (r->try_end_ns != INT64_MAX)
		loop_timer_start_at(r->place->loop, &r->timer,
				    now_ns +
					    (r->try_end_ns - now_ns) / untried);
}

/* WAS_RESET: and the server has reset it since. */
static void on_connected(struct relay *r, bool was_reset)
{
	struct relay_session *client = &r->session[RELAY_CLIENT];
	struct loop *loop = r->place->loop;
	int64_t now_ns = clock_ns();

	loop_timer_stop(&r->timer);
	r->place->ops->connected(r, now_ns - r->began_ns);
	r->state = RELAYING;
	r->began_ns = now_ns;
	r->moved_ns = loop_now_ns(loop);
	if (was_reset) {
		lost(&r->session[RELAY_SERVER]);
		return;
	}
	watch_silence(r);
	if (r->target.preface_len &&
	    keep_rest(client, r->target.preface, r->target.preface_len) < 0) {
		finish(r, RELAY_CONNECT_FAILED, true);
		return;
	}
	/* A server that is gone by now has ended the relay, and *R with it. */
	if (r->target.preface_len && flush(client) == OVER)
		return;
	/* Most clients have said something by now. */
	if (pump(client) != OVER)
		settle(r);
}

/* How often to probe is the kernel's matter: two calls less a connection. */
static void set_keepalive(int fd)
{
	const int idle_s = RELAY_KEEPALIVE_S, on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

/* A socket on its way to A; -1 with errno. */
static int begin_connect(struct relay *r, const struct addr *a)
{
	struct relay_session *s = &r->session[RELAY_SERVER];
	int fd = socket(a->sa.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -1;
	sock_set_nodelay(fd, true);
	set_keepalive(fd);
	/* Interrupted, it goes on by itself; connected, it is writable. */
	if ((connect(fd, &a->sa, a->len) == 0 || errno == EINPROGRESS ||
	     errno == EINTR) &&
	    loop_fd_start(r->place->loop, &s->watch, fd, POLLER_WRITE) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* Of several addresses: what tells of the server counts more than our trouble. */
static void note_failure(struct relay *r, int error)
{
	if (!relay_error_is_local(error) || !r->error ||
	    relay_error_is_local(r->error))
		r->error = error;
}

/* Goes on to the addresses that are left. */
static void attempt(struct relay *r)
{
	while (r->address < r->target.count) {
		if (begin_connect(r, &r->target.addresses[r->address++]) >= 0) {
			watch_attempt(r);
			return;
		}
		note_failure(r, errno);
	}
	try_failed(r, r->error);
}

/*
 * A reset that answers our SYN is ECONNREFUSED. The other two tell of a
 * connection that was there: EPIPE, if its end came first (tcp_reset() in
 * net/ipv4/tcp_input.c).
 */
static bool was_established(int error)
{
	return error == ECONNRESET || error == EPIPE;
}

static void on_connecting(struct relay *r, unsigned int ready)
{
	struct relay_session *s = &r->session[RELAY_SERVER];
	int error = 0;

	if (ready & (POLLER_ERR | POLLER_HUP))
		error = sock_error(s->watch.fd);
	if (error && !was_established(error)) {
		close_session(s, false);
		note_failure(r, error);
		attempt(r);
		return;
	}
	on_connected(r, error);
}

/* A client that has no server yet: its half-close means nothing, a reset all. */
static void on_early(struct relay_session *s, unsigned int ready)
{
	if (ready & (POLLER_RDHUP | POLLER_HUP))
		s->last = true;
	if ((ready & POLLER_ERR) && sock_error(s->watch.fd))
		finish(s->relay, RELAY_CLIENT_RESET, false);
	else
		loop_fd_modify(&s->watch, interest_of(s));
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct relay_session *s =
		CONTAINER_OF(watch, struct relay_session, watch);

	if (s->relay->state == RELAYING)
		on_relaying(s, ready);
	else if (is_client(s))
		on_early(s, ready);
	else
		on_connecting(s->relay, ready);
}

/*
 * When the kernel last sent bytes to the peer of S; 0 if it does not say so.
 * What it sends once more, for want of an acknowledgement, does not count.
 */
static int64_t last_sent_ns(const struct relay_session *s)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(s->watch.fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
	    info.tcpi_retransmits)
		return 0;
	return clock_ns() - (int64_t)info.tcpi_last_data_sent * NS_PER_MS;
}

/*
 * A slow reader lives on what the kernel holds for it, so bytes can move for
 * minutes of which no event tells. That is asked for only when time seems up.
 */
static void look_for_moves(struct relay *r)
{
	for (int i = 0; i < 2; i++) {
		int64_t sent_ns = last_sent_ns(&r->session[i]);

		if (sent_ns > r->moved_ns + TICK_NS)
			r->moved_ns = sent_ns;
	}
}

static void on_timer(struct loop_timer *timer)
{
	struct relay *r = CONTAINER_OF(timer, struct relay, timer);
	int64_t now_ns = loop_now_ns(r->place->loop);
	int64_t idle_ns = r->limits.idle_ms * NS_PER_MS;

	if (r->state == CONNECTING) {
		close_session(&r->session[RELAY_SERVER], false);
		note_failure(r, ETIMEDOUT);
		attempt(r);
		return;
	}
	look_for_moves(r);
	watch_silence(r);
	if (r->timer.deadline_ns > now_ns)
		return; /* something has moved meanwhile */
	finish(r,
	       idle_ns && r->moved_ns + idle_ns <= now_ns ? RELAY_IDLE
							  : RELAY_HALF_CLOSED,
	       has_rest(&r->session[RELAY_CLIENT]) ||
		       has_rest(&r->session[RELAY_SERVER]));
}

static void on_task(struct loop_task *task)
{
	struct relay *r = CONTAINER_OF(task, struct relay, task);
	struct relay_session *client = &r->session[RELAY_CLIENT];

	if (!loop_fd_started(&client->watch) &&
	    loop_fd_start(r->place->loop, &client->watch, client->watch.fd,
			  interest_of(client)) < 0) {
		finish(r, RELAY_CONNECT_FAILED, false);
		return;
	}
	switch (r->place->ops->next(r, &r->target)) {
	case RELAY_NOBODY:
		finish(r, RELAY_NO_SERVER, false);
		return;
	case RELAY_WAIT:
		r->state = WAITING;
		return;
	case RELAY_TRY:
		break;
	}
	r->state = CONNECTING;
	r->tries++;
	r->address = 0;
	r->began_ns = clock_ns();
	r->try_end_ns = r->limits.connect_ms
				? r->began_ns + r->limits.connect_ms * NS_PER_MS
				: INT64_MAX;
	r->error = 0;
	attempt(r);
}

/* ---- the beginning ---- */

void relay_start(struct relay *r, const struct relay_place *place,
		 const struct relay_limits *limits, int client)
{
	memset(r, 0, sizeof(*r));
	r->place = place;
	r->limits = *limits;
	r->asked = true;
	for (int i = 0; i < 2; i++) {
		loop_fd_init(&r->session[i].watch, on_ready);
		r->session[i].relay = r;
	}
	r->session[RELAY_CLIENT].watch.fd = client;
	loop_timer_init(&r->timer, on_timer);
	loop_task_init(&r->task, on_task);
	loop_defer(place->loop, &r->task);
}

void relay_resume(struct relay *r)
{
	if (r->state != WAITING)
		return;
	r->state = ASKING;
	loop_defer(r->place->loop, &r->task);
}

bool relay_error_is_local(int error)
{
	static const int ours[] = { EMFILE,	   ENFILE,	ENOMEM, ENOBUFS,
				    EADDRNOTAVAIL, EADDRINUSE,	EAGAIN, EACCES,
				    EPERM,	   EAFNOSUPPORT };

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (error == ours[i])
			return true;
	return false;
}

const char *relay_reason_name(enum relay_reason reason)
{
	static const char *const names[] = {
		"client-closed",  "server-closed", "client-reset",
		"server-reset",	  "idle",	   "half-closed",
		"connect-failed", "no-server",	   "limit",
		"queue",	  "cleaned",	   "drain",
	};

	return names[reason];
}
