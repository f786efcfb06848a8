/* SPDX-License-Identifier: MIT */
/* The process table, from /proc/PID/stat (proc(5)). */
#include "process_table_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"

/* The file NAME of process or thread ID, below the folder DIR. */
static bool read_file(int dir, const char *id, const char *name, char *buf,
		      size_t size)
{
	char path[32];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%.16s/%s", id, name);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false; /* it has just gone */
	n = read(fd, buf, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	return true;
}

/* The name may hold spaces and parentheses: the last ')' ends it. */
static bool parse_stat(const char *text, struct process *p)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	long long utime, stime, cutime, cstime;
	size_t len;

	if (!open || !close || close < open)
		return false;
	len = (size_t)(close - open - 1);
	if (len >= sizeof(p->name))
		len = sizeof(p->name) - 1;
	memcpy(p->name, open + 1, len);
	p->name[len] = '\0';
	p->pid = atoi(text);
	if (sscanf(close + 1,
		   " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld "
		   "%lld"
		   " %*d %*d %d %*d %llu",
		   &p->state, &p->parent, &p->group, &p->session, &utime,
		   &stime, &cutime, &cstime, &p->threads, &p->start) != 10)
		return false;
	p->cpu_ms = (utime + stime) * 1000 / sysconf(_SC_CLK_TCK);
	p->waited_ms = (cutime + cstime) * 1000 / sysconf(_SC_CLK_TCK);
	return true;
}

static bool is_runnable(const struct process *p)
{
	return p->state == 'R' || p->state == 'D';
}

/*
 * A call that waits says so before its last look, and in that may have much to
 * do: wait4(2) takes a child apart while its state is "asleep".
 */
static bool is_running(int dir, const char *tid)
{
	char buf[256];

	return read_file(dir, tid, "syscall", buf, sizeof(buf)) &&
	       !strncmp(buf, "running", 7);
}

bool process_is_runnable(const struct process *p)
{
	struct process thread;
	struct dirent *entry;
	bool found = is_runnable(p);
	char buf[1024];
	DIR *dir;

	if (found)
		return true;
	snprintf(buf, sizeof(buf), "/proc/%d/task", p->pid);
	dir = opendir(buf);
	while (dir && !found && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) &&
			read_file(dirfd(dir), entry->d_name, "stat", buf,
				  sizeof(buf)) &&
			parse_stat(buf, &thread) &&
			(is_runnable(&thread) ||
			 is_running(dirfd(dir), entry->d_name));
	if (dir)
		closedir(dir);
	return found;
}

size_t process_table(struct process **list)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t n = 0, cap = 0;
	char buf[1024];

	if (!dir)
		judge_infra("/proc");
	*list = NULL;
	while ((entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !read_file(dirfd(dir), entry->d_name, "stat", buf,
			       sizeof(buf)))
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 128;
			*list = realloc(*list, cap * sizeof(**list));
			if (!*list)
				judge_infra("memory");
		}
		if (parse_stat(buf, &(*list)[n]))
			n++;
	}
	closedir(dir);
	return n;
}

bool process_is_dead(const struct process *p)
{
	return (p->state == 'Z' || p->state == 'X') && p->threads <= 1;
}

bool process_is_below(const struct process *list, size_t n, size_t i, pid_t pid)
{
	pid_t at = list[i].pid;

	/* No chain is longer than there are processes. */
	for (size_t steps = 0; steps <= n; steps++) {
		size_t k = 0;

		if (at == pid)
			return true;
		while (k < n && list[k].pid != at)
			k++;
		if (k == n || list[k].parent == 0)
			return false;
		at = list[k].parent;
	}
	return false;
}
