/* SPDX-License-Identifier: MIT */
/*
 * experiment_net - what most experiments with sockets begin with: TCP over
 * 127.0.0.1, and waiting for a condition instead of sleeping. A call that
 * fails ends the program (exp_die), so none of these returns an error. All
 * descriptors are CLOEXEC and blocking; the caller closes them. Any thread.
 */
#ifndef COMMON_EXPERIMENT_NET_H
#define COMMON_EXPERIMENT_NET_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The two ends of one connection. */
struct exp_pair {
	int client;
	int server;
};

/* A TCP socket, not bound or connected. FLAGS as SOCK_NONBLOCK, or 0. */
int exp_socket(int flags);

/* Listens on 127.0.0.1, on a port that the kernel picks. */
int exp_listener(int backlog);

/* The address that the socket FD is bound to: what to connect to. */
struct sockaddr_in exp_address(int fd);

/* Connects to LISTENER and waits until the kernel says it is done. */
int exp_connect(int listener);

/* A connected pair; its listener is closed again. */
struct exp_pair exp_pair(void);
void exp_close_pair(struct exp_pair *pair);

/* Sends all of the string TEXT, without its final 0. */
void exp_send(int fd, const char *text);

/*
 * Sends zeros without blocking until FD takes no more, and has taken no more
 * for a while. Returns the bytes it took.
 */
size_t exp_fill(int fd);

void exp_set_nonblock(int fd);

/* Closes FD with a reset (RST) instead of a FIN: SO_LINGER of 0, socket(7). */
void exp_reset(int fd);

/* The state of a TCP socket: TCP_ESTABLISHED and so on (tcp(7), TCP_INFO). */
int exp_tcp_state(int fd);
const char *exp_tcp_state_name(int state);

/* Bytes that have arrived at FD and were not read yet (FIONREAD). */
int exp_unread(int fd);

/*
 * Waits up to MS for EVENTS of poll(2), or for an error. Returns what there
 * is, 0 if the time passed.
 */
short exp_poll(int fd, short events, int ms);

/*
 * For conditions that poll(2) does not know:
 *
 *	int64_t deadline = clock_ms() + 2000;
 *
 *	while (exp_unread(fd) < 5 && exp_tick(deadline))
 *		;
 *
 * Waits a millisecond. Returns false once DEADLINE_MS (clock_ms) has passed.
 */
bool exp_tick(int64_t deadline_ms);

#endif
