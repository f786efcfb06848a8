/* SPDX-License-Identifier: MIT */
/*
 * A pipe that is not empty is closed when it is given back: emptying it would
 * take as many calls as making one.
 */
#include "splice/pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct pipe_pair *pipes_take(struct pipes *pipes)
{
	struct pipe_pair *p = pipes->spare;
	int fds[2];

	if (p) {
		pipes->spare = p->next;
		pipes->spares--;
		return p;
	}
	p = malloc(sizeof(*p));
	if (!p)
		return NULL;
	if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0) {
		free(p);
		return NULL;
	}
	*p = (struct pipe_pair){ .from = fds[0], .to = fds[1] };
	/* Refused where the user has many already; then it holds less. */
	fcntl(p->to, F_SETPIPE_SZ, PIPES_BYTES);
	return p;
}

static void destroy(struct pipe_pair *p)
{
	close(p->from);
	close(p->to);
	free(p);
}

void pipes_give(struct pipes *pipes, struct pipe_pair *p)
{
	if (!p)
		return;
	if (p->len || pipes->spares >= PIPES_SPARE) {
		destroy(p);
		return;
	}
	p->next = pipes->spare;
	pipes->spare = p;
	pipes->spares++;
}

void pipes_free(struct pipes *pipes)
{
	while (pipes->spare) {
		struct pipe_pair *p = pipes->spare;

		pipes->spare = p->next;
		destroy(p);
	}
	pipes->spares = 0;
}

ssize_t pipes_fill(struct pipe_pair *p, int fd)
{
	ssize_t n = splice(fd, NULL, p->to, NULL, PIPES_BYTES,
			   SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

	if (n > 0)
		p->len += (size_t)n;
	return n;
}

ssize_t pipes_drain(struct pipe_pair *p, int fd)
{
	ssize_t n = splice(p->from, NULL, fd, NULL, p->len,
			   SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

	if (n > 0)
		p->len -= (size_t)n;
	return n;
}
