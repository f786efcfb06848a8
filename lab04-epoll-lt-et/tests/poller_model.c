/* SPDX-License-Identifier: MIT */
/*
 * Task 1: poller_epoll.c against a model. Random things happen to a few socket
 * pairs, and each wait must report what the model says: what holds (level), or
 * what holds of what is new (edge). See tests/drivers/poller-driver.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab04.h"

#define ENDS	8
#define STEPS	900
#define LETTERS "RWDHE"

enum { R = 1, W = 2, D = 4, H = 8, E = 16 };

/* An end of a socket pair, as the model sees it. */
struct end {
	bool watched;
	unsigned int interest;
	unsigned int before; /* the interest that the last change ended */
	size_t unread;	     /* bytes that came and were not read */
	bool full;	     /* takes no more: its peer does not read */
	bool shut;	     /* the peer has shut down writing */
	bool hung;	     /* the peer has closed */
	bool error;	     /* ... with bytes unread */
	bool news; /* edge: something has happened since the last report */
};

static struct end ends[ENDS];
static struct prog *driver;

static const char *letters(unsigned int bits)
{
	static char text[4][8];
	static int next;
	char *p = text[next = (next + 1) % 4], *begin = p;

	for (int i = 0; LETTERS[i]; i++)
		if (bits & 1u << i)
			*p++ = LETTERS[i];
	*p = '\0';
	return begin;
}

static unsigned int bits_of(const char *text)
{
	unsigned int bits = 0;

	for (; *text && *text != ' '; text++)
		if (strchr(LETTERS, *text))
			bits |= 1u << (strchr(LETTERS, *text) - LETTERS);
	return bits;
}

/* What holds of E and is wanted to be known; HUP and ERR always are. */
static unsigned int holds(const struct end *e)
{
	unsigned int level = 0;

	if (e->unread || e->shut || e->hung)
		level |= R;
	if (!e->full || e->hung)
		level |= W;
	if (e->shut || e->hung)
		level |= D;
	if (e->hung)
		level |= H;
	if (e->error)
		level |= E;
	return level & (e->interest | H | E);
}

static void tell(const char *verb, int i, long arg, const char *want)
{
	prog_input(driver, "%s %d %ld", verb, i, arg);
	if (want)
		prog_expect_line(driver, "%s", want);
	else
		prog_line(driver);
}

static void watch(struct end *e, int i)
{
	const char *verb = e->watched ? "mod" : "add";

	e->before = e->watched ? e->interest : 0;
	e->interest = (unsigned int)judge_random_between(1, 7);
	prog_input(driver, "%s %d %s", verb, i, letters(e->interest));
	prog_expect_line(driver, "0");
	e->watched = true;
	if (holds(e))
		e->news = true;
}

static void unwatch(struct end *e, int i)
{
	tell("del", i, 0, "0");
	e->watched = e->news = false;
}

/* Closes both ends in order, and makes a new pair of that name. */
static void renew(struct end *e, int i)
{
	if (e->watched)
		unwatch(e, i);
	tell("close", i, 0, "0");
	if (!e->hung)
		tell("hang", i, 0, "0");
	tell("pair", i, 0, NULL);
	*e = (struct end){ 0 };
}

static void arrive(struct end *e, int i)
{
	char want[16];
	size_t n = judge_random_between(1, 100);

	snprintf(want, sizeof(want), "%zu", n);
	tell("write", i, (long)n, want);
	e->unread += n;
	e->news = e->news || (e->interest & R);
}

static void consume(struct end *e, int i)
{
	size_t n = judge_random_between(1, e->unread);
	char want[16];

	snprintf(want, sizeof(want), "%zu", n);
	tell("read", i, (long)n, want);
	e->unread -= n;
}

static void hang_up(struct end *e, int i)
{
	tell("hang", i, 0, "0");
	e->error = e->full;
	e->hung = e->news = true;
}

/* Something happens to an end, if it can. */
static void happen(struct end *e, int i)
{
	switch (judge_random() % 16) {
	case 0 ... 2:
		watch(e, i);
		break;
	case 3:
		if (e->watched)
			unwatch(e, i);
		break;
	case 4 ... 7:
		if (!e->shut && !e->hung)
			arrive(e, i);
		break;
	case 8 ... 10:
		if (e->unread)
			consume(e, i);
		break;
	case 11:
		if (!e->full && !e->hung)
			tell("fill", i, 0, NULL);
		e->full = e->full || !e->hung;
		break;
	case 12:
		if (e->full && !e->hung) {
			tell("empty", i, 0, NULL);
			e->full = false;
			e->news = e->news || (e->interest & W);
		}
		break;
	case 13:
		if (!e->shut && !e->hung) {
			tell("shut", i, 0, "0");
			e->shut = e->news = true;
		}
		break;
	case 14:
		if (!e->hung)
			hang_up(e, i);
		break;
	default:
		renew(e, i);
	}
}

/* What the next wait has to report, as poller_play.h writes it, by number. */
static size_t expected(bool edge, unsigned int want[ENDS])
{
	size_t n = 0;

	for (int i = 0; i < ENDS; i++) {
		struct end *e = &ends[i];

		want[i] = 0;
		if (e->watched && (!edge || e->news))
			want[i] = holds(e);
		e->news = false;
		n += want[i] != 0;
	}
	return n;
}

/*
 * What is wrong if GOT was reported of E in place of WANT. Under edge it is about
 * what is news, and on a ring about what holds of it; both kinds translate.
 */
static void about(bool edge, const struct end *e, unsigned int want,
		  unsigned int got)
{
	unsigned int extra = got & ~want;

	if (got && !e->watched)
		judge_promise("No later wait() reports FD.");
	else if (edge && got && (want || !holds(e)))
		judge_promise("A descriptor is reported once a wait, however");
	else if (edge)
		judge_promise(
			"With it, a readiness is reported once it begins");
	else if (want && (got ^ want) & (D | H | E))
		judge_promise("Two translations of bits: from `POLLER_READ`");
	else if (extra & e->before & ~e->interest)
		judge_promise("Watches FD for INTEREST, which is not 0,");
	else if (got && want)
		judge_promise("Two translations of bits: from `POLLER_READ`");
	else
		judge_promise("Without POLLER_EDGE, a readiness is reported");
}

/* About the first end of which the reports in LINE are not what is wanted. */
static void about_the_reports(bool edge, const char *line,
			      const unsigned int want[ENDS])
{
	unsigned int got[ENDS] = { 0 };
	int i;

	for (const char *p = strchr(line, ' '); p; p = strchr(p + 1, ' '))
		if (sscanf(p, " %d:", &i) == 1 && i >= 0 && i < ENDS)
			got[i] |= bits_of(strchr(p, ':') + 1);
	for (i = 0; i < ENDS; i++) {
		if (got[i] == want[i])
			continue;
		about(edge, &ends[i], want[i], got[i]);
		return;
	}
}

static void about_all(bool edge)
{
	judge_promise("Without POLLER_EDGE, a readiness is reported");
	if (edge)
		judge_promise(
			"With it, a readiness is reported once it begins");
}

static void check_wait(bool edge)
{
	unsigned int want[ENDS], got[ENDS] = { 0 };
	size_t n = expected(edge, want);
	char line[512];
	const char *p;
	int i;

	about_all(edge);
	snprintf(line, sizeof(line), "%s",
		 prog_answer(driver, "wait %d 0", ENDS * 2));
	about_the_reports(edge, line, want);
	judge_check(strtoul(line, NULL, 10) == n,
		    "as many reports as there "
		    "are ends to be reported",
		    "\"%s\", and it should be %zu", line, n);
	for (p = strchr(line, ' '); p; p = strchr(p + 1, ' ')) {
		judge_check(sscanf(p, " %d:", &i) == 1 && i < ENDS && !got[i],
			    "each end once at most, and no other descriptor",
			    "\"%s\"", line);
		got[i] = bits_of(strchr(p, ':') + 1);
	}
	for (i = 0; i < ENDS; i++)
		judge_check(got[i] == want[i],
			    "each end's readiness as it is, of what was asked "
			    "for",
			    "%d:%s instead of %d:%s, interest %s, in \"%s\"", i,
			    letters(got[i]), i, letters(want[i]),
			    letters(ends[i].interest), line);
	about_all(edge);
}

void poller_follows_the_model(const char *kind)
{
	bool edge = is_edge(kind);

	about_all(edge);
	driver = poller_driver(NULL, kind);
	for (int i = 0; i < ENDS; i++)
		tell("pair", i, 0, NULL);
	for (int step = 0; step < STEPS; step++) {
		int i = (int)judge_random_between(0, ENDS - 1);

		happen(&ends[i], i);
		if (judge_random() % 3 == 0)
			check_wait(edge);
	}
	check_wait(edge);
	check_wait(edge);
	prog_finish(driver);
}

GRADED(poller, level_reports_what_holds)
{
	poller_follows_the_model("epoll-lt");
}

GRADED(poller, edge_reports_what_is_new)
{
	poller_follows_the_model("epoll-et");
}
