/* SPDX-License-Identifier: MIT */
/* What the tests of lab 02 share. */
#ifndef LAB02_TESTS_H
#define LAB02_TESTS_H

#include "echo.h"
#include "judge.h"

/*
 * spin-server on any port of 127.0.0.1; with an option ("--clients", "3"), if
 * it is not NULL.
 */
struct prog *spin_server(void);
struct prog *spin_server_with(const char *option, const char *value);
struct prog *spin_server_opts(const struct prog_opts *opts, const char *option,
			      const char *value);

/* How often the program asked the kernel to receive, or to send. */
uint64_t calls_to_receive(struct prog *p);
uint64_t calls_to_send(struct prog *p);

#endif
