/* SPDX-License-Identifier: MIT */
/*
 * A proactor hands over the operation and its buffer, and hears of the result.
 * io_uring is one: a receive that finds nothing hangs a callback on the
 * socket's wait queue (io_arm_poll_handler()) and returns; the arrival calls
 * it, the kernel copies the bytes and posts a completion into memory that both
 * share. No thread waits meanwhile, neither ours nor one of the kernel's.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"
#include "experiment_uring.h"
#include "experiment_usage.h"

enum { DEADLINE_MS = 10000, QUIET_MS = 50 };

/* A child that sends five bytes on FD as soon as a byte is written to *GO. */
static pid_t start_sender(int fd, int *go)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		exp_die("pipe");
	pid = exp_fork();
	if (!pid) {
		char byte;

		close(ends[1]);
		if (read(ends[0], &byte, 1) == 1)
			exp_send(fd, "hello");
		_exit(0);
	}
	close(ends[0]);
	*go = ends[1];
	return pid;
}

/* Looks at the shared memory, and makes no system call while it does. */
static bool completion_comes(struct io_uring *ring)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;

	while (!io_uring_cq_ready(ring))
		if (clock_ms() >= deadline)
			return false;
	return true;
}

static void by_uring(struct exp_pair *pair)
{
	struct exp_done done = { 0 };
	char buf[16] = "";
	struct io_uring ring;
	bool early, came;
	pid_t sender;
	int go, before = exp_threads(), after;

	exp_uring(&ring, 4);
	sender = start_sender(pair->client, &go);
	io_uring_prep_recv(exp_uring_sqe(&ring, 1), pair->server, buf,
			   sizeof(buf), 0);
	exp_uring_submit(&ring);
	early = exp_uring_next(&ring, QUIET_MS, &done);
	after = exp_threads();
	exp_did("io_uring: submit a receive; nothing has been sent");
	exp_saw("the call has returned, it is complete: %s; threads: %d",
		early ? "yes" : "no", after);
	exp_expect(!early && after == before, "not complete, and nobody waits");
	if (write(go, "g", 1) != 1)
		exp_die("write");
	came = completion_comes(&ring);
	exp_did("a child sends 5 bytes; we look at the ring, without a system "
		"call");
	exp_saw("complete: %s; the buffer holds \"%s\"; left in the socket: %d",
		came ? "yes" : "no", buf, exp_unread(pair->server));
	exp_expect(came && !strcmp(buf, "hello") &&
			   exp_unread(pair->server) == 0,
		   "the bytes are in the buffer already");
	if (came)
		exp_uring_next(&ring, 0, &done);
	exp_expect(done.result == 5, "its result is that of recv(): 5");
	close(go);
	waitpid(sender, NULL, 0);
	io_uring_queue_exit(&ring);
}

static void by_epoll(struct exp_pair *pair)
{
	int epfd = exp_epoll(), unread;
	uint32_t events;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair->server, EPOLLIN);
	exp_send(pair->client, "hello");
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	unread = exp_unread(pair->server);
	exp_did("the same with epoll");
	exp_saw("%s; left in the socket: %d, for a second call",
		exp_epoll_names(events), unread);
	exp_expect(events == EPOLLIN && unread == 5, "told, and not read");
	close(epfd);
}

int main(void)
{
	struct exp_pair pair;

	exp_begin("uring-completion", "Linux has no proactor");
	pair = exp_pair();
	by_uring(&pair);
	by_epoll(&pair);
	exp_close_pair(&pair);
	return exp_end(EXP_FALSE, "io_uring takes the read before there is "
				  "data, and tells when it is done");
}
