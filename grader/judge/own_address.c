/* SPDX-License-Identifier: MIT */
/*
 * The kernel names the inode of each listening socket (sock_diag(7)), and
 * /proc/PID/fd the inodes of the sockets that a process has open (proc(5)).
 *
 * /proc/net/tcp has those inodes, too, but behind it the kernel goes over all
 * connections of the machine, those in TIME_WAIT among them, with each piece of it
 * that is read: a tenth of a second where ten thousand clients have just gone. It is
 * read where sock_diag is not there.
 */
#include "own_address_internal.h"

#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process_table_internal.h"

#define SOCKETS_MAX	 256 /* that listen on one port: with SO_REUSEPORT many do */
#define TCP_LISTEN_STATE 0x0a

struct inodes {
	unsigned long all[SOCKETS_MAX];
	size_t count;
};

bool is_loopback(const struct addr *to)
{
	if (to->sa.sa_family == AF_INET)
		return ntohl(to->in.sin_addr.s_addr) >> 24 == 127;
	return to->sa.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&to->in6.sin6_addr);
}

static void add(struct inodes *found, unsigned long inode)
{
	if (found->count < SOCKETS_MAX)
		found->all[found->count++] = inode;
}

/* Adds what PATH, /proc/net/tcp or tcp6, has listening on PORT. */
static void read_listening(struct inodes *found, const char *path, int port)
{
	FILE *f = fopen(path, "re");
	unsigned int local, state;
	unsigned long inode;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x %*s %*s %*s "
			   "%*u %*d %lu",
			   &local, &state, &inode) == 3 &&
		    state == TCP_LISTEN_STATE && local == (unsigned int)port)
			add(found, inode);
	}
	if (f)
		fclose(f);
}

/* Asks the kernel through FD for the sockets of FAMILY that listen on PORT. */
static bool ask(int fd, int family, int port)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 what;
	} request = {
		.head = { .nlmsg_len = sizeof(request),
			  .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.what = { .sdiag_family = (uint8_t)family,
			  .sdiag_protocol = IPPROTO_TCP,
			  .idiag_states = 1u << TCP_LISTEN_STATE,
			  .id.idiag_sport = htons((uint16_t)port) },
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
static bool take_answer(int fd, struct inodes *found)
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
			add(found, m->idiag_inode);
		}
	}
	return false;
}

static void add_listening(struct inodes *found, int family, int port)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_SOCK_DIAG);
	size_t before = found->count;

	if (fd < 0 || !ask(fd, family, port) || !take_answer(fd, found)) {
		found->count = before;
		read_listening(found,
			       family == AF_INET ? "/proc/self/net/tcp"
						 : "/proc/self/net/tcp6",
			       port);
	}
	if (fd >= 0)
		close(fd);
}

static bool has_one_open(pid_t pid, const struct inodes *wanted)
{
	struct dirent *entry;
	char text[64];
	bool has = false;
	DIR *dir;

	snprintf(text, sizeof(text), "/proc/%d/fd", pid);
	dir = opendir(text);
	while (dir && !has && (entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, text,
				       sizeof(text) - 1);
		unsigned long inode;

		text[n > 0 ? n : 0] = '\0';
		if (sscanf(text, "socket:[%lu]", &inode) != 1)
			continue;
		for (size_t i = 0; i < wanted->count; i++)
			has |= wanted->all[i] == inode;
	}
	if (dir)
		closedir(dir);
	return has;
}

static bool is_held_below(const struct prog *p, const struct inodes *found)
{
	struct process *list;
	bool held = has_one_open(p->pid, found);
	size_t n = process_table(&list);

	for (size_t i = 0; i < n && !held; i++)
		held = process_is_below(list, n, i, p->pid) &&
		       has_one_open(list[i].pid, found);
	free(list);
	return held;
}

static bool listening(const struct prog *p, struct inodes *found)
{
	memset(found, 0, sizeof(*found));
	add_listening(found, AF_INET, p->port);
	add_listening(found, AF_INET6, p->port);
	return found->count > 0;
}

bool is_own_address(const struct prog *p)
{
	struct inodes found, before = { .count = 0 };

	/* It may end, or close it, while we look: then look again. */
	while (listening(p, &found)) {
		if (is_held_below(p, &found))
			return true;
		if (!memcmp(&found, &before, sizeof(found)))
			return false;
		before = found;
	}
	return true; /* nobody does: whoever connects will see */
}
