/* SPDX-License-Identifier: MIT */
/* Whom a new client wakes: the worker at whose socket it waits. */
#include "live.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "socket_table.h"

#define WORKERS 8
#define CLIENTS 200

/* How many sockets of T the process PID has. */
static size_t held(pid_t pid, const struct socket_table *t)
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
		for (size_t i = 0; i < t->count; i++) {
			snprintf(name, sizeof(name), "socket:[%lu]",
				 t->inodes[i]);
			count += !strcmp(link, name);
		}
	}
	if (dir)
		closedir(dir);
	return count;
}

GRADED(herd, a_socket_of_its_own)
{
	struct socket_table t;
	struct prog *p;
	pid_t pids[64];

	live_folder();
	p = framed_start("server.workers=8");
	socket_table_listening(&t, prog_port(p));
	judge_check(t.count == WORKERS, "as many listening sockets as workers",
		    "%zu", t.count);
	judge_check(framed_workers(p, pids) == WORKERS, "eight workers",
		    "another number");
	for (size_t i = 0; i < WORKERS; i++)
		judge_check(held(pids[i], &t) == 1,
			    "one of them in each worker", "%zu in worker %d",
			    held(pids[i], &t), pids[i]);
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
