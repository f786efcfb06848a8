/* SPDX-License-Identifier: MIT */
#include "session_each.h"

#include <stdio.h>
#include <string.h>

#include "asking.h"

#define CLIENTS 12

/* Where in EVENTS "WHAT SLOT" stands; -1: it does not, -2: more than once. */
static int place_of(const char *events, const char *what, int slot)
{
	char wanted[32], word[32];
	int place = -1, n = 0;

	snprintf(wanted, sizeof(wanted), "%s %d", what, slot);
	for (const char *at = events; *at; n++) {
		size_t len = strcspn(at, ";");

		snprintf(word, sizeof(word), "%.*s", (int)len, at);
		/* Behind the slot may be the reason. */
		if (!strncmp(word, wanted, strlen(wanted)) &&
		    strchr(" ", word[strlen(wanted)]))
			place = place == -1 ? n : -2;
		at += len + strspn(at + len, "; ");
	}
	return place;
}

/* A, in whose turn B is ended, of those that are still OPEN. */
static void one_ends_another(struct prog *d, const bool *open, int a, int b)
{
	const char *events = prog_answer(d, "each-ends %d %d", a, b);
	int ended = place_of(events, "ended", b);

	judge_check(ended >= 0 && place_of(events, "closed", b) > ended,
		    "the session that is ended to be told so, and closed, once",
		    "\"%s\"", events);
	for (int i = 0; i < CLIENTS; i++) {
		int place = place_of(events, "each", i);

		judge_check(i == b || (place >= 0) == open[i],
			    "every session in OPEN to have its turn, once",
			    "slot %d, of \"%s\"", i, events);
		judge_check(i != b || place == -1 ||
				    (place >= 0 && place < ended),
			    "no turn for a session that was ended before it",
			    "slot %d, of \"%s\"", i, events);
	}
}

/* The AT-th that is still open. */
static int nth_open(const bool *open, size_t at)
{
	int slot = 0;

	while (!open[slot] || at-- > 0)
		slot++;
	return slot;
}

void session_each_ends_another(void)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");
	bool open[CLIENTS];

	judge_checking("session_each_ends_another");
	prog_ask(d, "ok", "create %d 400 50000 60000", CLIENTS);
	for (int i = 0; i < CLIENTS; i++) {
		peer_connect(d);
		prog_answer(d, "open 0");
		open[i] = true;
	}
	for (size_t left = CLIENTS; left > 1; left--) {
		size_t a = judge_random_between(0, left - 1);
		size_t b = judge_random_between(0, left - 2);
		int one, other;

		if (left == CLIENTS || left == 2)
			a = 0, b = 0; /* the next one */
		if (left == CLIENTS - 1)
			a = left - 1, b = left - 2; /* the one before */
		one = nth_open(open, a);
		other = nth_open(open, b < a ? b : b + 1);
		one_ends_another(d, open, one, other);
		open[other] = false;
	}
	judge_checking(NULL);
	prog_finish(d);
}
