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

/* A child of the server's; the test fails if there is none. */
pid_t a_child(struct prog *srv);

/*
 * A server in MODE that is stopped ends its clients' connections too: idle ones,
 * stuck ones, and one that has filled its bound. WORKER: what serves a client.
 */
void clients_end_with_it(const char *mode, const char *worker);

/* Clients of worker-faults, one after the other. In serve_places.c. */
void serve_places_are_used_again(const char *mode, const char *max_clients);

static const char *const all_modes[] = { "iterative", "fork", "thread" };

#endif
