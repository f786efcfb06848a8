/* SPDX-License-Identifier: MIT */
/*
 * A process group or a session can be left with one call; the tree of parents
 * cannot, once its root is a subreaper. So /proc is asked who descends from
 * us. The list is out of date when it is complete: all in it are stopped
 * first, so that they start no more, then killed, and then the question is
 * asked again until waitpid(2) says that there is no child left.
 */
#include "descendants.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "mem.h"

struct entry {
	pid_t pid;
	pid_t parent;
	bool ours;
};

struct table {
	struct entry *all;
	size_t count;
};

static pid_t parent_of(const char *pid)
{
	char *path = mem_printf("/proc/%s/stat", pid);
	char line[512];
	FILE *f = fopen(path, "re");
	pid_t parent = -1;
	char *end = NULL;

	free(path);
	if (!f)
		return -1;
	if (fgets(line, sizeof(line), f)) {
		/* The name, in parentheses, may have any bytes in it. */
		for (char *c = line; *c; c++) {
			if (*c == ')')
				end = c;
		}
	}
	if (end && sscanf(end, ") %*c %d", &parent) != 1)
		parent = -1;
	fclose(f);
	return parent;
}

static void read_table(struct table *t)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;

	t->all = NULL;
	t->count = 0;
	while (proc && (e = readdir(proc))) {
		pid_t parent;

		if (!isdigit((unsigned char)*e->d_name))
			continue;
		parent = parent_of(e->d_name);
		if (parent < 0)
			continue;
		t->all = mem_resize(t->all, t->count + 1, sizeof(*t->all));
		t->all[t->count++] = (struct entry){
			.pid = atoi(e->d_name),
			.parent = parent,
			.ours = parent == getpid(),
		};
	}
	if (proc)
		closedir(proc);
}

/* A child of ours is ours, until nothing changes any more. */
static void mark_ours(struct table *t)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < t->count; i++) {
			struct entry *e = &t->all[i];

			for (size_t j = 0; j < t->count && !e->ours; j++) {
				if (t->all[j].ours &&
				    t->all[j].pid == e->parent)
					e->ours = again = true;
			}
		}
	}
}

static void signal_ours(const struct table *t, int sig)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->all[i].ours)
			kill(t->all[i].pid, sig);
	}
}

int descendants_kill(int64_t limit_ms)
{
	int64_t deadline = clock_ms() + limit_ms;
	const struct timespec tick = { .tv_nsec = 5000000 };
	struct table t;
	pid_t pid;

	for (;;) {
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0 || (pid < 0 && errno == EINTR));
		if (pid < 0)
			return 0;
		if (clock_ms() > deadline)
			return -1;
		read_table(&t);
		mark_ours(&t);
		signal_ours(&t, SIGSTOP);
		signal_ours(&t, SIGKILL);
		free(t.all);
		nanosleep(&tick, NULL);
	}
}
