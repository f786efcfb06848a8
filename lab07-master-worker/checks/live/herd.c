/* SPDX-License-Identifier: MIT */
/* Whom a new client wakes: the worker at whose socket it waits. */
#include "live.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKERS 8
#define CLIENTS 200

/* The inodes of the sockets that listen at the port of P (proc(5), net/tcp). */
static size_t listening(struct prog *p, unsigned long inodes[64])
{
	FILE *f = fopen("/proc/net/tcp", "re");
	unsigned int port, state;
	unsigned long inode;
	char line[512];
	size_t n = 0;

	while (f && n < 64 && fgets(line, sizeof(line), f))
		if (sscanf(line,
			   " %*u: %*x:%x %*x:%*x %x %*s %*s %*s %*u %*u %lu",
			   &port, &state, &inode) == 3 &&
		    (int)port == prog_port(p) && state == 0x0a)
			inodes[n++] = inode;
	if (f)
		fclose(f);
	return n;
}

/* How many of the N sockets the process PID has. */
static size_t held(pid_t pid, const unsigned long *inodes, size_t n)
{
	char path[320], link[64], name[64];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid,
			 entry->d_name);
		len = readlink(path, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		for (size_t i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "socket:[%lu]", inodes[i]);
			count += !strcmp(link, name);
		}
	}
	if (dir)
		closedir(dir);
	return count;
}

GRADED(herd, a_socket_of_its_own)
{
	unsigned long inodes[64];
	struct prog *p;
	pid_t pids[64];
	size_t n;

	live_folder();
	p = framed_start("server.workers=8");
	n = listening(p, inodes);
	judge_check(n == WORKERS, "as many listening sockets as workers", "%zu",
		    n);
	judge_check(framed_workers(p, pids) == WORKERS, "eight workers",
		    "another number");
	for (size_t i = 0; i < WORKERS; i++)
		judge_check(held(pids[i], inodes, n) == 1,
			    "one of them in each worker", "%zu in worker %d",
			    held(pids[i], inodes, n), pids[i]);
	prog_stop(p);
}

/* How often the workers have gone to sleep so far. */
static long sleeps(const pid_t *pids)
{
	char path[64], line[128];
	long sum = 0, n;

	for (size_t i = 0; i < WORKERS; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/status", pids[i]);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) ==
			    1)
				sum += n;
		if (f)
			fclose(f);
	}
	return sum;
}

GRADED(herd, nobody_else_is_woken)
{
	struct prog *p;
	pid_t pids[64];
	long before, after;

	live_folder();
	p = framed_start("server.workers=8");
	framed_workers(p, pids);
	before = sleeps(pids);
	for (int i = 0; i < CLIENTS; i++) {
		struct peer *c = peer_connect(p);

		framed_ping(c);
		peer_close(c);
	}
	after = sleeps(pids);
	/* It comes, it asks, it goes: three times one of the eight. */
	judge_check(after - before < 5 * CLIENTS,
		    "one worker that wakes for a client, three times",
		    "%ld times for %d clients", after - before, CLIENTS);
	prog_stop(p);
}
