/* SPDX-License-Identifier: MIT */
/*
 * pipe_buffer - what came through a pipe and was not asked for yet.
 */
#ifndef JUDGE_PIPE_BUFFER_INTERNAL_H
#define JUDGE_PIPE_BUFFER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* data[start, len) */
struct pipe_buffer {
	char *data;
	size_t start, len, cap;
	bool lost;	/* more came than is kept */
	size_t scanned; /* no newline before this */
};

/*
 * Reads what is in the pipe now; closes it at its end. At most KEEP bytes are
 * kept: of a TAIL the last ones, else the first.
 */
void pipe_buffer_fill(struct pipe_buffer *b, int *fd, size_t keep, bool tail);
/*
 * The next line cut out of B and ended by NUL; NULL if there is none. AT_END:
 * what is left without a newline is a line as well.
 */
char *pipe_buffer_line(struct pipe_buffer *b, bool at_end);

#endif
