/* SPDX-License-Identifier: MIT */
/* session_held - what a pool holds when it is let go, or a client refused. */
#ifndef LAB07_TESTS_SESSION_HELD_H
#define LAB07_TESTS_SESSION_HELD_H

/* The loop takes no regular file: what was a slot is one again. */
void session_refuses_a_file(void);

/* A pool that is destroyed with clients in each state. */
void session_destroys_with_clients(void);

/* closed() lets the next client in, who may get the slot of the last one. */
void session_lets_in_when_closed(void);

#endif
