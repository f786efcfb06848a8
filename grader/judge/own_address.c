/* SPDX-License-Identifier: MIT */
/*
 * The kernel names the inode of each listening socket (sock_diag(7)), and
 * /proc/PID/fd the inodes of the sockets that a process has open (proc(5)).
 */
#include "own_address_internal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process_table_internal.h"
#include "socket_table.h"

bool is_loopback(const struct addr *to)
{
	if (to->sa.sa_family == AF_INET)
		return ntohl(to->in.sin_addr.s_addr) >> 24 == 127;
	return to->sa.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&to->in6.sin6_addr);
}

static bool has_one_open(pid_t pid, const struct socket_table *wanted)
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
			has |= wanted->inodes[i] == inode;
	}
	if (dir)
		closedir(dir);
	return has;
}

static bool is_held_below(const struct prog *p,
			  const struct socket_table *found)
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

bool is_own_address(const struct prog *p)
{
	struct socket_table found, before = { .count = 0 };

	/* It may end, or close it, while we look: then look again. */
	for (;;) {
		socket_table_listening(&found, p->port);
		if (!found.count)
			return true; /* whoever connects will see */
		if (is_held_below(p, &found))
			return true;
		if (!memcmp(&found, &before, sizeof(found)))
			return false;
		before = found;
	}
}
