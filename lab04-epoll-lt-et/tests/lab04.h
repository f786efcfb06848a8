/* SPDX-License-Identifier: MIT */
/* What the tests of lab 04 share. */
#ifndef LAB04_TESTS_H
#define LAB04_TESTS_H

#include <stdbool.h>

#include "echo.h"
#include "judge.h"
#include "pollers.h"

static const char *const both_kinds[] = { "epoll-lt", "epoll-et" };

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
