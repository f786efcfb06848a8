/* SPDX-License-Identifier: MIT */
/*
 * Threads that do the same are one entry with a count: of a pool of 64 threads
 * the one that is elsewhere is what matters.
 */
#include "activity_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process_table_internal.h"
#include "program_internal.h"
#include "util.h"

#define PROCESSES_MAX 6 /* told of */
#define DOINGS_MAX    6 /* different ones of a process */
#define DOING_SIZE    80

/* The calls in which programs wait, and what for, if the name does not say. */
static const struct call {
	long number;
	bool descriptor; /* its first argument is one */
	const char *name;
} calls[] = {
	{ SYS_read, true, "read" },
	{ SYS_write, true, "write" },
	{ SYS_recvfrom, true, "recv" },
	{ SYS_recvmsg, true, "recvmsg" },
	{ SYS_sendto, true, "send" },
	{ SYS_sendmsg, true, "sendmsg" },
	{ SYS_accept, true, "accept" },
	{ SYS_accept4, true, "accept4" },
	{ SYS_connect, true, "connect" },
	{ SYS_epoll_pwait, true, "epoll_wait" },
	{ SYS_io_uring_enter, true, "io_uring_enter" },
	{ SYS_ppoll, false, "poll" },
	{ SYS_pselect6, false, "select" },
	{ SYS_futex, false, "futex (a lock, a condition, a thread's end)" },
	{ SYS_wait4, false, "wait, for a child" },
	{ SYS_waitid, false, "waitid, for a child" },
	{ SYS_nanosleep, false, "nanosleep" },
	{ SYS_clock_nanosleep, false, "nanosleep" },
	{ SYS_rt_sigsuspend, false, "sigsuspend" },
	{ SYS_rt_sigtimedwait, false, "sigwait" },
#ifdef SYS_epoll_wait /* older calls, which not every processor has */
	{ SYS_epoll_wait, true, "epoll_wait" },
	{ SYS_poll, false, "poll" },
	{ SYS_select, false, "select" },
	{ SYS_pause, false, "pause" },
#endif
};

struct doing {
	char text[DOING_SIZE];
	size_t threads;
};

/* The first line of the file NAME of thread TID; false if it is not to be had. */
static bool read_line(pid_t pid, const char *tid, const char *name, char *line,
		      int size)
{
	char path[64];
	bool found;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/%s", pid, tid, name);
	f = fopen(path, "re");
	if (!f)
		return false;
	found = fgets(line, size, f) != NULL;
	fclose(f);
	return found;
}

/* The state's letter stands behind the name's ")" (proc(5)). */
static const char *state_text(const char *stat)
{
	const char *end = strrchr(stat, ')');

	switch (end && end[1] ? end[2] : '?') {
	case 'R':
		return "computing";
	case 'T':
	case 't':
		return "stopped";
	case 'Z':
	case 'X':
		return "ended";
	default:
		return "asleep";
	}
}

static void describe(pid_t pid, const char *tid, char *text)
{
	unsigned long long first = 0;
	char line[512];
	long number;

	if (read_line(pid, tid, "syscall", line, sizeof(line)) &&
	    sscanf(line, "%ld %llx", &number, &first) >= 1) {
		for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
			const struct call *c = &calls[i];

			if (c->number != number)
				continue;
			if (c->descriptor)
				snprintf(text, DOING_SIZE,
					 "in %s, descriptor %d", c->name,
					 (int)first);
			else
				snprintf(text, DOING_SIZE, "in %s", c->name);
			return;
		}
	}
	if (!read_line(pid, tid, "stat", line, sizeof(line)))
		line[0] = '\0';
	snprintf(text, DOING_SIZE, "%s", state_text(line));
}

/* Fills LIST with what the threads of PID do; how many different things. */
static size_t doings(pid_t pid, struct doing *list)
{
	char path[64], text[DOING_SIZE];
	struct dirent *entry;
	size_t n = 0, i;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		describe(pid, entry->d_name, text);
		for (i = 0; i < n && strcmp(list[i].text, text); i++)
			;
		if (i == DOINGS_MAX)
			continue;
		if (i == n) {
			strcpy(list[n].text, text);
			list[n++].threads = 0;
		}
		list[i].threads++;
	}
	if (dir)
		closedir(dir);
	return n;
}

static void step_of(const struct process *process)
{
	char text[DOINGS_MAX * (DOING_SIZE + 32)] = "";
	struct doing list[DOINGS_MAX];
	size_t n = doings(process->pid, list), len = 0;

	for (size_t i = 0; i < n; i++) {
		const struct doing *d = &list[i];

		if (process->threads == 1)
			len += (size_t)sprintf(text + len, "%s", d->text);
		else
			len += (size_t)sprintf(text + len, "%s%zu %s %s",
					       i ? "; " : "", d->threads,
					       d->threads == 1 ? "thread is"
							       : "threads are",
					       d->text);
	}
	if (n)
		judge_step("when the time was over, %s (process %d): %s",
			   process->name, process->pid, text);
}

void activity_steps(void)
{
	struct process *list;
	size_t n, told = 0;
	pid_t self = getpid();

	if (!nprogs)
		return;
	n = process_table(&list);
	for (size_t i = 0; i < n && told < PROCESSES_MAX; i++) {
		if (list[i].pid == self || process_is_dead(&list[i]) ||
		    !process_is_below(list, n, i, self))
			continue;
		step_of(&list[i]);
		told++;
	}
	free(list);
}
