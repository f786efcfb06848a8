/* SPDX-License-Identifier: MIT */
/*
 * /proc/net/tcp names the inode of each listening socket, and /proc/PID/fd the
 * inodes of the sockets that a process has open (proc(5)).
 */
#include "own_address_internal.h"

#include <dirent.h>
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

/* Adds what PATH, /proc/net/tcp or tcp6, has listening on PORT. */
static void add_listening(struct inodes *found, const char *path, int port)
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
		    state == TCP_LISTEN_STATE && local == (unsigned int)port &&
		    found->count < SOCKETS_MAX)
			found->all[found->count++] = inode;
	}
	if (f)
		fclose(f);
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
	add_listening(found, "/proc/self/net/tcp", p->port);
	add_listening(found, "/proc/self/net/tcp6", p->port);
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
