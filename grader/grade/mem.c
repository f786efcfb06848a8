/* SPDX-License-Identifier: MIT */
/*
 * Memory that ends the program when there is none: grade holds a few hundred
 * kilobytes, and a grade without them would be no grade.
 */
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *checked(void *p)
{
	if (p)
		return p;
	fprintf(stderr, "grade: out of memory\n");
	exit(1);
}

void *mem_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *mem_resize(void *p, size_t count, size_t size)
{
	return checked(reallocarray(p, count ? count : 1, size));
}

char *mem_strdup(const char *s)
{
	return checked(strdup(s));
}

char *mem_strndup(const char *s, size_t len)
{
	return checked(strndup(s, len));
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return checked(s);
}

void mem_replace(char **p, const char *s)
{
	char *copy = mem_strdup(s);

	free(*p);
	*p = copy;
}

char *mem_read_file(const char *path, size_t max, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t used = 0, room = 0;
	char *data = NULL;
	ssize_t n;

	if (fd < 0)
		return NULL;
	for (;;) {
		if (room - used < 2) {
			room = room ? room * 2 : 4096;
			data = mem_resize(data, room, 1);
		}
		n = read(fd, data + used, room - used - 1);
		if (n <= 0 || used >= max)
			break;
		used += n;
	}
	close(fd);
	if (n < 0) {
		free(data);
		return NULL;
	}
	if (used > max)
		used = max;
	data[used] = '\0';
	if (len)
		*len = used;
	return data;
}
