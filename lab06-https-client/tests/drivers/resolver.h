/* SPDX-License-Identifier: MIT */
/*
 * resolver - getaddrinfo(3) for a driver: names whose addresses the test says,
 * and names that are stuck until it lets them go. The linker puts it in the
 * place of libc's (--wrap); what is not in its table goes to libc.
 */
#ifndef LAB06_DRIVERS_RESOLVER_H
#define LAB06_DRIVERS_RESOLVER_H

#include <stdbool.h>

/*
 * HOST has the addresses of LIST, numeric, with a space between them; or it is
 * "error NAME" with one of EAI_'s. STUCK: no call returns before resolver_free().
 */
void resolver_add(const char *host, const char *list, bool stuck);

/* Lets those of HOST that are stuck go on. */
void resolver_free(const char *host);

/* How often HOST was looked up. */
int resolver_count(const char *host);

/* Waits until somebody is looking HOST up. */
void resolver_wait(const char *host);

/* The names in the order in which they were looked up, a space before each. */
const char *resolver_order(void);

#endif
