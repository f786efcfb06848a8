/* SPDX-License-Identifier: MIT */
/*
 * experiment_uring - io_uring(7) for experiments: a ring, and one completion at
 * a time. What the kernel or the container does not allow ends the program
 * with exp_skip(), any other call that fails with exp_die(). One thread a ring.
 *
 *	struct exp_done done;
 *	struct io_uring ring;
 *
 *	exp_uring(&ring, 8);
 *	io_uring_prep_recv(exp_uring_sqe(&ring, 1), fd, buf, sizeof(buf), 0);
 *	exp_uring_submit(&ring);
 *	if (exp_uring_next(&ring, 1000, &done))
 *		exp_saw("number %d: %d", (int)done.number, done.result);
 *	io_uring_queue_exit(&ring);
 */
#ifndef COMMON_EXPERIMENT_URING_H
#define COMMON_EXPERIMENT_URING_H

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

/* What the kernel says of an operation. */
struct exp_done {
	uint64_t number; /* as told to exp_uring_sqe() */
	int result; /* as the system call's; a negative errno if it failed */
	bool more;  /* the operation goes on: IORING_CQE_F_MORE */
};

/*
 * Makes a ring for ENTRIES operations at once; the caller ends it with
 * io_uring_queue_exit(3).
 */
void exp_uring(struct io_uring *ring, unsigned entries);

/*
 * The next place of the submission queue, marked with NUMBER. The caller
 * prepares it (io_uring_prep_recv(3) and so on): that keeps the mark.
 */
struct io_uring_sqe *exp_uring_sqe(struct io_uring *ring, uint64_t number);

/* Gives what was prepared to the kernel: one io_uring_enter(2). */
void exp_uring_submit(struct io_uring *ring);

/* Waits up to MS for one completion; false if none came. */
bool exp_uring_next(struct io_uring *ring, int ms, struct exp_done *done);

#endif
