/* SPDX-License-Identifier: MIT */
/*
 * ring - an io_uring(7) and a pool of buffers that is provided to it.
 *
 * A receive that is to say when it has completed would need a buffer for as
 * long as nothing comes: ten thousand idle connections, ten thousand buffers.
 * Hence provided buffers: the kernel is given a pool of them, and takes one
 * only when there are bytes to put into it (io_uring_register_buf_ring(3)).
 *
 * The ring is made for one thread, that which opens it, and completions arrive
 * only when that thread calls for them (IORING_SETUP_SINGLE_ISSUER and
 * IORING_SETUP_DEFER_TASKRUN in io_uring_setup(2)).
 */
#ifndef LAB05_RING_H
#define LAB05_RING_H

#include <liburing.h>
#include <stdbool.h>
#include <stddef.h>

/* The group of the provided buffers, for sqe->buf_group. */
#define RING_GROUP 1

/* Bytes of each. */
#define RING_BUFFER_SIZE 4096

/* What Linux it takes, for uring_refusal(). */
#define RING_LINUX_MAJOR 6
#define RING_LINUX_MINOR 1

struct ring {
	struct io_uring uring;
	/* The rest is ring.c's. */
	struct io_uring_buf_ring *provided;
	char *memory;
	unsigned int buffers;
};

/*
 * Opens *R with room for COMPLETIONS completions (2 to 65536; the kernel rounds
 * up to a power of two) and BUFFERS provided buffers, a power of two, 1 to
 * 32768. All of them are the kernel's.
 *
 * Returns 0, or -1 with errno (io_uring_setup(2), ENOMEM) and nothing open.
 */
int ring_open(struct ring *r, unsigned int completions, unsigned int buffers);

/*
 * Closes *R, not before everything in flight has completed: until then the
 * kernel may use the memory that was submitted.
 */
void ring_close(struct ring *r);

/*
 * Something that is asked of the kernel, and who hears of it. It is a part of
 * what it works for, and stays where it is as long as it is in flight.
 */
struct operation {
	/* RESULT and FLAGS are the completion's. */
	void (*done)(struct operation *op, int result, unsigned int flags);
	bool in_flight;
};

/*
 * The next place of the submission queue, never NULL: what is in a full queue
 * is submitted first. It is marked with OP (io_uring_sqe_set_data(3)), which is
 * in flight from now on. Prepare it at once with io_uring_prep_...(3): these
 * leave the mark alone.
 */
struct io_uring_sqe *ring_begin(struct ring *r, struct operation *op);

/* OP completes with -ETIME after MS milliseconds. */
void ring_begin_timer(struct ring *r, struct operation *op, int ms);

/*
 * The bytes of the provided buffer NUMBER, which a completion named (its flags
 * shifted right by IORING_CQE_BUFFER_SHIFT). They are the caller's until
 * ring_give_back(); as many as the completion's result says are set.
 */
const char *ring_buffer(const struct ring *r, unsigned int number);

/* The buffer NUMBER is the kernel's again. Makes no system call. */
void ring_give_back(struct ring *r, unsigned int number);

#endif
