/* SPDX-License-Identifier: MIT */
/*
 * scripted_loop - a loop over the scripted poller (cases/poller_test.h), and
 * handlers that write down what they are told.
 */
#ifndef CHECKS_SCRIPTED_LOOP_H
#define CHECKS_SCRIPTED_LOOP_H

#include "cases/poller_test.h"
#include "loop.h"

/* The loop of the test that runs. */
extern struct loop *scripted_loop;

/* What the loop watches. Its handler writes NAME and the events down. */
struct watch {
	struct loop_fd lf;
	char name;
	void (*act)(struct watch *w); /* and then calls this, unless NULL */
	struct watch *other;	      /* for that */
};

/* A loop over OPS, nothing written down; over the level-triggered one. */
void scripted_begin(const struct poller_ops *ops);
void scripted_begin_level(void);
void scripted_end(void);

/* Makes W a watch of FD that is called NAME, and starts it. */
void scripted_start(struct watch *w, char name, int fd, unsigned int interest);
/* The handler of all. */
void scripted_on_fd(struct loop_fd *lf, unsigned int ready);

/* N steps of the loop, each without a limit of its own. */
void scripted_rounds(int n);

/* What handlers have written down so far: "a:R b:RW ". */
void scripted_saw(const char *want);
/* What the loop has asked of the poller since the last look. */
void scripted_asked(const char *want);

#endif
