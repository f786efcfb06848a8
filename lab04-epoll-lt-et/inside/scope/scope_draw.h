/* SPDX-License-Identifier: MIT */
/*
 * scope_draw - photographs of uepoll as text for people, 80 columns wide.
 */
#ifndef SCOPE_DRAW_H
#define SCOPE_DRAW_H

#include <stdbool.h>
#include <stdio.h>

#include "scope_state.h"

struct scope_draw {
	FILE *out;
	bool color;
};

/* The first lines: what the script is about, and what the signs mean. */
void draw_title(const struct scope_draw *d, const char *title);

/* A note of the script: text, wrapped. */
void draw_note(const struct scope_draw *d, const char *text);

/* The operation and both answers. */
void draw_step(const struct scope_draw *d, int line, const char *op,
	       const char *kernel, const char *uepoll);

/*
 * The epolls of AFTER that are not as they were in BEFORE. Each line begins
 * with BAR ("" or "│ ").
 */
void draw_state(const struct scope_draw *d, const struct scope_state *before,
		const struct scope_state *after, const char *bar);

void draw_moves(const struct scope_draw *d, const struct scope_move *move,
		int n);

/* The heading of an operation in the middle of a copy, and its end. */
void draw_during(const struct scope_draw *d, int event, const char *op);
void draw_during_end(const struct scope_draw *d);

/* The rows of one epoll: its name is in the margin of the first. */
struct scope_rows {
	const struct scope_draw *d;
	const char *bar;
	const char *name; /* NULL once it was printed */
	int width;	  /* of the margin that holds names */
};

/* Begins a row: the margin, and TITLE in dim letters. */
void draw_row(struct scope_rows *rows, const char *title);

/* The red-black tree of E, if it has two items at least. */
void draw_tree(struct scope_rows *rows, const struct scope_epoll *e);

/* Colours, by what they mean; "" if there are none. */
enum ink { INK_OFF, INK_DIM, INK_BOLD, INK_GOOD, INK_BAD, INK_RED, INK_MOVE };
const char *ink(const struct scope_draw *d, enum ink which);

#endif
