/* SPDX-License-Identifier: MIT */
/* What the tests of lab 04 share. */
#ifndef LAB04_TESTS_H
#define LAB04_TESTS_H

#include <stdbool.h>

#include "echo.h"
#include "judge.h"

static const char *const both_kinds[] = { "epoll-lt", "epoll-et" };

/* mux-server on any port of 127.0.0.1. */
#define mux_server(kind, app)                                        \
	prog_start("mux-server", "--poller", (kind), "--app", (app), \
		   "--listen", "127.0.0.1:0")
#define mux_server_opts(opts, kind, app, ...)                              \
	prog_start_opts((opts), "mux-server", "--poller", (kind), "--app", \
			(app), "--listen", "127.0.0.1:0", ##__VA_ARGS__)

/* poller-driver with a poller of the KIND made; see poller_play.h. */
static inline struct prog *poller_driver(const char *kind)
{
	struct prog *driver = prog_driver("poller-driver", kind);

	prog_input(driver, "create");
	prog_expect_line(driver, "0");
	return driver;
}

/* Sends a line to a driver; returns its answer. */
#define ask(driver, ...) (prog_input((driver), __VA_ARGS__), prog_line(driver))

/*
 * Plays a script: "line => answer\n" again and again. An answer that is left
 * out ("line\n") may be anything.
 */
void play_lines(struct prog *driver, const char *script);

/* The end of a driver: no more input, and status 0. */
void driver_ends(struct prog *driver);

/*
 * How many descriptors, from 3 to 63, are not close-on-exec, so that a program
 * which P executes would inherit them (proc(5), fdinfo).
 */
int inheritable(struct prog *p);

#endif
