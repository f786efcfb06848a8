/* SPDX-License-Identifier: MIT */
/*
 * story - what happens to the servers while the load is on them.
 *
 *	a quarter	httpd B is killed (SIGKILL, to the demo's own child)
 *	0.4		httpd B is started again
 *	0.6		the rule of the two httpd gets weights, by the management port
 *	0.75		framed is told to read its configuration again (SIGHUP)
 *
 * of the time that the show lasts.
 */
#ifndef DEMO_STORY_H
#define DEMO_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "cluster.h"

#define STORY_LINES 8

struct story {
	size_t next; /* event */
	size_t lines;
	char line[STORY_LINES][96]; /* what has happened, "  5.0 s  ..." */
	bool failed;		    /* an event could not be brought about */
};

/*
 * Brings about what is due SECONDS after the beginning of ALL. Returns true if
 * there is a new line.
 */
bool story_tell(struct story *s, struct cluster *c, double seconds, double all);

#endif
