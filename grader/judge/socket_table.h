/* SPDX-License-Identifier: MIT */
/*
 * socket_table - what the kernel says of the TCP sockets of this network
 * namespace (sock_diag(7)), each of them once.
 */
#ifndef JUDGE_SOCKET_TABLE_H
#define JUDGE_SOCKET_TABLE_H

#include <stddef.h>

#include "addr.h"

#define SOCKET_TABLE_MAX 256 /* with SO_REUSEPORT many listen on one port */

struct socket_table {
	unsigned long inodes[SOCKET_TABLE_MAX];
	size_t count;
};

/* Those that listen on PORT, of IPv4 and IPv6. */
void socket_table_listening(struct socket_table *t, int port);

/* Those whose connect to the IPv4 address TO waits for an answer: SYN_SENT. */
void socket_table_waiting(struct socket_table *t, const struct addr *to);

#endif
