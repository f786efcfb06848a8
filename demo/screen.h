/* SPDX-License-Identifier: MIT */
/*
 * screen - shows the figures: on a terminal a picture that stays in its place,
 * elsewhere a line each second.
 */
#ifndef DEMO_SCREEN_H
#define DEMO_SCREEN_H

#include <stdbool.h>

#include "figures.h"
#include "story.h"

struct screen {
	bool live;
	int drawn; /* lines of the picture that stand there */
};

/*
 * Shows on standard output; live if that is a terminal that is large enough and
 * can move its cursor, and PLAIN is not set.
 */
void screen_begin(struct screen *s, bool plain);

/* Shows *F; elsewhere than on a terminal only the last line of *STORY is new. */
void screen_show(struct screen *s, const struct figures *f,
		 const struct story *story);

/* A line of *STORY is new. */
void screen_event(struct screen *s, const struct story *story);

/* Leaves the picture and gives the cursor back. */
void screen_end(struct screen *s);

#endif
