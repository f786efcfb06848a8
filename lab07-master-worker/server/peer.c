/* SPDX-License-Identifier: MIT */
/*
 * A client costs what its slot costs: what is read goes through one buffer that
 * all share, and memory of its own is taken only for half a packet, and for
 * bytes that have to wait.
 *
 * All answers to what came in one recv(2) leave in one send(2).
 */
#include "peer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "sock.h"
#include "util.h"

static struct peer *of_session(struct session *s)
{
	return CONTAINER_OF(s, struct peer, session);
}

static int64_t now_ms(const struct peers *all)
{
	return loop_now_ns(all->loop) / 1000000;
}

/* ---- one packet ---- */

/* Answers the packet, or has somebody do it. 0, or -1: no memory. */
static int serve(struct peer *p, const struct frame *f)
{
	struct peers *all = p->all;
	struct logic_work *w = &all->logic;
	enum logic_verdict verdict = logic_begin(w, f);

	stats_add(all->stats, STATS_PACKETS, 1);
	if (verdict == LOGIC_DROPPED) {
		stats_add(all->stats, STATS_DROPPED, 1);
		return 0;
	}
	if (f->code == LOGIC_PING)
		stats_add(all->stats, STATS_PINGS, 1);
	else if (f->code == LOGIC_REGISTER)
		stats_add(all->stats, STATS_REGISTERS, 1);
	else
		stats_add(all->stats, STATS_LOGINS, 1);
	stats_add(all->stats, STATS_ANSWERS, 1);
	if (verdict == LOGIC_SLOW)
		return work_submit(all->work, &p->session, &p->line, w);
	if (f->code != LOGIC_PING)
		stats_add(all->stats, STATS_DONE + (int)w->result, 1);
	return outbox_reply(&p->session.out, w->answer, w->answer_size);
}

/* A packet has come whole. Returns whether the next one may be looked at. */
static bool take_packet(struct peer *p, const struct frame *f)
{
	struct peers *all = p->all;
	const int64_t now = now_ms(all);

	heartbeat_seen(&p->beat, now);
	if (flood_packet(&p->flood, &all->flood, now)) {
		session_finish(&p->session, SESSION_FLOOD);
		return false;
	}
	if (serve(p, f) == 0)
		return true;
	session_close(&p->session, SESSION_LIMIT);
	return false;
}

/* ---- bytes ---- */

/* Whether so much is under way that no more is to be looked at. */
static bool is_full(const struct peer *p)
{
	const struct outbox *out = &p->session.out;

	return out->owed >= PEER_OWED || out->behind >= PEER_BEHIND;
}

/* Keeps the N bytes at DATA for later. */
static void hold(struct peer *p, const void *data, size_t n)
{
	if (buf_append(&p->held, data, n) < 0)
		session_close(&p->session, SESSION_LIMIT);
	else
		session_read_on(&p->session, false);
}

static enum session_reason reason_of(int error)
{
	if (error == EMSGSIZE)
		return SESSION_LENGTH;
	return error == EBADMSG ? SESSION_CRC : SESSION_LIMIT;
}

/* Takes the packets out of the N bytes at DATA, and sends the answers. */
static void take_bytes(struct peer *p, const unsigned char *data, size_t n)
{
	struct session *s = &p->session;
	struct frame f;
	int ret = 0;

	while (!is_full(p) && (ret = frame_read(&p->reader, &data, &n, &f)) > 0)
		if (!take_packet(p, &f))
			break;
	if (s->state == SESSION_OPEN && ret < 0)
		session_finish(s, reason_of(errno));
	else if (s->state == SESSION_OPEN && is_full(p))
		hold(p, data, n);
	session_flush(s);
}

/* If P is to go, and nothing is outstanding, it goes. */
static void let_go(struct peer *p)
{
	struct session *s = &p->session;

	if (p->all->drain == PEERS_STAY || s->state != SESSION_OPEN)
		return;
	/* There may be more in the kernel, and no event will say so. */
	if (!p->dry)
		loop_fd_again(&s->watch, POLLER_READ);
	if (!p->dry || buf_len(&p->held) || !outbox_empty(&s->out))
		return;
	if (p->all->drain == PEERS_GO || p->reader.state == FRAME_HEADER_START)
		session_finish(s, SESSION_DRAIN);
}

static void readable(struct session *s)
{
	struct peer *p = of_session(s);
	struct peers *all = p->all;
	ssize_t n = recv(s->fd, all->bytes, sizeof(all->bytes), 0);

	p->dry = n < (ssize_t)sizeof(all->bytes);
	if (n > 0) {
		take_bytes(p, all->bytes, (size_t)n);
	} else if (n == 0) {
		session_peer_ended(s);
		session_finish(s, SESSION_PEER);
	} else if (errno != EAGAIN && errno != EINTR) {
		session_close(s, SESSION_PEER);
	}
	let_go(p);
}

/* Goes on with what had to wait. */
static void resume(struct peer *p)
{
	const struct outbox *out = &p->session.out;
	struct buf held = p->held;

	if (p->session.state != SESSION_OPEN || p->session.reading ||
	    out->owed > PEER_OWED / 2 || out->behind > PEER_BEHIND / 2)
		return;
	buf_init(&p->held, PEER_READ);
	/* What came meanwhile was not looked at. */
	p->dry = false;
	session_read_on(&p->session, true);
	take_bytes(p, (const unsigned char *)buf_data(&held), buf_len(&held));
	buf_free(&held);
}

void peer_answered(struct session *s)
{
	if (session_flush(s) < 0)
		return;
	resume(of_session(s));
	let_go(of_session(s));
}

/* ---- the beginning and the end ---- */

static void settled(struct session *s)
{
	let_go(of_session(s));
}

static void ended(struct session *s, enum session_reason reason)
{
	struct peer *p = of_session(s);
	char text[ADDR_TEXT_MAX];

	addr_print(&p->addr.sa, p->addr.len, text, sizeof(text));
	log_info("closed %s: %s", text, session_reason_name(reason));
	stats_add(p->all->stats, STATS_CONNECTIONS, -1);
	stats_add(p->all->stats, STATS_CLOSED + (int)reason, 1);
	heartbeat_remove(&p->all->heartbeat, &p->beat);
}

static void closed(struct session *s)
{
	struct peer *p = of_session(s);

	frame_reader_free(&p->reader);
	buf_free(&p->held);
	work_line_clear(&p->line);
	p->all->closed(p->all);
}

const struct session_ops peer_ops = {
	.readable = readable,
	.settled = settled,
	.ended = ended,
	.closed = closed,
};

static void refuse(struct peers *all, int fd, const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];

	addr_print(&addr->sa, addr->len, text, sizeof(text));
	log_info("closed %s: %s", text, session_reason_name(SESSION_LIMIT));
	stats_add(all->stats, STATS_CLOSED + SESSION_LIMIT, 1);
	close(fd);
}

int peer_admit(struct peers *all, int fd)
{
	struct addr addr = { .len = 0 };
	struct session *s;
	struct peer *p;

	/* One that has gone already has no address: its first read says so. */
	if (sock_peer(fd, &addr) < 0)
		addr.len = 0;
	sock_set_nodelay(fd, true);
	s = session_open(all->sessions, fd, now_ms(all));
	if (!s) {
		refuse(all, fd, &addr);
		return -1;
	}
	p = of_session(s);
	p->all = all;
	p->addr = addr;
	p->dry = true;
	p->flood = (struct flood){ 0 };
	frame_reader_init(&p->reader);
	buf_init(&p->held, PEER_READ);
	work_line_init(&p->line);
	heartbeat_add(&all->heartbeat, &p->beat, now_ms(all));
	/* One who is to go, but whose turn to be let in came late. */
	if (all->drain != PEERS_STAY)
		loop_fd_again(&s->watch, POLLER_READ);
	stats_add(all->stats, STATS_ACCEPTED, 1);
	stats_add(all->stats, STATS_CONNECTIONS, 1);
	return 0;
}

static void drain(struct session *s)
{
	if (s->state != SESSION_OPEN)
		return;
	/* What the kernel has got already counts as received. */
	if (s->reading)
		readable(s);
	else
		let_go(of_session(s));
}

void peers_drain(struct peers *all)
{
	sessions_each(all->sessions, drain);
}

void peers_check_silence(struct peers *all)
{
	struct heartbeat_entry *e;

	while ((e = heartbeat_expired(&all->heartbeat, now_ms(all)))) {
		struct peer *p = CONTAINER_OF(e, struct peer, beat);

		/* The end of one that is finishing has a time of its own. */
		if (p->session.state != SESSION_OPEN)
			continue;
		/* While nothing is read of it, its packets wait in the kernel. */
		if (p->session.reading)
			session_close(&p->session, SESSION_HEARTBEAT);
		else
			heartbeat_add(&all->heartbeat, e, now_ms(all));
	}
}

/* The one silent for longest so far stays in `idle`. */
static void look_for_idle(struct session *s)
{
	struct peer *p = of_session(s);
	struct peers *all = p->all;

	if (s->state != SESSION_OPEN || !outbox_empty(&s->out) ||
	    buf_len(&p->held))
		return;
	if (!all->idle || p->beat.last_ms < all->idle->beat.last_ms)
		all->idle = p;
}

bool peers_make_room(struct peers *all)
{
	all->idle = NULL;
	sessions_each(all->sessions, look_for_idle);
	if (!all->idle)
		return false;
	session_close(&all->idle->session, SESSION_LIMIT);
	return true;
}
