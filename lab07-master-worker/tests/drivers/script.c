/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ABOVE_ALL 10 /* a number that nobody counts on */

static char line[SCRIPT_LINE];
static int input = STDIN_FILENO;

/*
 * Byte by byte from the kernel, so that a child or a daemon that goes on with
 * the same input misses nothing.
 */
static bool read_line(void)
{
	size_t n = 0;

	while (n < sizeof(line) - 1) {
		ssize_t got = read(input, line + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (line[n++] == '\n')
			break;
	}
	line[n ? n - 1 : 0] = '\0';
	return true;
}

bool script_read(struct script *s)
{
	char *rest = line;

	if (!read_line())
		return false;
	for (size_t i = 0; i < SCRIPT_WORDS; i++) {
		s->word[i] = strsep(&rest, " ");
		if (!s->word[i])
			s->word[i] = (char *)"";
	}
	return true;
}

bool script_is(const struct script *s, const char *name)
{
	return !strcmp(s->word[0], name);
}

long long script_number(const struct script *s, size_t i)
{
	return strtoll(s->word[i], NULL, 10);
}

void script_say(const char *fmt, ...)
{
	static char text[SCRIPT_LINE];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text) - 1, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text) - 1)
		n = sizeof(text) - 2;
	text[n++] = '\n';
	for (int at = 0; at < n;) {
		ssize_t put = write(STDOUT_FILENO, text + at, (size_t)(n - at));

		if (put < 0 && errno != EINTR)
			return;
		at += put > 0 ? (int)put : 0;
	}
}

const char *script_result(int result)
{
	/* -errno is the slip that a caller who asks for -1 does not see. */
	if (result < -1)
		return "less than -1";
	return result < 0 ? strerrorname_np(errno) : "ok";
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

size_t script_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	if (!dir)
		exit(2);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 3; /* ".", "..", and the folder itself */
}

void script_leave_stdin(void)
{
	int other = fcntl(input, F_DUPFD_CLOEXEC, ABOVE_ALL);

	if (other < 0)
		exit(2);
	close(input);
	input = other;
}

void script_no_descriptors(bool on)
{
	static struct rlimit all;
	struct rlimit limit;
	int lowest;

	if (!all.rlim_cur && getrlimit(RLIMIT_NOFILE, &all) < 0)
		exit(2);
	limit = all;
	if (on) {
		lowest = fcntl(input, F_DUPFD_CLOEXEC, 0);
		if (lowest < 0)
			exit(2);
		close(lowest);
		limit.rlim_cur = (rlim_t)lowest;
	}
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		exit(2);
}

size_t script_bytes(const char *hex, unsigned char *to, size_t room)
{
	size_t n = 0;

	if (*hex == '-')
		return 0;
	for (; hex[0] && hex[1] && n < room; hex += 2)
		to[n++] = (unsigned char)(digit(hex[0]) << 4 | digit(hex[1]));
	return n;
}

const char *script_hex(const void *data, size_t n)
{
	static char text[SCRIPT_LINE];
	const unsigned char *p = data;

	if (!n)
		return "-";
	for (size_t i = 0; i < n && 2 * i + 2 < sizeof(text); i++)
		sprintf(text + 2 * i, "%02x", p[i]);
	return text;
}

void script_unknown(const struct script *s)
{
	fprintf(stderr, "driver: unknown command: %s\n", s->word[0]);
	exit(2);
}
