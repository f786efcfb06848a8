/* SPDX-License-Identifier: MIT */
/*
 * The provided buffers are themselves given back through a ring: memory that
 * the kernel reads, of which we move the tail.
 */
#include "ring.h"

#include <errno.h>
#include <sys/mman.h>

#define SUBMISSIONS 256

static void *pages(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static size_t provided_size(const struct ring *r)
{
	return r->buffers * sizeof(struct io_uring_buf);
}

static size_t memory_size(const struct ring *r)
{
	return (size_t)r->buffers * RING_BUFFER_SIZE;
}

static int provide(struct ring *r)
{
	struct io_uring_buf_reg reg = {
		.ring_entries = r->buffers,
		.bgid = RING_GROUP,
	};
	int error;

	r->provided = pages(provided_size(r));
	r->memory = pages(memory_size(r));
	if (r->provided == MAP_FAILED || r->memory == MAP_FAILED)
		return ENOMEM;
	reg.ring_addr = (uintptr_t)r->provided;
	error = -io_uring_register_buf_ring(&r->uring, &reg, 0);
	if (error)
		return error;
	io_uring_buf_ring_init(r->provided);
	for (unsigned int i = 0; i < r->buffers; i++)
		ring_give_back(r, i);
	return 0;
}

static void unmap(void *memory, size_t size)
{
	if (memory != MAP_FAILED)
		munmap(memory, size);
}

int ring_open(struct ring *r, unsigned int completions, unsigned int buffers)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP |
			 IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
			 IORING_SETUP_DEFER_TASKRUN,
		.cq_entries = completions,
	};
	unsigned int submissions = completions < SUBMISSIONS ? completions
							     : SUBMISSIONS;
	int error =
		-io_uring_queue_init_params(submissions, &r->uring, &params);

	if (error) {
		errno = error;
		return -1;
	}
	r->buffers = buffers;
	error = provide(r);
	if (error) {
		ring_close(r);
		errno = error;
		return -1;
	}
	return 0;
}

void ring_close(struct ring *r)
{
	io_uring_queue_exit(&r->uring);
	unmap(r->provided, provided_size(r));
	unmap(r->memory, memory_size(r));
}

struct io_uring_sqe *ring_begin(struct ring *r, struct operation *op)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(&r->uring)))
		io_uring_submit(&r->uring);
	io_uring_sqe_set_data(sqe, op);
	op->in_flight = true;
	return sqe;
}

void ring_begin_timer(struct ring *r, struct operation *op, int ms)
{
	struct __kernel_timespec after = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000LL,
	};

	io_uring_prep_timeout(ring_begin(r, op), &after, 0, 0);
	/* The kernel reads AFTER when it is submitted. */
	io_uring_submit(&r->uring);
}

const char *ring_buffer(const struct ring *r, unsigned int number)
{
	return r->memory + (size_t)number * RING_BUFFER_SIZE;
}

void ring_give_back(struct ring *r, unsigned int number)
{
	io_uring_buf_ring_add(r->provided, (void *)ring_buffer(r, number),
			      RING_BUFFER_SIZE, (unsigned short)number,
			      io_uring_buf_ring_mask(r->buffers), 0);
	io_uring_buf_ring_advance(r->provided, 1);
}
