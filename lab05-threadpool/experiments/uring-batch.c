/* SPDX-License-Identifier: MIT */
/*
 * A child sends a request on each of as many connections as a batch has, and
 * waits for all the answers; we echo, by epoll and by io_uring. epoll_wait(2)
 * brings the news of many sockets in one call, but the work costs two more for
 * each. A ring takes the sends and the next receives of a whole batch in the
 * call that waits for the next one (io_uring_submit_and_wait(3)). What is done
 * inside the call is the same work: io_submit_sqes() makes them one after the
 * other, in the thread that called. And a receive that is submitted before
 * there is data costs more than one that is called when there is: it tries,
 * finds nothing, and waits on the socket (io_arm_poll_handler()), each time
 * anew. So calls are counted and judged, and processor time is only shown.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"
#include "experiment_uring.h"
#include "experiment_usage.h"

enum { MOST = 64, REQUESTS = 6400, LENGTH = 64 };

static struct exp_pair pairs[MOST];
static char buffers[MOST][LENGTH];
static long calls;

static void by_epoll(int batch)
{
	struct epoll_event events[MOST];
	int epfd = exp_epoll(), left = batch;

	for (int i = 0; i < batch; i++)
		exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pairs[i].server, EPOLLIN);
	while (left > 0) {
		int ready = epoll_wait(epfd, events, MOST, -1);

		calls++;
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			ssize_t n = recv(fd, buffers[0], LENGTH, 0);

			calls += 2;
			if (n > 0) {
				send(fd, buffers[0], (size_t)n, MSG_NOSIGNAL);
				continue;
			}
			exp_epoll_ctl(epfd, EPOLL_CTL_DEL, fd, 0);
			left--;
		}
	}
	close(epfd);
}

static void begin_receive(struct io_uring *ring, int i)
{
	io_uring_prep_recv(exp_uring_sqe(ring, (uint64_t)i), pairs[i].server,
			   buffers[i], LENGTH, 0);
}

/* An answer, and behind it the next receive, into the same buffer. */
static void begin_answer(struct io_uring *ring, int i, int length)
{
	struct io_uring_sqe *sqe = exp_uring_sqe(ring, (uint64_t)i);

	io_uring_prep_send(sqe, pairs[i].server, buffers[i], (size_t)length,
			   MSG_NOSIGNAL);
	sqe->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
	begin_receive(ring, i);
}

/* Waits for all of the batch, so that the next call is for all of it, too. */
static void by_uring(int batch)
{
	struct io_uring ring;
	int left = batch;

	exp_uring(&ring, 2 * MOST);
	if (!(ring.features & IORING_FEAT_CQE_SKIP))
		exp_skip("needs Linux 5.17: IOSQE_CQE_SKIP_SUCCESS");
	for (int i = 0; i < batch; i++)
		begin_receive(&ring, i);
	while (left > 0) {
		struct io_uring_cqe *cqe;
		int n = io_uring_submit_and_wait(&ring, (unsigned)left);

		calls++;
		if (n < 0 && n != -EINTR)
			exp_die("io_uring_enter");
		while (!io_uring_peek_cqe(&ring, &cqe)) {
			if (cqe->res > 0)
				begin_answer(&ring, (int)cqe->user_data,
					     cqe->res);
			else
				left--;
			io_uring_cqe_seen(&ring, cqe);
		}
	}
	io_uring_queue_exit(&ring);
}

/* The child: a batch of requests, then all the answers, again and again. */
_Noreturn static void ask(int batch)
{
	char request[LENGTH] = "a request", reply[LENGTH];

	for (int i = 0; i < batch; i++)
		close(pairs[i].server);
	for (int asked = 0; asked < REQUESTS; asked += batch) {
		for (int i = 0; i < batch; i++)
			if (send(pairs[i].client, request, LENGTH,
				 MSG_NOSIGNAL) != LENGTH)
				_exit(1);
		for (int i = 0; i < batch; i++)
			if (recv(pairs[i].client, reply, LENGTH, MSG_WAITALL) !=
			    LENGTH)
				_exit(1);
	}
	_exit(0);
}

struct cost {
	double calls;
	double cpu_us;
};

/* What a request costs the server. */
static struct cost measure(void (*serve)(int), int batch)
{
	double before;
	int status;
	pid_t peer;

	for (int i = 0; i < batch; i++)
		pairs[i] = exp_pair();
	peer = exp_fork();
	if (!peer)
		ask(batch);
	for (int i = 0; i < batch; i++)
		close(pairs[i].client);
	calls = 0;
	before = exp_cpu_us();
	serve(batch);
	before = exp_cpu_us() - before;
	if (waitpid(peer, &status, 0) < 0)
		exp_die("waitpid");
	if (status)
		exp_expect(false, "all requests of a batch of %d are answered",
			   batch);
	for (int i = 0; i < batch; i++)
		close(pairs[i].server);
	return (struct cost){ (double)calls / REQUESTS, before / REQUESTS };
}

int main(void)
{
	struct cost epoll = { 0 }, uring = { 0 };

	exp_begin("uring-batch", "io_uring is faster because it is "
				 "asynchronous");
	exp_need_descriptors(3 * MOST);
	exp_did("%d requests in batches; what each costs the server", REQUESTS);
	exp_saw("%-5s  %-20s  %-20s", "batch", "epoll: calls  CPU us",
		"io_uring: calls  CPU us");
	for (int batch = 1; batch <= MOST; batch *= 4) {
		epoll = measure(by_epoll, batch);
		uring = measure(by_uring, batch);
		exp_saw("%5d  %12.2f  %6.1f  %15.2f  %6.1f", batch, epoll.calls,
			epoll.cpu_us, uring.calls, uring.cpu_us);
		exp_expect(epoll.calls > 2 && uring.calls < 1.1 / batch + 0.01,
			   "epoll more than 2 calls, io_uring 1 / %d", batch);
	}
	return exp_end(EXP_HALF, "it saves system calls, and the more the "
				 "larger the batch; the work behind them "
				 "stays, "
				 "and whether it is faster has to be measured");
}
