/* SPDX-License-Identifier: MIT */
/*
 * names - a getaddrinfo(3) that knows the names that a test tells it, and
 * numeric addresses, and asks nobody. It and freeaddrinfo() come before those
 * in libc, as a definition in the program does.
 */
#ifndef NAMES_H
#define NAMES_H

/*
 * "NAME ADDRESS...": these are its addresses, in this order. "NAME EAI_AGAIN",
 * or another error: this is what getaddrinfo() returns for it; errno is EMFILE
 * then, for EAI_SYSTEM. WORDS is written to.
 */
void names_add(char *words);

/* The lists that getaddrinfo() gave and freeaddrinfo() did not get yet. */
int names_lists(void);

#endif
