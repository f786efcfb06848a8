/* SPDX-License-Identifier: MIT */
/*
 * Workers wait with an epoll of their own each. If all of them watch one
 * listener, every client wakes all who sleep: each epoll has an entry of its own
 * in the listener's wait queue, and __wake_up() calls every entry that is not
 * exclusive. One worker accepts, the others go back to sleep.
 *
 * What is counted are voluntary context switches (getrusage(2), ru_nvcsw), and
 * not returns of epoll_wait(2): a worker that was woken for nothing finds the
 * ready list empty and sleeps on inside the call (ep_poll()).
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"
#include "sock.h"
#include "util.h"

enum { WORKERS = 8, CLIENTS = 200, DEADLINE_MS = 20000 };

struct report {
	long switches;
	long accepted;
};

struct count {
	long switches; /* of all workers */
	long busiest;  /* clients of the one with the most */
};

static long switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

/* Accepts until the end of STOP, then writes what it has counted to REPORTS. */
static void work(int listener, uint32_t flags, int stop, int reports)
{
	struct report r = { .switches = 0 };
	int epfd = exp_epoll();
	int fd;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, listener, EPOLLIN | flags);
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, stop, EPOLLIN);
	if (write(reports, &r, sizeof(r)) < 0)
		_exit(1);
	r.switches = -switches();
	while (exp_epoll_next(epfd, DEADLINE_MS, &fd) && fd != stop) {
		int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (client < 0)
			continue;
		r.accepted++;
		close(client);
	}
	r.switches += switches();
	_exit(write(reports, &r, sizeof(r)) < 0);
}

static struct report next_report(int reports)
{
	struct report r;

	if (exp_poll(reports, POLLIN, 10000) == 0 ||
	    read(reports, &r, sizeof(r)) != sizeof(r))
		exp_die("a worker's report");
	return r;
}

/* Clients come one after the other: each waits until it was accepted. */
static void send_clients(int listener)
{
	char byte;

	for (int i = 0; i < CLIENTS; i++) {
		int fd = exp_connect(listener);

		if (read(fd, &byte, 1) != 0)
			exp_die("read");
		close(fd);
	}
}

/* WORKERS workers, each with the listener of its number. */
static struct count count(const int *listeners, uint32_t flags)
{
	struct count c = { .switches = 0 };
	int stop[2], reports[2];

	if (pipe(stop) < 0 || pipe(reports) < 0)
		exp_die("pipe");
	for (int i = 0; i < WORKERS; i++) {
		if (exp_fork() == 0) {
			close(stop[1]);
			work(listeners[i], flags, stop[0], reports[1]);
		}
	}
	for (int i = 0; i < WORKERS; i++)
		next_report(reports[0]); /* it is about to wait */
	send_clients(listeners[0]);
	close(stop[1]);
	for (int i = 0; i < WORKERS; i++) {
		struct report r = next_report(reports[0]);

		c.switches += r.switches;
		c.busiest = MAX(c.busiest, r.accepted);
	}
	while (wait(NULL) > 0)
		;
	close(stop[0]);
	close(reports[0]);
	close(reports[1]);
	return c;
}

/* A socket that listens at ADDRESS, port 0 for a new one, with others. */
static int listen_with_others(struct sockaddr_in *address)
{
	int fd = exp_socket(SOCK_NONBLOCK);

	if (sock_set_reuseport(fd, true) < 0 ||
	    bind(fd, (struct sockaddr *)address, sizeof(*address)) < 0 ||
	    listen(fd, CLIENTS) < 0)
		exp_die("listen with SO_REUSEPORT");
	*address = exp_address(fd);
	return fd;
}

static struct count count_shared(uint32_t flags)
{
	int listener = exp_listener(CLIENTS);
	int all[WORKERS];
	struct count c;

	exp_set_nonblock(listener);
	for (int i = 0; i < WORKERS; i++)
		all[i] = listener;
	c = count(all, flags);
	close(listener);
	return c;
}

static struct count count_own(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int own[WORKERS];
	struct count c;

	for (int i = 0; i < WORKERS; i++)
		own[i] = listen_with_others(&address);
	c = count(own, 0);
	for (int i = 0; i < WORKERS; i++)
		close(own[i]);
	return c;
}

static void saw(const char *how, const struct count *c)
{
	exp_saw("%s: %ld context switches, %ld of %d clients to one worker",
		how, c->switches, c->busiest, CLIENTS);
}

int main(void)
{
	struct count shared, exclusive, own;

	exp_begin("herd", "the herd at accept() is gone");
	exp_did("%d workers with an epoll each; %d clients, one by one",
		WORKERS, CLIENTS);
	shared = count_shared(0);
	saw("one listener", &shared);
	exclusive = count_shared(EPOLLEXCLUSIVE);
	saw("with EPOLLEXCLUSIVE", &exclusive);
	own = count_own();
	saw("a SO_REUSEPORT listener each", &own);
	exp_expect(shared.switches > 3 * CLIENTS, "one listener: several "
						  "switches a client");
	exp_expect(exclusive.switches < shared.switches / 2,
		   "EPOLLEXCLUSIVE: less than half of that");
	exp_expect(own.switches < shared.switches / 2, "a listener each: less "
						       "than half of that");
	return exp_end(EXP_HALF, "accept(2) itself wakes one; a listener that "
				 "several "
				 "epolls watch wakes all, unless with "
				 "EPOLLEXCLUSIVE or "
				 "with a listener for each");
}
