/* SPDX-License-Identifier: MIT */
/*
 * The loops around read(2) and write(2).
 *
 * EINTR is dealt with in one place for each direction, and short counts in
 * one place above it: a caller that needs both stacks the two.
 *
 *	read_full    read_line		short counts, the end
 *	        \    /
 *	      read_some			EINTR
 *	          |
 *	       read(2)
 */
#include "io.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

ssize_t read_some(int fd, void *buf, size_t len)
{
	ssize_t n;

	do
		n = read(fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

static ssize_t write_some(int fd, const void *buf, size_t len)
{
	ssize_t n;

	do
		n = write(fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

ssize_t read_full(int fd, void *buf, size_t len)
{
	char *to = buf;
	size_t done = 0;

	while (done < len) {
		ssize_t n = read_some(fd, to + done, len - done);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

ssize_t write_full(int fd, const void *buf, size_t len)
{
	const char *from = buf;
	size_t done = 0;

	while (done < len) {
		ssize_t n = write_some(fd, from + done, len - done);

		if (n < 0)
			return -1;
		done += n;
	}
	return done;
}

void line_reader_init(struct line_reader *r, int fd)
{
	r->fd = fd;
	r->start = 0;
	r->end = 0;
}

/* Reads ahead once the old data is used up; returns as read_some(). */
static ssize_t refill(struct line_reader *r)
{
	ssize_t n = read_some(r->fd, r->data, sizeof(r->data));

	r->start = 0;
	r->end = n > 0 ? n : 0;
	return n;
}

/*
 * LEN counts the line's bytes even when they no longer fit: so that the end of
 * a line that is too long is found, and what follows it is a line again.
 */
ssize_t read_line(struct line_reader *r, char *line, size_t size)
{
	size_t len = 0;
	const char *newline = NULL;

	while (!newline) {
		const char *from;
		size_t n;

		if (r->start == r->end) {
			ssize_t got = refill(r);

			if (got < 0)
				return -1;
			if (got == 0)
				break;
		}
		from = r->data + r->start;
		n = r->end - r->start;
		newline = memchr(from, '\n', n);
		if (newline)
			n = newline + 1 - from;
		if (len < size - 1)
			memcpy(line + len, from, MIN(n, size - 1 - len));
		r->start += n;
		len += n;
	}
	if (len > size - 1) {
		errno = EMSGSIZE;
		return -1;
	}
	line[len] = '\0';
	return len;
}
