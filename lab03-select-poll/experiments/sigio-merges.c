/* SPDX-License-Identifier: MIT */
/*
 * A socket with O_ASYNC sends its owner a signal for what happens to it
 * (sock_wake_async(), send_sigio()). SIGIO is an old signal: the kernel keeps
 * one bit for "pending" (legacy_queue()), so a second one is lost, and none
 * says whose it was. F_SETSIG with a real-time signal makes a queue of them,
 * each with the descriptor in si_fd. The queue is bounded (RLIMIT_SIGPENDING),
 * and when it is full, send_sigio_to_task() falls back on plain SIGIO.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "util.h"

enum { SOCKETS = 8, QUEUE = 3, DEADLINE_MS = 5000, QUIET_MS = 50 };

static struct exp_pair pairs[SOCKETS];

/* What the signals told that were taken. */
struct told {
	int queued;	 /* real-time signals */
	int plain;	 /* SIGIO */
	int descriptors; /* different ones that si_fd named */
};

static int index_of(int fd)
{
	for (int i = 0; i < SOCKETS; i++)
		if (pairs[i].server == fd)
			return i;
	return -1;
}

/* SIGNO for each event of each socket; 0 is the default, SIGIO. */
static void ask_for(int signo)
{
	for (int i = 0; i < SOCKETS; i++) {
		int fd = pairs[i].server;

		if (fcntl(fd, F_SETOWN, getpid()) < 0 ||
		    fcntl(fd, F_SETSIG, signo) < 0 ||
		    fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
			exp_die("fcntl(O_ASYNC)");
	}
}

/* A byte to each socket, while all signals are blocked. */
static void one_byte_each(void)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;

	for (int i = 0; i < SOCKETS; i++)
		exp_send(pairs[i].client, "x");
	for (int i = 0; i < SOCKETS; i++)
		while (!exp_unread(pairs[i].server) && exp_tick(deadline))
			;
}

/* Takes all signals that are pending, and reads all sockets empty. */
static struct told take(const sigset_t *signals)
{
	struct timespec quiet = { .tv_nsec = QUIET_MS * 1000000L };
	bool named[SOCKETS] = { false };
	struct told told = { 0 };
	siginfo_t info;
	char byte;
	int signo;

	while ((signo = sigtimedwait(signals, &info, &quiet)) > 0) {
		int i = signo == SIGIO ? -1 : index_of(info.si_fd);

		if (signo == SIGIO)
			told.plain++;
		else
			told.queued++;
		if (i >= 0 && !named[i]) {
			named[i] = true;
			told.descriptors++;
		}
	}
	for (int i = 0; i < SOCKETS; i++)
		while (read(pairs[i].server, &byte, 1) == 1)
			;
	return told;
}

static void merge(const sigset_t *signals)
{
	struct told told;

	ask_for(0);
	exp_did("%d sockets with O_ASYNC; a byte arrives at each, and only "
		"then are the signals taken",
		SOCKETS);
	one_byte_each();
	told = take(signals);
	exp_saw("SIGIO: %d, naming %d descriptors", told.plain,
		told.descriptors);
	exp_expect(told.plain >= 1 && told.plain < SOCKETS && !told.descriptors,
		   "fewer than %d, without a name", SOCKETS);
}

static void queue(const sigset_t *signals)
{
	struct told told;

	ask_for(SIGRTMIN);
	exp_did("the same with F_SETSIG and a real-time signal");
	one_byte_each();
	told = take(signals);
	exp_saw("real-time: %d, naming %d descriptors; SIGIO: %d", told.queued,
		told.descriptors, told.plain);
	exp_expect(told.descriptors == SOCKETS, "all %d", SOCKETS);
}

static void overflow(const sigset_t *signals)
{
	struct rlimit limit;
	struct told told;

	if (getrlimit(RLIMIT_SIGPENDING, &limit) < 0)
		exp_die("getrlimit");
	limit.rlim_cur = QUEUE;
	if (setrlimit(RLIMIT_SIGPENDING, &limit) < 0)
		exp_die("setrlimit");
	exp_did("the same with room for %d signals (RLIMIT_SIGPENDING)", QUEUE);
	one_byte_each();
	told = take(signals);
	exp_saw("real-time: %d, naming %d descriptors; SIGIO: %d", told.queued,
		told.descriptors, told.plain);
	exp_expect(told.queued <= QUEUE && told.plain >= 1,
		   "at most %d are queued, and SIGIO tells of the overflow",
		   QUEUE);
}

int main(void)
{
	sigset_t signals;

	exp_begin("sigio-merges", "SIGIO tells of every event");
	sigemptyset(&signals);
	sigaddset(&signals, SIGIO);
	sigaddset(&signals, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (int i = 0; i < SOCKETS; i++)
		pairs[i] = exp_pair();
	merge(&signals);
	queue(&signals);
	overflow(&signals);
	for (int i = 0; i < SOCKETS; i++)
		exp_close_pair(&pairs[i]);
	return exp_end(EXP_FALSE, "signals merge; real-time ones queue and "
				  "name the descriptor, until the queue is "
				  "full: then SIGIO says to ask everybody");
}
