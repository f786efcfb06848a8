/* SPDX-License-Identifier: MIT */
/*
 * Tasks 1 and 2: both pollers against a model. Random things happen to the ends
 * of some socket pairs, and what a wait reports has to be what the model says,
 * all of it, bit by bit. See tests/drivers/poller-driver.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab03.h"

#define ENDS  10
#define STEPS 700

enum { R = 1, W = 2, D = 4, H = 8, E = 16 };
static const char bit_letters[] = "RWDHE";

/* One end of a pair: what is asked of it, and what has become of it. */
struct end {
	unsigned int interest; /* 0: not watched */
	unsigned int before;   /* the interest that the last change ended */
	unsigned long unread;  /* bytes that wait to be read here */
	bool stuffed;	       /* no byte more can be written here */
	bool half;	       /* the other side has shut down writing */
	bool over;	       /* the other side has closed */
	bool broken;	       /* ... without reading what we had written */
};

struct game {
	struct prog *driver;
	bool select;
	struct end end[ENDS];
};

static const char *to_letters(unsigned int bits, char text[8])
{
	char *p = text;

	for (int i = 0; bit_letters[i]; i++)
		if (bits & 1u << i)
			*p++ = bit_letters[i];
	*p = '\0';
	return text;
}

/* What the kernel has to say of E; select knows of R and W only. */
static unsigned int readiness(const struct game *g, const struct end *e)
{
	unsigned int bits = 0;

	if (e->unread || e->half || e->over)
		bits |= R;
	if (!e->stuffed || e->over)
		bits |= W;
	if (e->half || e->over)
		bits |= D;
	if (g->select)
		return bits & e->interest & (R | W);
	bits &= e->interest;
	return bits | (e->over ? H : 0) | (e->broken ? E : 0);
}

static void watch(struct game *g, int i)
{
	struct end *e = &g->end[i];
	const char *verb = e->interest ? "mod" : "add";
	char text[8];

	judge_promise("Watches FD for INTEREST, which is not 0,");
	e->before = e->interest;
	e->interest = (unsigned int)judge_random_between(1, 7);
	prog_ask(g->driver, "0", "%s %d %s", verb, i,
		 to_letters(e->interest, text));
}

static void unwatch(struct game *g, int i)
{
	judge_promise("No longer watches FD.");
	if (g->end[i].interest)
		prog_ask(g->driver, "0", "del %d", i);
	g->end[i].interest = 0;
}

/* In the right order: del, close, and a new pair that may get the number. */
static void replace(struct game *g, int i)
{
	unwatch(g, i);
	prog_ask(g->driver, "0", "close %d", i);
	if (!g->end[i].over)
		prog_ask(g->driver, "0", "hang %d", i);
	prog_answer(g->driver, "pair %d", i);
	g->end[i] = (struct end){ 0 };
}

static void receive(struct game *g, int i)
{
	struct end *e = &g->end[i];
	unsigned long n = judge_random_between(1, 50);

	if (e->unread && judge_random() % 2) {
		n = judge_random() % 2 ? e->unread : 1;
		prog_input(g->driver, "read %d %lu", i, n);
		e->unread -= n;
	} else if (!e->half && !e->over) {
		prog_input(g->driver, "write %d %lu", i, n);
		e->unread += n;
	} else {
		return;
	}
	prog_expect_line(g->driver, "%lu", n);
}

static void send(struct game *g, int i)
{
	struct end *e = &g->end[i];

	if (e->over)
		return;
	prog_answer(g->driver, "%s %d", e->stuffed ? "empty" : "fill", i);
	e->stuffed = !e->stuffed;
}

static void end(struct game *g, int i)
{
	struct end *e = &g->end[i];

	if (e->over) {
		replace(g, i);
	} else if (e->half || judge_random() % 2) {
		prog_ask(g->driver, "0", "hang %d", i);
		e->over = true;
		e->broken = e->stuffed;
	} else {
		prog_ask(g->driver, "0", "shut %d", i);
		e->half = true;
	}
}

static void happen(struct game *g)
{
	static void (*const things[])(struct game *, int) = {
		watch,	 watch,	  watch,   unwatch, receive, receive,
		receive, receive, receive, send,    send,    end,
	};
	int i = (int)judge_random_between(0, ENDS - 1);

	things[judge_random() % (sizeof(things) / sizeof(things[0]))](g, i);
}

static unsigned int to_bits(const char *text)
{
	unsigned int bits = 0;

	for (int i = 0; bit_letters[i]; i++)
		if (strchr(text, bit_letters[i]))
			bits |= 1u << i;
	return bits;
}

/*
 * What is wrong if GOT is: del() if nobody asks any more, mod() if there is a bit
 * that only the interest before had, else the wait.
 */
static void about(const struct end *e, const char *got)
{
	unsigned int bits = to_bits(got);

	if (bits && !e->interest)
		judge_promise("No longer watches FD.");
	else if (bits & e->before & ~e->interest)
		judge_promise("Watches FD for INTEREST, which is not 0,");
	else
		judge_promise("Waits until something is ready, a signal");
}

/* One wait for all of them: nobody is missing, nobody is too many. */
static void compare(struct game *g)
{
	char got[ENDS][8] = { "" }, want[8];
	char line[256];

	judge_promise("Waits until something is ready, a signal");
	snprintf(line, sizeof(line), "%s", prog_answer(g->driver, "wait 64 0"));
	for (const char *p = strchr(line, ' '); p; p = strchr(p + 1, ' ')) {
		char bits[8] = "";
		int i = -1;

		if (sscanf(p, " %d:", &i) == 1 && i >= 0 && i < ENDS &&
		    got[i][0])
			judge_promise("A descriptor is reported once at most.");
		judge_check(sscanf(p, " %d:%7[RWDHE]", &i, bits) == 2 &&
				    i >= 0 && i < ENDS && !got[i][0],
			    "reports of what is watched, each once, with bits",
			    "\"%s\"", line);
		strcpy(got[i], bits);
	}
	for (int i = 0; i < ENDS; i++) {
		const struct end *e = &g->end[i];

		to_letters(e->interest ? readiness(g, e) : 0, want);
		about(e, got[i]);
		judge_check(!strcmp(got[i], want),
			    "exactly what holds and was asked for, and of poll "
			    "H and E unasked",
			    "of %d: \"%s\" instead of \"%s\"; the whole answer "
			    "was \"%s\"",
			    i, got[i], want, line);
	}
}

static void play_game(const char *kind)
{
	struct game g = { .select = !strcmp(kind, "select") };

	judge_promise("Waits until something is ready, a signal");
	g.driver = poller_driver(NULL, kind);
	for (int i = 0; i < ENDS; i++)
		prog_answer(g.driver, "pair %d", i);
	for (int step = 0; step < STEPS; step++) {
		happen(&g);
		if (step % 3 == 0)
			compare(&g);
	}
	compare(&g);
	compare(&g);
	prog_finish(g.driver);
}

GRADED(select, watches_what_it_is_told)
{
	play_game("select");
}

GRADED(poll, watches_what_it_is_told)
{
	play_game("poll");
}
