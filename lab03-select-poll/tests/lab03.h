/* SPDX-License-Identifier: MIT */
/* What the tests of lab 03 share. */
#ifndef LAB03_TESTS_H
#define LAB03_TESTS_H

#include <stdbool.h>

#include "echo.h"
#include "judge.h"
#include "pollers.h"

static const char *const both_kinds[] = { "select", "poll" };

/* How often SRV has asked its poller: select and pselect, or poll and ppoll. */
uint64_t waits_of(struct prog *srv, const char *kind);

/* So many milliseconds pass; for measurements of what does not happen. */
void let_pass(int64_t ms);

/* ---- chat ---- */

#define ROOM_MAX 32

/* The members of a room, in the order in which they came. */
struct room {
	struct prog *srv;
	struct peer *member[ROOM_MAX];
	int n;
};

/* One more comes: he is welcomed as GUEST, and all the others are told. */
struct peer *room_enter(struct room *room, const char *guest);

/* N members, guest1 and so on, in the room of a new chat on KIND. */
struct room room_open(const struct prog_opts *opts, const char *kind, int n);

/* All members but ABOUT (NULL: all) get this line. */
void room_others(const struct room *room, const struct peer *about,
		 const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* C is not among those who get lines any more. */
void room_without(struct room *room, const struct peer *c);

/* Games of chance against a model of chat.h. In room_games.c. */
void room_follows_the_model(void);

#endif
