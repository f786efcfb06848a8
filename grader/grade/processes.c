/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/task/TID/children would be shorter, but not every kernel has it
 * (CONFIG_PROC_CHILDREN), and it misses children while others end (proc(5)).
 */
#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

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

static int by_number(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

void processes_read(struct processes *p)
{
	DIR *proc = opendir("/proc");
	size_t room = 0;
	struct dirent *e;

	p->all = NULL;
	p->count = 0;
	while (proc && (e = readdir(proc))) {
		pid_t parent;

		if (!isdigit((unsigned char)*e->d_name))
			continue;
		parent = parent_of(e->d_name);
		if (parent < 0)
			continue;
		if (p->count == room) {
			room = room ? 2 * room : 256;
			p->all = mem_resize(p->all, room, sizeof(*p->all));
		}
		p->all[p->count++] = (struct process){
			.pid = atoi(e->d_name),
			.parent = parent,
		};
	}
	if (proc)
		closedir(proc);
	if (p->count)
		qsort(p->all, p->count, sizeof(*p->all), by_number);
}

struct process *processes_find(const struct processes *p, pid_t pid)
{
	struct process key = { .pid = pid };

	if (!p->count)
		return NULL;
	return bsearch(&key, p->all, p->count, sizeof(*p->all), by_number);
}
