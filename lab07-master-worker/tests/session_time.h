/* SPDX-License-Identifier: MIT */
/* session_time - when a session ends that does not end by itself. */
#ifndef LAB07_TESTS_SESSION_TIME_H
#define LAB07_TESTS_SESSION_TIME_H

/* A client that goes on sending lingers no longer than a silent one. */
void session_lingers_once(void);

/* Some of the answers come, and the time of FINISHING does not begin anew. */
void session_finishes_once(void);

/* A slot rests from the end of its client on, however long that was there. */
void session_rests_from_the_end(void);

#endif
