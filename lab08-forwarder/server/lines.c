/* SPDX-License-Identifier: MIT */
/*
 * If standard error is a pipe that nobody reads, it is full one day. The
 * connections come first: the reader gets FULL_MS to make room, once, and then
 * lines are lost until there is some.
 */
#include "server/lines.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

#define LINE_MAX_BYTES 1024
#define FULL_MS	       500

static void on_task(struct loop_task *task)
{
	lines_flush(CONTAINER_OF(task, struct lines, task));
}

void lines_init(struct lines *l, struct loop *loop)
{
	struct stat st;

	l->loop = loop;
	l->len = 0;
	l->full = false;
	l->is_pipe = fstat(STDERR_FILENO, &st) == 0 && S_ISFIFO(st.st_mode);
	l->pid = getpid();
	loop_task_init(&l->task, on_task);
}

void lines_flush(struct lines *l)
{
	struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
	size_t len = l->len;

	l->len = 0;
	if (!len)
		return;
	/* A pipe that is writable takes PIPE_BUF bytes at once, pipe(7). */
	if (l->is_pipe)
		l->full = poll(&room, 1, l->full ? 0 : FULL_MS) == 0;
	if (!l->full && write(STDERR_FILENO, l->data, len) < 0)
		return;
}

void lines_add(struct lines *l, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	struct timespec now;
	struct tm tm;
	va_list args;
	int head, n;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	head = snprintf(line, sizeof(line), "%02d:%02d:%02d.%03ld info  [%d] ",
			tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000,
			l->pid);
	va_start(args, fmt);
	n = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	n = MIN(head + n, (int)sizeof(line) - 2);
	line[n++] = '\n';
	if (l->len + (size_t)n > sizeof(l->data))
		lines_flush(l);
	memcpy(l->data + l->len, line, (size_t)n);
	l->len += (size_t)n;
	loop_defer(l->loop, &l->task);
}
