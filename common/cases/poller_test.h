/* SPDX-License-Identifier: MIT */
/*
 * poller_test - the pollers that the loop's own tests run on: a plain one over
 * poll(2), the same made edge-triggered by epoll(7), and a scripted one that
 * reports what it was told to. What students write is in labs 3 and 4.
 */
#ifndef COMMON_TESTS_POLLER_TEST_H
#define COMMON_TESTS_POLLER_TEST_H

#include "poller.h"

/* Level-triggered, over poll(2); edge-triggered, over epoll(7). */
extern const struct poller_ops poller_test_level;
extern const struct poller_ops poller_test_edge;

/*
 * The scripted pollers. There is one script, for the loop that was created
 * last. It never looks at a descriptor: any number can be started.
 */
extern const struct poller_ops poller_script_level;
extern const struct poller_ops poller_script_edge;

/*
 * Forgets everything; to be called first. The next waits report the batches
 * given with script_report(), and then nothing.
 */
void script_reset(void);

/*
 * Reports READY of FD in the wait number ROUND, the first being 1; in the
 * order of these calls.
 */
void script_report(int round, int fd, unsigned int ready);

/* Has the call NAME ("add", "mod", "wait") fail once, the next time. */
void script_fail(const char *name, int err);

/*
 * What the poller was called with since the last call of this, the loop's own
 * eventfd left out: "add 7 R, mod 7 RW, wait -1". A wait's time is "0", "-1",
 * or "t" for any other.
 */
const char *script_log(void);

#endif
