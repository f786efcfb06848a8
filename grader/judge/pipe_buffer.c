/* SPDX-License-Identifier: MIT */
/*
 * Of a pipe's bytes those that were not asked for are kept, up to a limit that
 * only a flood reaches.
 */
#include "pipe_buffer_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"

static void make_room(struct pipe_buffer *o, size_t room)
{
	size_t cap = o->cap ? o->cap : 4096;

	if (o->start && o->len + room > o->cap) {
		memmove(o->data, o->data + o->start, o->len - o->start);
		o->len -= o->start;
		o->start = 0;
		o->scanned = 0;
	}
	while (cap < o->len + room)
		cap *= 2;
	if (cap == o->cap)
		return;
	o->data = realloc(o->data, cap);
	if (!o->data)
		judge_infra("%zu bytes of memory", cap);
	o->cap = cap;
}

static void append(struct pipe_buffer *o, const char *data, size_t len,
		   size_t keep, bool tail)
{
	if (o->len - o->start + len > keep) {
		o->lost = true;
		if (!tail)
			return;
		o->start = o->len > keep / 2 ? o->len - keep / 2 : 0;
	}
	make_room(o, len + 1);
	memcpy(o->data + o->len, data, len);
	o->len += len;
	o->data[o->len] = '\0';
}

void pipe_buffer_fill(struct pipe_buffer *o, int *fd, size_t keep, bool tail)
{
	static char buf[32 * 1024];

	/* A few times, not for ever: a flood must not keep us here. */
	for (int i = 0; i < 8; i++) {
		ssize_t n = read(*fd, buf, sizeof(buf));

		if (n > 0) {
			append(o, buf, (size_t)n, keep, tail);
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		close(*fd);
		*fd = -1;
		return;
	}
}

char *pipe_buffer_line(struct pipe_buffer *o, bool at_end)
{
	char *line = o->data + o->start;
	size_t from = o->scanned > o->start ? o->scanned : o->start;
	char *end;

	if (o->start == o->len)
		return NULL;
	end = memchr(o->data + from, '\n', o->len - from);
	o->scanned = o->len;
	if (!end && !at_end)
		return NULL;
	if (!end)
		end = o->data + o->len;
	o->start = (size_t)(end - o->data) + (end < o->data + o->len);
	o->scanned = o->start;
	*end = '\0';
	return line;
}
