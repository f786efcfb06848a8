/* SPDX-License-Identifier: MIT */
/*
 * The descendants are found from above: /proc/PID/task/TID/children lists the
 * children that a thread has made.
 */
#include "server_usage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double thread_cpu_s(pid_t pid, const char *tid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/schedstat", pid, tid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	fclose(f);
	return (double)ns / 1e9;
}

static int64_t thread_switches(pid_t pid, const char *tid)
{
	long long n, sum = 0;
	char line[256];
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", pid, tid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "voluntary_ctxt_switches: %lld", &n) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lld", &n) == 1)
			sum += n;
	fclose(f);
	return sum;
}

/*
 * A page that n processes share counts as an nth in each (Pss), so that in the
 * sum over parent and children it counts once.
 */
static int64_t memory_bytes(pid_t pid)
{
	unsigned long long kib;
	int64_t sum = 0;
	char line[256];
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "Pss_Anon: %llu", &kib) == 1)
			sum += (int64_t)kib * 1024;
	fclose(f);
	return sum;
}

static void add_process(pid_t pid, struct server_usage *u);

static void add_children(pid_t pid, const char *tid, struct server_usage *u)
{
	char path[64];
	pid_t child;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/children", pid, tid);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fscanf(f, "%d", &child) == 1)
		add_process(child, u);
	fclose(f);
}

static void add_process(pid_t pid, struct server_usage *u)
{
	struct dirent *entry;
	char path[64];
	DIR *threads;

	u->memory_bytes += memory_bytes(pid);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		if (entry->d_name[0] == '.')
			continue;
		u->cpu_s += thread_cpu_s(pid, entry->d_name);
		u->switches += thread_switches(pid, entry->d_name);
		add_children(pid, entry->d_name, u);
	}
	if (threads)
		closedir(threads);
}

void server_usage(pid_t pid, struct server_usage *u)
{
	*u = (struct server_usage){ 0 };
	add_process(pid, u);
}
