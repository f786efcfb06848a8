/* SPDX-License-Identifier: MIT */
/*
 * /proc/net/tcp has the same sockets, too, but no count can be made of it. Where
 * tens of thousands of clients have just gone, the kernel goes over all of them,
 * in TIME_WAIT as they are, with each piece of it that is read: that takes a tenth
 * of a second, and one socket was seen in it twenty times. It is read where
 * sock_diag is not there.
 */
#include "socket_table.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is looked for. */
struct wanted {
	int family;
	int state;
	int port;	       /* the socket's own; 0 if TO is given */
	const struct addr *to; /* the other end, or NULL */
};

static void add(struct socket_table *t, unsigned long inode)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->inodes[i] == inode)
			return;
	if (t->count < SOCKET_TABLE_MAX)
		t->inodes[t->count++] = inode;
}

/* Whether the other end, ADDRESS and PORT, is the one that W names, if it does. */
static bool leads_to(const struct wanted *w, uint32_t address, int port)
{
	return !w->to || (address == w->to->in.sin_addr.s_addr &&
			  port == ntohs(w->to->in.sin_port));
}

static void read_proc(struct socket_table *t, const struct wanted *w)
{
	FILE *f = fopen(w->family == AF_INET ? "/proc/self/net/tcp"
					     : "/proc/self/net/tcp6",
			"re");
	unsigned int local, remote, state;
	char line[512], address[33];
	unsigned long inode;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   " %*d: %*[0-9A-F]:%x %32[0-9A-F]:%x %x %*s %*s %*s "
			   "%*u %*d %lu",
			   &local, address, &remote, &state, &inode) == 5 &&
		    (int)state == w->state &&
		    (!w->port || (int)local == w->port) &&
		    leads_to(w, (uint32_t)strtoul(address, NULL, 16),
			     (int)remote))
			add(t, inode);
	}
	if (f)
		fclose(f);
}

/* Asks the kernel through FD. */
static bool ask(int fd, const struct wanted *w)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 what;
	} request = {
		.head = { .nlmsg_len = sizeof(request),
			  .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.what = { .sdiag_family = (uint8_t)w->family,
			  .sdiag_protocol = IPPROTO_TCP,
			  .idiag_states = 1u << w->state,
			  .id.idiag_sport = htons((uint16_t)w->port),
			  .id.idiag_dport = w->to ? w->to->in.sin_port : 0 },
	};

	return send(fd, &request, sizeof(request), 0) == sizeof(request);
}

/* The next piece of an answer; only the kernel's (netlink(7)) is one. */
static ssize_t receive(int fd, void *answer, size_t size)
{
	struct sockaddr_nl from = { 0 };
	socklen_t len = sizeof(from);
	ssize_t n =
		recvfrom(fd, answer, size, 0, (struct sockaddr *)&from, &len);

	return from.nl_pid ? -1 : n;
}

/* Adds what the kernel answers; false if that is no list up to its end. */
static bool take_answer(int fd, struct socket_table *t, const struct wanted *w)
{
	union {
		struct nlmsghdr head;
		char bytes[32768];
	} answer;
	ssize_t n;

	while ((n = receive(fd, &answer, sizeof(answer))) > 0) {
		unsigned int left = (unsigned int)n;

		for (struct nlmsghdr *h = &answer.head; NLMSG_OK(h, left);
		     h = NLMSG_NEXT(h, left)) {
			const struct inet_diag_msg *m = NLMSG_DATA(h);

			/* It carries 0, or the error that cut the list short. */
			if (h->nlmsg_type == NLMSG_DONE)
				return !*(const int *)NLMSG_DATA(h);
			if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
				return false;
			if (leads_to(w, m->id.idiag_dst[0],
				     ntohs(m->id.idiag_dport)))
				add(t, m->idiag_inode);
		}
	}
	return false;
}

static void find(struct socket_table *t, const struct wanted *w)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_SOCK_DIAG);
	size_t before = t->count;

	if (fd < 0 || !ask(fd, w) || !take_answer(fd, t, w)) {
		t->count = before;
		read_proc(t, w);
	}
	if (fd >= 0)
		close(fd);
}

void socket_table_listening(struct socket_table *t, int port)
{
	struct wanted w = { .family = AF_INET,
			    .state = TCP_LISTEN,
			    .port = port };

	memset(t, 0, sizeof(*t));
	find(t, &w);
	w.family = AF_INET6;
	find(t, &w);
}

void socket_table_waiting(struct socket_table *t, const struct addr *to)
{
	const struct wanted w = { .family = AF_INET,
				  .state = TCP_SYN_SENT,
				  .to = to };

	memset(t, 0, sizeof(*t));
	find(t, &w);
}
