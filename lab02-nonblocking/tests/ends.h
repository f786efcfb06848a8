/* SPDX-License-Identifier: MIT */
/*
 * Three other ends for a connect, at addresses of 127.0.0.0/8 that no other
 * test uses at the same time, and all with the same port:
 *
 *	serving		listens
 *	refusing	bound, but does not listen: ECONNREFUSED
 *	silent		listens, but its queue is full and nobody accepts: a
 *			SYN is dropped, as one to a dead host is (lab 1's
 *			experiment backlog)
 */
#ifndef LAB02_ENDS_H
#define LAB02_ENDS_H

struct ends {
	int port;
	/* "127.3.2.1", and with the port */
	char serving_host[64], refusing_host[64], silent_host[64];
	char serving[64], refusing[64], silent[64];
	int fds[4];
};

struct ends ends_open(void);
void ends_close(struct ends *e);

#endif
