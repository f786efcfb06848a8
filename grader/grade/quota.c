/* SPDX-License-Identifier: MIT */
/*
 * Memory that has content and belongs to no file is counted: RssAnon, RssShmem
 * and VmSwap of /proc/PID/status. Pages that two processes share count twice.
 * A process may end while we look, and then counts as nothing.
 */
#include "quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "mem.h"
#include "pid_namespace.h"
#include "processes.h"
#include "util.h"

#define DEPTH 2048 /* of a tree: a chain that changes under us has an end */

struct usage {
	size_t processes;
	size_t kib;
};

static size_t kib_of(pid_t pid)
{
	static const char *const keys[] = { "RssAnon:", "RssShmem:", "VmSwap:" };
	char *path = mem_printf("/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	size_t sum = 0;
	char line[256];

	free(path);
	while (f && fgets(line, sizeof(line), f)) {
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			size_t len = strlen(keys[i]);

			if (!strncmp(line, keys[i], len))
				sum += strtoul(line + len, NULL, 10);
		}
	}
	if (f)
		fclose(f);
	return sum;
}

/* The mark of ONE's closest ancestor that has one, or 0. */
static size_t mark_above(const struct processes *p, const struct process *one)
{
	for (int i = 0; one && i < DEPTH; i++) {
		if (one->mark)
			return one->mark;
		one = processes_find(p, one->parent);
	}
	return 0;
}

static char *memory_allowed(void)
{
	return mem_printf("at most %d MiB of memory for the test and its "
			  "programs",
			  QUOTA_MIB);
}

static char *processes_allowed(void)
{
	return mem_printf("at most %d processes for the test and its programs",
			  QUOTA_PROCESSES);
}

static struct quota_over over_of(const struct usage *u)
{
	struct quota_over over = { NULL, NULL };

	if (u->kib > QUOTA_MIB * 1024UL) {
		over.allowed = memory_allowed();
		over.used = mem_printf("%zu MiB: the test was ended",
				       u->kib / 1024);
	} else if (u->processes > QUOTA_PROCESSES) {
		over.allowed = processes_allowed();
		over.used = mem_printf("%zu processes: the test was ended",
				       u->processes);
	}
	return over;
}

void quota_say_gaps(FILE *f, bool boxed)
{
	if (cgroup_holds_memory())
		return;
	if (cgroup_works())
		fprintf(f,
			"grade: control groups do not limit memory here: a "
			"test's is looked at every %d ms\n",
			QUOTA_EVERY_MS);
	else if (boxed || pid_namespace_counts())
		fprintf(f,
			"grade: no control group can be made here: the "
			"kernel limits a test's processes, its memory is "
			"looked at every %d ms\n",
			QUOTA_EVERY_MS);
	else
		fprintf(f,
			"grade: no control group can be made here, and no "
			"other limit holds this user: a test's processes "
			"and memory are looked at every %d ms\n",
			QUOTA_EVERY_MS);
}

struct quota_over quota_enforced(const struct keeper_end *end, int tasks)
{
	struct quota_over over = { NULL, NULL };

	if (end->starved) {
		over.allowed = memory_allowed();
		over.used = mem_printf("%d MiB: the kernel ended one of them",
				       CGROUP_MIB);
	} else if (end->crowded) {
		over.allowed = processes_allowed();
		over.used = mem_printf("%d processes and threads: the kernel "
				       "refused another",
				       tasks);
	}
	return over;
}

void quota_over_free(struct quota_over *over)
{
	free(over->allowed);
	free(over->used);
	*over = (struct quota_over){ NULL, NULL };
}

void quota_look(struct keeper *const *keepers, size_t count,
		struct quota_over *over)
{
	struct usage *used = mem_alloc((count + 1) * sizeof(*used));
	struct processes p;

	processes_read(&p);
	for (size_t i = 0; i < count; i++) {
		struct process *root =
			keepers[i] ? processes_find(&p, keeper_pid(keepers[i]))
				   : NULL;

		if (root)
			root->mark = i + 1;
	}
	for (size_t i = 0; i < p.count; i++) {
		size_t owner = mark_above(&p, &p.all[i]);

		if (!owner)
			continue;
		used[owner].processes++;
		used[owner].kib += kib_of(p.all[i].pid);
	}
	for (size_t i = 0; i < count; i++)
		over[i] = over_of(&used[i + 1]);
	free(p.all);
	free(used);
}
