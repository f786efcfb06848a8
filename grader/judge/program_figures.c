/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says about a running program, in numbers: proc(5). Under
 * Valgrind these are Valgrind's numbers, not the program's.
 */
#include "program_figures_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "failure_internal.h"
#include "process_table_internal.h"
#include "sanitizer_internal.h"
#include "wait_internal.h"

static void must_run(struct prog *p)
{
	judge_pump();
	if (prog_ended(p))
		judge_fail(OUTCOME_FAIL, "the program to be running",
			   "it is not");
}

/* The number of entries of /proc/PID/DIR. */
static size_t entries(struct prog *p, const char *name)
{
	struct dirent *entry;
	char path[64];
	size_t n = 0;
	DIR *dir;

	must_run(p);
	snprintf(path, sizeof(path), "/proc/%d/%s", p->pid, name);
	dir = opendir(path);
	if (!dir) {
		must_run(p); /* it may have died this very moment */
		judge_infra("%s", path);
	}
	while ((entry = readdir(dir)))
		n += isdigit((unsigned char)entry->d_name[0]) != 0;
	closedir(dir);
	return n;
}

size_t prog_descriptors(struct prog *p)
{
	return entries(p, "fd");
}

size_t prog_threads(struct prog *p)
{
	return entries(p, "task");
}

/* Adds up FIELD ("VmRSS:") of /proc/PID/status, or of one of its threads'. */
static int64_t status_field(const char *path, const char *field)
{
	FILE *f = fopen(path, "re");
	long long value = 0;
	char line[256];

	if (!f)
		return 0; /* it has just gone */
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, field, strlen(field)) == 0)
			value = atoll(line + strlen(field));
	fclose(f);
	return value;
}

size_t prog_rss_kib(struct prog *p)
{
	char path[64];

	must_run(p);
	snprintf(path, sizeof(path), "/proc/%d/status", p->pid);
	return (size_t)status_field(path, "RssAnon:");
}

void prog_expect_rss(struct prog *p, size_t before_kib, size_t more_kib)
{
	size_t now = prog_rss_kib(p);
	char *expected = judge_format("at most %zu KiB more memory", more_kib);
	char path[64];

	judge_step("%s has %zu KiB of memory, and had %zu", p->name, now,
		   before_kib);
	snprintf(path, sizeof(path), "/proc/%d/exe", p->pid);
	if (now > before_kib + more_kib && !is_sanitized(path))
		judge_fail(OUTCOME_LEAK, expected, "%zu KiB more",
			   now - before_kib);
	free(expected);
}

bool prog_has_answered(struct prog *p)
{
	struct process *list;
	bool sleeps = false;
	char path[64];
	size_t n;

	if (!p->opts.keep_stdin || prog_ended(p) ||
	    p->output.start == p->output.len ||
	    !memchr(p->output.data + p->output.start, '\n',
		    p->output.len - p->output.start))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/status", p->pid);
	if (status_field(path, "Threads:") != 1)
		return false;
	n = process_table(&list);
	for (size_t i = 0; i < n; i++)
		sleeps |= list[i].pid == p->pid && list[i].state == 'S';
	free(list);
	return sleeps;
}

static bool is_descendant(const struct prog *p, const struct process *list,
			  size_t n, size_t i)
{
	if (list[i].pid == p->pid)
		return false;
	return list[i].group == p->pid || list[i].session == p->pid ||
	       process_is_below(list, n, i, p->pid);
}

static size_t count_descendants(struct prog *p, bool zombies)
{
	struct process *list;
	size_t n, count = 0;

	must_run(p);
	n = process_table(&list);
	for (size_t i = 0; i < n; i++)
		if (process_is_dead(&list[i]) == zombies)
			count += is_descendant(p, list, n, i);
	free(list);
	return count;
}

size_t prog_children(struct prog *p)
{
	return count_descendants(p, false);
}

size_t prog_zombies(struct prog *p)
{
	return count_descendants(p, true);
}

void prog_expect_no_children(struct prog *p)
{
	judge_until_detail(prog_children(p) == 0,
			   "no child of the program runs any more",
			   "%zu still run, and %zu are zombies,",
			   prog_children(p), prog_zombies(p));
}

void prog_expect_no_zombies(struct prog *p)
{
	judge_until_detail(prog_zombies(p) == 0,
			   "every child that has ended was waited for",
			   "%zu are zombies, and %zu still run,",
			   prog_zombies(p), prog_children(p));
}

static int64_t cpu_ms(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		return 0; /* it has just gone */
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A process's threads each have their count; proc(5) has no sum. */
static int64_t switches(pid_t pid)
{
	struct dirent *entry;
	int64_t sum = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.16s/status", pid,
			 entry->d_name);
		sum += status_field(path, "voluntary_ctxt_switches:");
	}
	closedir(dir);
	return sum;
}

static int64_t sum_over_tree(struct prog *p, int64_t (*of)(pid_t), bool waited)
{
	struct process *list;
	int64_t sum = 0;
	size_t n;

	must_run(p);
	n = process_table(&list);
	for (size_t i = 0; i < n; i++) {
		if (list[i].pid != p->pid && !is_descendant(p, list, n, i))
			continue;
		sum += of(list[i].pid);
		if (waited)
			sum += list[i].waited_ms;
	}
	free(list);
	return sum;
}

int64_t prog_cpu_ms(struct prog *p)
{
	return sum_over_tree(p, cpu_ms, true);
}

int64_t prog_switches(struct prog *p)
{
	return sum_over_tree(p, switches, false);
}
