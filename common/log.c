/* SPDX-License-Identifier: MIT */
/*
 * The line is put together in a buffer on the stack and leaves with a single
 * write(2): no lock, no stdio buffer that a fork would duplicate, and no line
 * torn in two by another process that logs to the same file.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

static const char *const level_names[] = { "debug", "info", "warn", "error" };
static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
	threshold = level;
}

int log_level_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
		if (strcmp(name, level_names[i]) == 0)
			return (int)i;
	errno = EINVAL;
	return -1;
}

/* Appends to LINE at *LEN; what does not fit is cut. */
static void append(char *line, size_t *len, const char *fmt, va_list ap)
{
	size_t room = LOG_LINE_MAX - *len;
	int n = vsnprintf(line + *len, room, fmt, ap);

	if (n > 0)
		*len += MIN((size_t)n, room - 1);
}

static void appendf(char *line, size_t *len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	append(line, len, fmt, ap);
	va_end(ap);
}

static void emit(enum log_level level, int err, const char *fmt, va_list ap)
{
	int saved = errno;
	char line[LOG_LINE_MAX];
	char reason[128];
	size_t len = 0;
	struct timespec now;
	struct tm tm;

	if (level < threshold)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	appendf(line, &len, "%02d:%02d:%02d.%03ld %-5s [%d] ", tm.tm_hour,
		tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000, level_names[level],
		(int)getpid());
	append(line, &len, fmt, ap);
	if (err)
		appendf(line, &len, ": %s",
			strerror_r(err, reason, sizeof(reason)));
	line[len++] = '\n';
	/* There is nowhere to report that the log cannot be written. */
	if (write(STDERR_FILENO, line, len) < 0)
		len = 0;
	errno = saved;
}

#define DEFINE_LOG(name, level, err)       \
	void name(const char *fmt, ...)    \
	{                                  \
		va_list ap;                \
                                           \
		va_start(ap, fmt);         \
		emit(level, err, fmt, ap); \
		va_end(ap);                \
	}

DEFINE_LOG(log_debug, LOG_DEBUG, 0)
DEFINE_LOG(log_info, LOG_INFO, 0)
DEFINE_LOG(log_warn, LOG_WARN, 0)
DEFINE_LOG(log_error, LOG_ERROR, 0)
DEFINE_LOG(log_warn_errno, LOG_WARN, errno)
DEFINE_LOG(log_error_errno, LOG_ERROR, errno)
