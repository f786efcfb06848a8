/* SPDX-License-Identifier: MIT */
/*
 * pipes - bytes from one socket to another without a copy to user memory:
 * splice(2) from the first into a pipe, and from there into the second. What
 * the second does not take waits in the pipe.
 *
 * A pipe costs two descriptors and a system call to make, so those that are
 * empty are kept for the next stream. A struct pipes belongs to one thread.
 */
#ifndef LAB08_PIPES_H
#define LAB08_PIPES_H

#include <stddef.h>
#include <sys/types.h>

/* What a pipe may hold; asked for with F_SETPIPE_SZ (fcntl(2)). */
#define PIPES_BYTES (256u << 10)
/* Empty ones that are kept. */
#define PIPES_SPARE 64

struct pipe_pair {
	struct pipe_pair *next;
	size_t len; /* bytes in it */
	int from;   /* the end to read from */
	int to;
};

struct pipes {
	struct pipe_pair *spare;
	size_t spares;
};

/*
 * Takes an empty pipe. NULL with errno (EMFILE, ENFILE, ENOMEM) if there is
 * none to be had. pipes_give() in the end.
 */
struct pipe_pair *pipes_take(struct pipes *pipes);

/* Gives P back, empty or not (what is in it is lost). P may be NULL. */
void pipes_give(struct pipes *pipes, struct pipe_pair *p);

/* Closes the spare ones. */
void pipes_free(struct pipes *pipes);

/*
 * Moves what the socket FD has into P, as far as it fits, without waiting.
 * Returns bytes, 0 at the end of the stream, or -1 with errno as splice(2):
 * EAGAIN if there is nothing now, or P is full.
 */
ssize_t pipes_fill(struct pipe_pair *p, int fd);

/*
 * Moves what is in P into the socket FD. Returns and fails likewise; a socket
 * that is gone is EPIPE, and SIGPIPE unless the program ignores it.
 */
ssize_t pipes_drain(struct pipe_pair *p, int fd);

#endif
