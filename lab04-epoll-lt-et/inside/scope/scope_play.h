/* SPDX-License-Identifier: MIT */
/*
 * scope_play - plays a script on uepoll, and takes photographs.
 */
#ifndef SCOPE_PLAY_H
#define SCOPE_PLAY_H

#include <stdbool.h>
#include <stdio.h>

#include "scope_state.h"

#define SCOPE_TITLE 256

struct scope_play {
	const struct uscript *script;
	struct uworld *world;
	/* Around the operation played last ... */
	struct scope_state before, after;
	/* ... and around the one in the middle of its copy, if it came to it. */
	struct scope_state mid[2];
	bool injected;
	/* What the operation's first name held: "stream"; NULL: nothing. */
	const char *kind;
};

/*
 * Begins with an empty world. One at a time (scope_wakes_begin). SCRIPT and P
 * stay where they are until scope_play_close().
 */
void scope_play_open(struct scope_play *p, const struct uscript *script);

/* Plays OP, which is no note; what it answers goes to ANSWER, of USCRIPT_TEXT
 * bytes. */
void scope_play_op(struct scope_play *p, const struct uop *op, char *answer);

void scope_play_close(struct scope_play *p);

/*
 * What a script says in its first line, if that is a comment, goes to TITLE, of
 * SCOPE_TITLE bytes; else "". Rewinds IN.
 */
void scope_title(char *title, FILE *in);

#endif
