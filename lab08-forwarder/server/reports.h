/* SPDX-License-Identifier: MIT */
/*
 * reports - what list and stats show: whole lines that end in CR LF. The first
 * worker's thread, without the lock.
 */
#ifndef LAB08_REPORTS_H
#define LAB08_REPORTS_H

#include "buf.h"
#include "server/program.h"

/* "     1 : web RR *:* - 127.0.0.1:80 > 127.0.0.1:9001 ;" */
void report_rules(struct program *p, struct buf *out);

/*
 * "     1 : CLIENT [A:P] - LISTEN [A:P] > SERVER [A:P] STATE ID UP DOWN": STATE
 * is ASKING, WAITING, CONNECTING or CONNECTED, UP and DOWN are bytes.
 */
void report_forwards(struct program *p, struct buf *out);

/*
 * A line of names, and then a line a server, words parted by one blank:
 *
 *	id server state weight open total failed up down ban_left check
 *
 * STATE is up, banned, down, drain or disabled; UP and DOWN are bytes; BAN_LEFT
 * is seconds, rounded up; CHECK is the last one's result: good, bad, or - where
 * there was none.
 */
void report_servers(struct program *p, struct buf *out);

/* Lines of a name, a blank and a number; see the handout. */
void report_stats(struct program *p, struct buf *out);

/* Sums up u->live of all servers. The lock is held. */
void report_sum_live(struct program *p);

/* Bytes of all sessions, those that run included: up and down. Lock held. */
void report_bytes(const struct program *p, uint64_t bytes[2]);

#endif
