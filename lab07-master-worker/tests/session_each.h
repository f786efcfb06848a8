/* SPDX-License-Identifier: MIT */
/* session_each - who is ended while all are gone through. */
#ifndef LAB07_TESTS_SESSION_EACH_H
#define LAB07_TESTS_SESSION_EACH_H

/*
 * In its turn one session ends another: the next one, the one before, any. The
 * one that is ended has no turn after that, and all others have theirs, once.
 */
void session_each_ends_another(void);

#endif
