/* SPDX-License-Identifier: MIT */
/*
 * io_uring_prep_rw() in liburing.h fills in an entry, but leaves its mark
 * (user_data) alone, so exp_uring_sqe() may set the mark first.
 */
#include "experiment_uring.h"

#include <errno.h>

#include "clock.h"
#include "experiment.h"
#include "uring_refusal.h"

void exp_uring(struct io_uring *ring, unsigned entries)
{
	const char *why = uring_refusal(5, 13);
	int error;

	if (why)
		exp_skip("%s", why);
	error = -io_uring_queue_init(entries, ring, 0);
	if (error) {
		errno = error;
		exp_die("io_uring_setup");
	}
}

struct io_uring_sqe *exp_uring_sqe(struct io_uring *ring, uint64_t number)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	if (!sqe) {
		errno = ENOBUFS;
		exp_die("io_uring_get_sqe");
	}
	io_uring_sqe_set_data64(sqe, number);
	return sqe;
}

void exp_uring_submit(struct io_uring *ring)
{
	int n = io_uring_submit(ring);

	if (n < 0) {
		errno = -n;
		exp_die("io_uring_enter");
	}
}

bool exp_uring_next(struct io_uring *ring, int ms, struct exp_done *done)
{
	int64_t deadline = clock_ms() + ms;
	struct io_uring_cqe *cqe;
	int error;

	do {
		int left = clock_left_ms(deadline);
		struct __kernel_timespec patience = {
			.tv_sec = left / 1000,
			.tv_nsec = left % 1000 * 1000000LL,
		};

		error = -io_uring_wait_cqe_timeout(ring, &cqe, &patience);
	} while (error == EINTR);
	if (error == ETIME)
		return false;
	if (error) {
		errno = error;
		exp_die("io_uring_enter");
	}
	done->number = cqe->user_data;
	done->result = cqe->res;
	done->more = cqe->flags & IORING_CQE_F_MORE;
	io_uring_cqe_seen(ring, cqe);
	return true;
}
