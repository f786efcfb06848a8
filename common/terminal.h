/* SPDX-License-Identifier: MIT */
/*
 * terminal - whether somebody looks on.
 */
#ifndef COMMON_TERMINAL_H
#define COMMON_TERMINAL_H

#include <stdbool.h>

/*
 * Is FD a terminal that understands escape sequences? TERM says what it can;
 * where it is not set, or "dumb" (a shell inside of an editor), it can nothing.
 * Any thread may call.
 */
bool terminal_draws(int fd);

/* The same, and may it have colours? Not if NO_COLOR is set and not empty. */
bool terminal_has_colours(int fd);

#endif
