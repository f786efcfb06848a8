/* SPDX-License-Identifier: MIT */
/*
 * Tasks 1 to 3: conn.c against a model. Random calls are made by conn-driver,
 * and its peer does random things meanwhile; after each step all that conn.h
 * lets a caller see must be what the model says. What the kernel takes of a
 * message is its own affair: there the model knows the bounds, and that the
 * peer gets every byte that was taken on, in order.
 */
#include <stdio.h>
#include <string.h>

#include "conn_start.h"

#define CHUNK 16384 /* CONN_CHUNK of conn.h */
#define STEPS 120
#define WIRE  30000 /* bytes under way to the driver at most */
#define SENT  (4 << 20)

struct model {
	struct conn_test t;
	size_t ceiling;
	size_t wire;	 /* sent by the peer, and not received by conn */
	bool shut;	 /* the peer has half-closed */
	bool stays;	 /* nobody ends anything, up to the reset */
	size_t received; /* taken out of `in` by the driver so far */
	size_t in, out;
	bool eof, finishing;
	size_t taken, seen; /* taken on by conn_send(), read by the peer */
	const char *sent; /* what the driver's "bytes" sends, from its first */
};

static char letter(size_t at)
{
	static const char text[] = "the bytes that come, in their order, ";

	return text[at % (sizeof(text) - 1)];
}

/* All that can be seen of it. */
static void look(struct model *m)
{
	bool reads = !m->eof && m->in < m->ceiling && m->out < m->ceiling;
	char want[80];

	snprintf(want, sizeof(want), "in %zu out %zu %c%c %s", m->in, m->out,
		 reads ? 'r' : '-', m->out ? 'w' : '-',
		 !m->eof		   ? "open"
		 : m->finishing && !m->out ? "done"
					   : "eof");
	expect_show(m->t.prog, want);
	if (m->in || m->out)
		return;
	judge_promise("An idle connection holds no buffer at all");
	prog_ask(m->t.prog, "0", "memory");
}

/* How much is left in `out`, when LEAST to MOST may be. */
static void look_at_out(struct model *m, size_t least, size_t most)
{
	const char *line = prog_answer(m->t.prog, "show");

	m->out = SIZE_MAX;
	sscanf(line, "in %*u out %zu", &m->out);
	judge_check(m->out >= least && m->out <= most,
		    "in `out` what was taken on and not by the socket",
		    "\"%s\", and %zu to %zu bytes may be there", line, least,
		    most);
}

/* ---- what comes in ---- */

static void peer_sends(struct model *m)
{
	size_t n = judge_random_between(1, 3000);
	char data[3000];

	if (m->shut || m->in + m->wire + n > WIRE)
		return;
	for (size_t i = 0; i < n; i++)
		data[i] = letter(m->received + m->in + m->wire + i);
	peer_send(m->t.peer, data, n);
	m->wire += n;
	prog_ask(m->t.prog, "ready", "await %zu", m->wire);
}

static void peer_ends(struct model *m)
{
	if (m->shut || m->stays || judge_random_between(0, 9))
		return;
	peer_half_close(m->t.peer);
	m->shut = true;
	/* So many will never come: it is ready at the end alone. */
	prog_ask(m->t.prog, "ready", "await %zu", m->wire + 1);
}

/* What one conn_read() does: the number, or -1 and an errno's name. */
static long model_read(struct model *m, const char **error)
{
	size_t n = m->ceiling - m->in;

	*error = m->in == m->ceiling	? "ENOBUFS"
		 : !m->wire && !m->shut ? "EAGAIN"
					: "";
	if (**error)
		return -1;
	n = n < CHUNK ? n : CHUNK;
	n = n < m->wire ? n : m->wire;
	m->wire -= n;
	m->in += n;
	m->eof = m->eof || !n;
	return (long)n;
}

static void reads(struct model *m)
{
	const char *error;
	long n = model_read(m, &error);

	judge_promise("One recv(2) of at most CONN_CHUNK bytes");
	if (!strcmp(error, "ENOBUFS"))
		judge_promise("ENOBUFS `in` is full: consume first");
	prog_input(m->t.prog, "read");
	prog_expect_line(m->t.prog, "%ld%s%s", n, *error ? " " : "", error);
}

static void drains(struct model *m)
{
	static const size_t budgets[] = {
		1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1
	};
	size_t budget = budgets[judge_random() % 7], got = 0;
	const char *error = "", *want = "more";
	long n = 1;

	while (got < budget && n > 0) {
		n = model_read(m, &error);
		got += n > 0 ? (size_t)n : 0;
	}
	if (n == 0)
		want = "eof";
	else if (!strcmp(error, "EAGAIN"))
		want = "drained";
	judge_promise("conn_read() again and again, until the socket");
	prog_ask(m->t.prog, want, "drain %zu", budget);
}

static void takes(struct model *m)
{
	char want[WIRE + 16], *p = want + sprintf(want, "%zu ", m->in);

	for (size_t i = 0; i < m->in; i++)
		*p++ = letter(m->received + i);
	*p = '\0';
	judge_promise("One recv(2) of at most CONN_CHUNK bytes");
	/* Longer than prog_expect_line() takes. */
	judge_check(!strcmp(prog_answer(m->t.prog, "take"), want),
		    "the bytes that have come, in their order", "others");
	m->received += m->in;
	m->in = 0;
}

/* ---- what goes out ---- */

static void sends(struct model *m)
{
	size_t room = m->ceiling - m->out;
	size_t some = judge_random_between(0, 2000);
	size_t large = judge_random_between(0, 200000);
	const size_t sizes[] = { 0,    1,	 some,	large,
				 room, room + 1, large, room + large };
	size_t n = sizes[judge_random() % 8];
	const char *want = m->finishing ? "-1 EPIPE"
			   : n > room	? "-1 ENOBUFS"
					: "0";

	if (m->taken + n > SENT)
		return;
	judge_promise("Sends the N bytes at DATA: at once as much");
	if (!strcmp(want, "-1 EPIPE"))
		judge_promise("EPIPE after conn_finish(), or the peer has");
	else if (!strcmp(want, "-1 ENOBUFS"))
		judge_promise("ENOBUFS the ceiling of `out` could be passed");
	prog_ask(m->t.prog, want, "bytes %zu", n);
	if (strcmp(want, "0"))
		return;
	m->taken += n;
	/* What waits before it keeps all of it waiting. */
	look_at_out(m, m->out ? m->out + n : 0, m->out + n);
}

static void flushes(struct model *m)
{
	judge_promise("Sends from `out` as much as the socket takes");
	prog_ask(m->t.prog, "0", "flush");
	look_at_out(m, 0, m->out);
}

static void finishes(struct model *m)
{
	if (m->stays || judge_random_between(0, 9))
		return;
	judge_promise("Returns 0, or -1 with errno as conn_flush().");
	prog_ask(m->t.prog, "0", "finish");
	m->finishing = true;
}

static void peer_reads(struct model *m)
{
	size_t there = m->taken - m->out - m->seen;
	size_t n = judge_random_between(0, there < PART ? there : PART);

	judge_promise("Sends the N bytes at DATA: at once as much");
	peer_expect(m->t.peer, m->sent + m->seen, n);
	m->seen += n;
}

/* ---- the game ---- */

/* The rest, and the end of what was finished. */
static void ends_well(struct model *m)
{
	judge_promise("Sends from `out` as much as the socket takes");
	prog_input(m->t.prog, "flush_all");
	peer_expect(m->t.peer, m->sent + m->seen, m->taken - m->seen);
	prog_expect_line(m->t.prog, "0");
	m->out = 0;
	look(m);
	judge_promise("Once `out` is empty after conn_finish()");
	if (m->finishing)
		peer_expect_eof(m->t.peer);
}

/* A reset is the next thing to be read, and then nobody is there. */
static void ends_badly(struct model *m)
{
	peer_reset(m->t.peer);
	prog_ask(m->t.prog, "ready", "await %d", WIRE);
	judge_promise("CONN_LOST with errno, as conn_read() says");
	prog_ask(m->t.prog, "lost ECONNRESET", "drain 100000");
	judge_promise("EPIPE after conn_finish(), or the peer has");
	prog_ask(m->t.prog, "-1 EPIPE", "send x");
	judge_promise("Returns 0, or -1 with errno as conn_flush().");
	judge_check(!strncmp(prog_answer(m->t.prog, "finish"), "-1 ", 3),
		    "-1: nobody is there to be told the end", "0");
}

static void play(size_t ceiling, bool stays, const char *sent)
{
	static void (*const steps[])(struct model *) = {
		peer_sends, peer_sends, peer_sends, peer_ends,	reads,
		reads,	    drains,	drains,	    takes,	takes,
		sends,	    sends,	sends,	    sends,	flushes,
		flushes,    finishes,	peer_reads, peer_reads,
	};
	struct model m = { .ceiling = ceiling, .stays = stays, .sent = sent };
	char text[24];

	snprintf(text, sizeof(text), "%zu", ceiling);
	m.t = conn_start_stalled(text);
	for (int i = 0; i < STEPS; i++) {
		steps[judge_random() % (sizeof(steps) / sizeof(steps[0]))](&m);
		look(&m);
	}
	ends_well(&m);
	for (takes(&m); stays && m.wire > 0; takes(&m))
		drains(&m);
	if (stays)
		ends_badly(&m);
	judge_promise("May be called twice.");
	prog_ask(m.t.prog, "closed", "close");
	prog_ask(m.t.prog, "closed", "close");
	conn_end(&m.t);
}

void conn_follows_the_model(void)
{
	static const size_t ceilings[] = { 1,	  2,	     1000,  CHUNK - 1,
					   CHUNK, CHUNK + 1, 40000, 1000000 };
	const char *sent = pattern(SENT);

	judge_checking("conn_any_calls");
	for (size_t i = 0; i < sizeof(ceilings) / sizeof(ceilings[0]); i++)
		play(ceilings[i], i % 2, sent);
	judge_checking(NULL);
}
