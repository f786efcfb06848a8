/* SPDX-License-Identifier: MIT */
/*
 * flow-driver - one flow (flow.h), and a kernel that is played here: there is no
 * io_uring, and what is submitted completes when the judge says so. So what the
 * flow holds is known to the byte. A line of standard input is a command:
 *
 *	open CEILING	flow_open()
 *	receive N	N bytes arrive (0: the end): the receive completes
 *	send N		the send completes, of N bytes at most
 *	error N		the receive completes with the errno N, and ends
 *	send-error N	the send completes with it
 *	drain		flows_drain(), and nothing has come: what is cancelled
 *			completes, and so does a receive that does not wait
 *	cancel		what is to be cancelled completes, and the cancellation
 *	close		flows_close(), and all completes until the flow is gone
 *
 * The answer is what is in flight then: "holds H: receives, sends L", where
 * "receives" may be "cancels" or "waits", and L is 0 if nothing is sent; "gone"
 * if the flow is; or what cannot be done, or is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "flow.h"
#include "util.h"

#define PLACES	32
#define BUFFERS 8

/* A place of the submission queue, as long as what is in it is in flight. */
static struct place {
	struct io_uring_sqe sqe;
	struct operation *op; /* NULL: a free place */
} places[PLACES];

static struct ring ring = { .buffers = BUFFERS };
static struct flows all = { .ring = &ring };
static char memory[BUFFERS][RING_BUFFER_SIZE];
static unsigned int next_buffer;
static size_t received, sent; /* bytes so far */
static const char *wrong;     /* the first thing that is */

/* ------------------------------------------------ ring.h, as it is played */

struct io_uring_sqe *ring_begin(struct ring *r, struct operation *op)
{
	struct place *p = places;

	(void)r;
	while (p < places + PLACES - 1 && p->op)
		p++;
	if (op->in_flight)
		wrong = wrong ?: "an operation in flight is begun again";
	memset(&p->sqe, 0, sizeof(p->sqe));
	io_uring_sqe_set_data(&p->sqe, op);
	p->op = op;
	op->in_flight = true;
	return &p->sqe;
}

void ring_begin_timer(struct ring *r, struct operation *op, int ms)
{
	io_uring_prep_timeout(ring_begin(r, op), NULL, (unsigned int)ms, 0);
}

const char *ring_buffer(const struct ring *r, unsigned int number)
{
	(void)r;
	return memory[number % BUFFERS];
}

void ring_give_back(struct ring *r, unsigned int number)
{
	(void)r;
	memset(memory[number % BUFFERS], 0, RING_BUFFER_SIZE);
}

/* ------------------------------------------------------------- the kernel */

/* The I-th byte of the stream. */
static char byte_at(size_t i)
{
	return (char)(i * 31 + i / 251);
}

static struct place *find(unsigned char opcode)
{
	for (struct place *p = places; p < places + PLACES; p++)
		if (p->op && p->sqe.opcode == opcode)
			return p;
	return NULL;
}

static void complete(struct place *p, int result, unsigned int flags)
{
	struct operation *op = p->op;

	op->in_flight = flags & IORING_CQE_F_MORE;
	if (!op->in_flight)
		p->op = NULL;
	op->done(op, result, flags);
}

static void receive(size_t n)
{
	struct place *p = find(IORING_OP_RECV);
	unsigned int number = next_buffer++ % BUFFERS;

	if (!p) {
		wrong = wrong ?: "nothing is received now";
		return;
	}
	if (n == 0) {
		complete(p, 0, 0);
		return;
	}
	n = MIN(n, RING_BUFFER_SIZE);
	for (size_t i = 0; i < n; i++)
		memory[number][i] = byte_at(received + i);
	received += n;
	complete(p, (int)n,
		 IORING_CQE_F_MORE | IORING_CQE_F_BUFFER |
			 number << IORING_CQE_BUFFER_SHIFT);
}

static void send_some(size_t n)
{
	struct place *p = find(IORING_OP_SEND);
	const char *bytes;

	if (!p) {
		wrong = wrong ?: "nothing is sent now";
		return;
	}
	bytes = (const char *)(uintptr_t)p->sqe.addr;
	n = MIN(n, p->sqe.len);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != byte_at(sent + i))
			wrong = wrong ?: "other bytes are sent than came";
	sent += n;
	complete(p, (int)n, 0);
}

/* What a cancellation means: all that is in flight, or the receive. */
static void cancel(void)
{
	struct place *p = find(IORING_OP_ASYNC_CANCEL);
	struct place *r = find(IORING_OP_RECV), *s = find(IORING_OP_SEND);
	bool any;

	if (!p) {
		wrong = wrong ?: "nothing is cancelled now";
		return;
	}
	any = p->sqe.cancel_flags &
	      (IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ANY);
	if (r)
		complete(r, -ECANCELED, 0);
	if (s && any && s->op)
		complete(s, -ECANCELED, 0);
	complete(p, 0, 0);
}

static void fail(unsigned char opcode, size_t error)
{
	struct place *p = find(opcode);

	if (p)
		complete(p, -(int)error, 0);
	else
		wrong = wrong ?: "that is not in flight";
}

static void drain(void)
{
	struct place *r;

	flows_drain(&all);
	for (int i = 0; i < PLACES && !list_empty(&all.flows); i++) {
		r = find(IORING_OP_RECV);
		if (find(IORING_OP_ASYNC_CANCEL))
			cancel();
		else if (r && r->sqe.msg_flags & MSG_DONTWAIT)
			complete(r, -EAGAIN, 0);
	}
}

static void close_all(void)
{
	flows_close(&all);
	while (!list_empty(&all.flows) && !wrong)
		cancel();
}

static void tell(void)
{
	const struct place *s = find(IORING_OP_SEND);
	const char *receives = find(IORING_OP_ASYNC_CANCEL) ? "cancels"
			       : find(IORING_OP_RECV)	    ? "receives"
							    : "waits";

	if (wrong)
		puts(wrong);
	else if (list_empty(&all.flows))
		puts("gone");
	else
		printf("holds %zu: %s, sends %u\n", received - sent, receives,
		       s ? s->sqe.len : 0);
	fflush(stdout);
}

int main(void)
{
	char line[64];
	size_t n;

	list_init(&all.flows);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "open %zu", &all.ceiling) == 1)
			flow_open(&all, open("/dev/null", O_RDWR | O_CLOEXEC));
		else if (sscanf(line, "receive %zu", &n) == 1)
			receive(n);
		else if (sscanf(line, "send %zu", &n) == 1)
			send_some(n);
		else if (sscanf(line, "error %zu", &n) == 1)
			fail(IORING_OP_RECV, n);
		else if (sscanf(line, "send-error %zu", &n) == 1)
			fail(IORING_OP_SEND, n);
		else if (!strncmp(line, "drain", 5))
			drain();
		else if (!strncmp(line, "cancel", 6))
			cancel();
		else if (!strncmp(line, "close", 5))
			close_all();
		tell();
	}
	return 0;
}
