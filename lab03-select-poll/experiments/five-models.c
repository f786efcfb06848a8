/* SPDX-License-Identifier: MIT */
/*
 * The five models of I/O that textbooks tell apart, in one exchange: a child
 * asks, and thinks a while, on one connection after the other; we answer.
 *
 *	blocking	a thread for each connection waits in recv(2)
 *	non-blocking	nobody waits: a thread asks all, again and again
 *	multiplexed	one thread waits in poll(2), for all
 *	signal-driven	the thread does what it likes; a signal calls a handler
 *	asynchronous	the kernel has the buffers, and says when they are full
 *
 * In the first four a call of ours does the reading. In the fifth the bytes are
 * there when we hear of them; that is the difference, and O_NONBLOCK has
 * nothing to do with it. The calls of a model are counted where
 * they are made.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"
#include "experiment_uring.h"
#include "experiment_usage.h"

enum { CONNECTIONS = 4, REQUESTS = 400, LENGTH = 16, THINK_US = 200 };
enum { ENDED = 0, WOULD_WAIT = -1 };

static struct exp_pair pairs[CONNECTIONS];
static char buffers[CONNECTIONS][LENGTH];
static atomic_long calls;
static struct io_uring ring;

/* Takes what is there and sends it back; the bytes, ENDED or WOULD_WAIT. */
static ssize_t answer(int i)
{
	ssize_t n = recv(pairs[i].server, buffers[i], LENGTH, 0);

	calls++;
	if (n < 0)
		return errno == EAGAIN ? WOULD_WAIT : ENDED;
	if (n == 0)
		return ENDED;
	calls++;
	send(pairs[i].server, buffers[i], (size_t)n, MSG_NOSIGNAL);
	return n;
}

static void set_nonblock(void)
{
	for (int i = 0; i < CONNECTIONS; i++)
		exp_set_nonblock(pairs[i].server);
}

/* -------------------------------------------------------------- blocking */

static void *one_connection(void *index)
{
	while (answer((int)(intptr_t)index) > 0)
		;
	return NULL;
}

static void blocking(void)
{
	pthread_t threads[CONNECTIONS];

	for (intptr_t i = 0; i < CONNECTIONS; i++)
		if (pthread_create(&threads[i], NULL, one_connection,
				   (void *)i))
			exp_die("pthread_create");
	for (int i = 0; i < CONNECTIONS; i++)
		pthread_join(threads[i], NULL);
}

/* ---------------------------------------------------------- non-blocking */

static void nonblocking(void)
{
	bool ended[CONNECTIONS] = { false };
	int left = CONNECTIONS;

	while (left > 0) {
		for (int i = 0; i < CONNECTIONS; i++) {
			if (ended[i] || answer(i) != ENDED)
				continue;
			ended[i] = true;
			left--;
		}
	}
}

/* ----------------------------------------------------------- multiplexed */

static void multiplexed(void)
{
	struct pollfd watched[CONNECTIONS];
	int left = CONNECTIONS;

	for (int i = 0; i < CONNECTIONS; i++)
		watched[i] = (struct pollfd){ .fd = pairs[i].server,
					      .events = POLLIN };
	while (left > 0) {
		calls++;
		if (poll(watched, CONNECTIONS, -1) < 0)
			exp_die("poll");
		for (int i = 0; i < CONNECTIONS; i++) {
			if (!watched[i].revents || answer(i) != ENDED)
				continue;
			watched[i].fd = -1;
			left--;
		}
	}
}

/* --------------------------------------------------------- signal-driven */

static volatile sig_atomic_t still_open;

/* A call more: the handler returns by sigreturn(2). */
static void on_input(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)signo;
	(void)context;
	for (int i = 0; i < CONNECTIONS; i++) {
		if (pairs[i].server != info->si_fd)
			continue;
		if (answer(i) == ENDED) {
			fcntl(info->si_fd, F_SETFL, O_NONBLOCK);
			calls++;
			still_open--;
		}
	}
	calls++;
	errno = saved;
}

static void ask_for_signals(void)
{
	struct sigaction action = { .sa_sigaction = on_input,
				    .sa_flags = SA_SIGINFO };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigaction(SIGRTMIN, &action, NULL);
	still_open = CONNECTIONS;
	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = pairs[i].server;

		if (fcntl(fd, F_SETOWN, getpid()) < 0 ||
		    fcntl(fd, F_SETSIG, SIGRTMIN) < 0 ||
		    fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
			exp_die("fcntl(O_ASYNC)");
	}
}

static void signal_driven(void)
{
	sigset_t none;

	sigemptyset(&none);
	while (still_open > 0) {
		calls++;
		sigsuspend(&none);
	}
}

/* ---------------------------------------------------------- asynchronous */

static void begin_receive(int i)
{
	io_uring_prep_recv(exp_uring_sqe(&ring, (uint64_t)i), pairs[i].server,
			   buffers[i], LENGTH, 0);
}

/* The next receive begins when the send has taken its bytes. */
static void begin_answer(int i, int length)
{
	struct io_uring_sqe *sqe = exp_uring_sqe(&ring, (uint64_t)i);

	io_uring_prep_send(sqe, pairs[i].server, buffers[i], (size_t)length,
			   MSG_NOSIGNAL);
	sqe->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
	begin_receive(i);
}

static void asynchronous(void)
{
	int left = CONNECTIONS;

	for (int i = 0; i < CONNECTIONS; i++)
		begin_receive(i);
	while (left > 0) {
		struct io_uring_cqe *cqe;
		int n = io_uring_submit_and_wait(&ring, 1);

		calls++;
		if (n < 0 && n != -EINTR)
			exp_die("io_uring_enter");
		while (!io_uring_peek_cqe(&ring, &cqe)) {
			if (cqe->res > 0)
				begin_answer((int)cqe->user_data, cqe->res);
			else
				left--;
			io_uring_cqe_seen(&ring, cqe);
		}
	}
}

/* ------------------------------------------------------------- the table */

static const struct model {
	const char *name;
	const char *waits;
	void (*prepare)(void); /* before the first request; or NULL */
	void (*serve)(void);   /* until all connections have ended */
} models[] = {
	{ "blocking", "in recv, a thread each", NULL, blocking },
	{ "non-blocking", "nowhere: it spins", set_nonblock, nonblocking },
	{ "multiplexed", "in poll, one thread", NULL, multiplexed },
	{ "signal-driven", "nowhere: a handler", ask_for_signals,
	  signal_driven },
	{ "asynchronous", "in io_uring_enter", NULL, asynchronous },
};
enum { MODELS = sizeof(models) / sizeof(models[0]) };

/* What one request costs the server. */
struct cost {
	double calls;
	double sleeps; /* context switches of its own accord */
	double cpu_us;
};

/* The child: asks, and waits for the answer, in turns. */
_Noreturn static void ask(void)
{
	struct timespec think = { .tv_nsec = THINK_US * 1000L };
	char request[LENGTH] = "sixteen bytes..", reply[LENGTH];

	for (int i = 0; i < CONNECTIONS; i++)
		close(pairs[i].server);
	for (int i = 0; i < REQUESTS; i++) {
		int fd = pairs[i % CONNECTIONS].client;

		nanosleep(&think, NULL);
		if (send(fd, request, LENGTH, MSG_NOSIGNAL) != LENGTH ||
		    recv(fd, reply, LENGTH, MSG_WAITALL) != LENGTH)
			_exit(1);
	}
	_exit(0);
}

static struct cost used(void)
{
	return (struct cost){ (double)calls, (double)exp_sleeps(),
			      exp_cpu_us() };
}

static struct cost measure(const struct model *model)
{
	struct cost before, after;
	int status;
	pid_t peer;

	for (int i = 0; i < CONNECTIONS; i++)
		pairs[i] = exp_pair();
	if (model->prepare)
		model->prepare();
	peer = exp_fork();
	if (!peer)
		ask();
	for (int i = 0; i < CONNECTIONS; i++)
		close(pairs[i].client);
	before = used();
	model->serve();
	after = used();
	if (waitpid(peer, &status, 0) < 0)
		exp_die("waitpid");
	exp_expect(status == 0, "every request is answered: %s", model->name);
	for (int i = 0; i < CONNECTIONS; i++)
		close(pairs[i].server);
	return (struct cost){
		(after.calls - before.calls) / REQUESTS,
		(after.sleeps - before.sleeps) / REQUESTS,
		(after.cpu_us - before.cpu_us) / REQUESTS,
	};
}

int main(void)
{
	struct cost costs[MODELS];

	exp_begin("five-models", "asynchronous is another word for "
				 "non-blocking");
	exp_uring(&ring, 4 * CONNECTIONS);
	if (!(ring.features & IORING_FEAT_CQE_SKIP))
		exp_skip("needs Linux 5.17: IOSQE_CQE_SKIP_SUCCESS");
	exp_did("%d requests over %d connections, %d us apart; what each costs "
		"the server",
		REQUESTS, CONNECTIONS, THINK_US);
	for (int i = 0; i < MODELS; i++)
		costs[i] = measure(&models[i]);
	exp_saw("%-13s %-22s %8s %7s %7s", "model", "waits", "calls", "sleeps",
		"CPU us");
	for (int i = 0; i < MODELS; i++)
		exp_saw("%-13s %-22s %8.1f %7.1f %7.1f", models[i].name,
			models[i].waits, costs[i].calls, costs[i].sleeps,
			costs[i].cpu_us);
	io_uring_queue_exit(&ring);
	exp_expect(costs[0].calls < 2.1, "blocking: 2 calls");
	exp_expect(costs[1].calls > 3 * costs[2].calls,
		   "non-blocking: far more");
	exp_expect(costs[2].calls < 3.1, "multiplexed: 3 calls");
	exp_expect(costs[3].calls < 4.5, "signal-driven: about 4 calls");
	exp_expect(costs[4].calls < 1.1, "asynchronous: 1 call");
	return exp_end(EXP_FALSE, "non-blocking asks whether it can read; "
				  "asynchronous hears that it was read");
}
