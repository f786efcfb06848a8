/* SPDX-License-Identifier: MIT */
/* What the tests of lab 01 share. */
#ifndef LAB01_TESTS_H
#define LAB01_TESTS_H

#include <stdbool.h>

#include "echo.h"
#include "judge.h"

/* echo-server in a mode, on any port of 127.0.0.1. */
#define echo_server(mode) \
	prog_start("echo-server", "--mode", (mode), "--listen", "127.0.0.1:0")
#define echo_server_opts(opts, mode, ...)                                    \
	prog_start_opts((opts), "echo-server", "--mode", (mode), "--listen", \
			"127.0.0.1:0", ##__VA_ARGS__)

/* The server's last child; the test fails if there is none. */
pid_t a_child(struct prog *srv);

/*
 * A server in MODE that is stopped ends its clients' connections too: idle ones,
 * stuck ones, and one that has filled its bound. WORKER: what serves a client.
 */
void clients_end_with_it(const char *mode, const char *worker);

/* The state of a process or of its main thread (proc(5)), 'X' if it is gone. */
char state_of(pid_t pid);

/* serve-driver with two children that serve() has not made, which are OTHERS. */
struct prog *start_with_others(const char *mode, const char *max_clients,
			       pid_t others[2]);
/* One of them ends. */
void end_other(pid_t pid);

/*
 * The first ends while somebody waits for the only place, the second together
 * with a client. WORKERS says in between how many serve one.
 */
void other_children_have_no_place(const char *mode,
				  size_t (*workers)(struct prog *srv));

/* In the modes that make none, too. */
void other_children_are_reaped(const char *mode);

/* Clients of worker-faults, one after the other. In serve_places.c. */
void serve_places_are_used_again(const char *mode, const char *max_clients);

static const char *const all_modes[] = { "iterative", "fork", "thread" };

#endif
