/* SPDX-License-Identifier: MIT */
/* visits - a thread for each connection. */
#ifndef LAB06_PRACTICE_VISITS_H
#define LAB06_PRACTICE_VISITS_H

#include "practice/stream.h"

/*
 * Serves the connection FD in a thread of its own, which closes it. END: do
 * that instead of serving. If there is no thread to be had, it is closed.
 */
void visits_begin(int fd, SSL_CTX *ctx, enum stream_end end);

/* Ends all of them and waits until they have ended, for some seconds. */
void visits_end(void);

#endif
