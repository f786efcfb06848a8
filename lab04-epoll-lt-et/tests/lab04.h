/* SPDX-License-Identifier: MIT */
/* What the tests of lab 04 share. */
#ifndef LAB04_TESTS_H
#define LAB04_TESTS_H

#include <stdbool.h>
#include <string.h>

#include "echo.h"
#include "judge.h"
#include "pollers.h"

static const char *const both_kinds[] = { "epoll-lt", "epoll-et" };

static inline bool is_edge(const char *kind)
{
	return strcmp(kind, "epoll-lt") != 0;
}

/*
 * What a poller of any KIND must do, by way of its driver: poller.c,
 * poller_limits.c and poller_model.c.
 */
void poller_follows_the_model(const char *kind);
void poller_tells_hangups(const char *kind);
void poller_tells_errors(const char *kind);
void poller_passes_nobody_over(const char *kind);
void poller_forgets(const char *kind);
void poller_waits(const char *kind);
void poller_has_room(const char *kind);
void poller_leaves_nothing(const char *kind);

/* What mux-server must do on it: server.c, server_memory.c and cost.c. */
struct prog *server_start(const char *kind);
void server_keeps_the_promise(const char *kind);
void server_feeds_slow_readers(const char *kind);
void server_takes_a_burst(const char *kind);
void server_chats(const char *kind);
void server_runs_short(const char *kind);
void server_loses_one(const char *kind);
void server_is_clean(const char *kind);
void cost_of_idle_clients(const char *kind);

/*
 * Plays a script: "line => answer\n" again and again. An answer that is left
 * out ("line\n") may be anything.
 */
void play_lines(struct prog *driver, const char *script);

/*
 * How many descriptors, from 3 to 63, are not close-on-exec, so that a program
 * which P executes would inherit them (proc(5), fdinfo).
 */
int inheritable(struct prog *p);

#endif
