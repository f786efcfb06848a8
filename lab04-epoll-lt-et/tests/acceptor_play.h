/* SPDX-License-Identifier: MIT */
/* acceptor_play - tests/drivers/acceptor-driver.c, as the tests drive it. */
#ifndef LAB04_ACCEPTOR_PLAY_H
#define LAB04_ACCEPTOR_PLAY_H

#include <stdio.h>
#include <stdlib.h>

#include "lab04.h"

/* Games of chance against a model of acceptor.h. In acceptor_model.c. */
void acceptor_follows_the_model(void);

static const char *const levels[] = { "level", "edge" };

static inline struct prog *acceptor_driver(const char *level)
{
	const struct prog_opts opts = { .keep_stdin = true };

	return prog_start_opts(&opts, "drivers/acceptor-driver", level);
}

/* N clients connect to C[], and are in the accept queue when this returns. */
static inline void queue_up(struct prog *driver, struct peer *c[], int n)
{
	int there = atoi(prog_answer(driver, "queue"));

	for (int i = 0; i < n; i++)
		c[i] = peer_connect(driver);
	judge_until(atoi(prog_answer(driver, "queue")) == there + n,
		    "the clients are in the accept queue");
}

/* SAID must be that WANT were accepted, with MAX_CALLS calls at most. */
static inline void has_accepted(const char *said, int want, int max_calls)
{
	int accepted = -1, calls = -1;

	judge_check(sscanf(said, "accepted %d, calls %d", &accepted, &calls) ==
				    2 &&
			    accepted == want,
		    "as many clients to be accepted as wait, and each "
		    "descriptor as it should be",
		    "\"%s\" instead of %d", said, want);
	judge_check(calls <= max_calls, "no call of accept too many",
		    "%d calls, for %d clients", calls, want);
}

/* The answer to LINE must be that. */
static inline void accepts(struct prog *driver, const char *line, int want,
			   int max_calls)
{
	has_accepted(prog_answer(driver, "%s", line), want, max_calls);
}

#endif
