/* SPDX-License-Identifier: MIT */
/*
 * log - one line to standard error, with a time, a level and the process.
 *
 *	12:34:56.789 warn  [4711] accept: Too many open files
 *
 * A line is written with one write(2) of at most LOG_LINE_MAX bytes, so lines
 * of several processes and threads do not mix (pipe(7), PIPE_BUF). A longer
 * line is cut. Programs log; library functions do not. Any thread may call.
 * Not for signal handlers. errno is left as it was.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#define LOG_LINE_MAX 1024

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/*
 * Lines below LEVEL are not written. The start value is LOG_INFO. Call before
 * there are threads.
 */
void log_set_level(enum log_level level);

/*
 * The level named NAME ("debug", "info", "warn", "error"), or -1 with errno
 * EINVAL.
 */
int log_level_parse(const char *name);

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, with ": " and what errno means at the end. */
void log_warn_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error_errno(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

#endif
