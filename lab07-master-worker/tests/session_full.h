/* SPDX-License-Identifier: MIT */
/* session_full - sessions whose client does not read, in states and ways. */
#ifndef LAB07_TESTS_SESSION_FULL_H
#define LAB07_TESTS_SESSION_FULL_H

/* The socket is full when a session is to end: the loop delivers the rest. */
void session_finishes_a_full_queue(void);

/* A client that is FINISHING is held to send_queue as any other. */
void session_finishes_within_its_limit(void);

/* The socket takes all there is, and an answer is still owed: not settled. */
void session_settles_when_nothing_is_owed(void);

/* A client whose reading is turned off stays unread after a flush. */
void session_flush_reads_nobody(void);

#endif
