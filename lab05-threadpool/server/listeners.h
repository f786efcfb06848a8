/* SPDX-License-Identifier: MIT */
/*
 * listeners - several sockets that listen on one address. With SO_REUSEPORT
 * (socket(7)) each has an accept queue of its own, and the kernel spreads the
 * connections over them by a hash: no two loops ever wake for the same one.
 */
#ifndef LAB05_LISTENERS_H
#define LAB05_LISTENERS_H

#include <stddef.h>

/*
 * Opens N sockets, 1 or more, that listen on ADDRESS, and stores them in FDS:
 * non-blocking, close-on-exec, for the caller to close.
 *
 * Returns 0, or -1 with errno and *WHY, as listener_open() (lab 1) says.
 */
int listeners_open(const char *address, size_t n, int fds[], const char **why);

#endif
