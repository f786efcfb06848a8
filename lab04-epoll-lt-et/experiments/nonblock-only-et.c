/* SPDX-License-Identifier: MIT */
/*
 * LT says "this call would not wait" of the moment when it looked, and of a
 * small call. OUT means that a third of the send buffer is free, not that
 * these 64 MiB fit. IN on a listener means that a client was in the queue, and
 * another thread or process may take it first. (A client that goes away by
 * itself is no such case on Linux: the dead connection stays in the queue, and
 * accept(2) hands it out. BSD takes it out.)
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { SIZE = 64 << 20, DEADLINE_MS = 5000, STUCK_MS = 200 };

struct call {
	int fd;
	ssize_t result;
};

static void *send_much(void *arg)
{
	struct call *call = arg;
	char *bytes = calloc(1, SIZE);

	call->result = bytes ? send(call->fd, bytes, SIZE, MSG_NOSIGNAL) : 0;
	free(bytes);
	return NULL;
}

static void *accept_one(void *arg)
{
	struct call *call = arg;

	call->result = accept4(call->fd, NULL, NULL, SOCK_CLOEXEC);
	return NULL;
}

/* True if the call does not return; then UNBLOCK ends it. */
static bool sticks(void *(*thread)(void *), struct call *call,
		   void (*unblock)(int), int unblock_fd)
{
	struct timespec deadline;
	pthread_t id;

	if (pthread_create(&id, NULL, thread, call))
		exp_die("pthread_create");
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_nsec += STUCK_MS * 1000000L;
	if (deadline.tv_nsec >= 1000000000) {
		deadline.tv_sec++;
		deadline.tv_nsec -= 1000000000;
	}
	if (!pthread_timedjoin_np(id, NULL, &deadline))
		return false;
	unblock(unblock_fd);
	pthread_join(id, NULL);
	return true;
}

static void reset_peer(int fd)
{
	shutdown(fd, SHUT_RDWR);
	exp_reset(fd);
}

static void connect_again(int listener)
{
	close(exp_connect(listener));
}

static void writable(int epfd)
{
	struct exp_pair pair = exp_pair();
	struct call call = { .fd = pair.client };
	uint32_t events;
	bool stuck;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.client, EPOLLOUT);
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	stuck = sticks(send_much, &call, reset_peer, pair.server);
	exp_did("LT says %s; send() of 64 MiB on a blocking socket",
		exp_epoll_names(events));
	exp_saw("it %s", stuck ? "sticks" : "returns");
	exp_expect(events == EPOLLOUT && stuck, "it sticks: OUT is some room");
	close(pair.client);
}

static void acceptable(int epfd)
{
	struct call call = { .fd = exp_listener(8) };
	int other = exp_epoll(), client, taken, gone;
	uint32_t events, as_well;
	bool stuck;
	char byte;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, call.fd, EPOLLIN);
	exp_epoll_ctl(other, EPOLL_CTL_ADD, call.fd, EPOLLIN);
	client = exp_connect(call.fd);
	events = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	as_well = exp_epoll_next(other, DEADLINE_MS, NULL);
	taken = accept4(call.fd, NULL, NULL, SOCK_CLOEXEC);
	stuck = sticks(accept_one, &call, connect_again, call.fd);
	exp_did("two workers are told IN for one connection; both accept()");
	exp_saw("the second %s", stuck ? "sticks" : "returns");
	exp_expect(events == EPOLLIN && as_well == EPOLLIN && stuck,
		   "it sticks until the next connection");
	close(taken);
	close((int)call.result);
	close(client);

	exp_reset(exp_connect(call.fd));
	exp_epoll_next(epfd, DEADLINE_MS, NULL);
	exp_set_nonblock(call.fd);
	taken = accept4(call.fd, NULL, NULL, SOCK_CLOEXEC);
	gone = recv(taken, &byte, 1, 0) < 0 ? errno : 0;
	exp_did("one connection, reset by its client before accept()");
	exp_saw("accept() gives it; recv(): %s", strerror(gone));
	exp_expect(taken >= 0 && gone == ECONNRESET, "ECONNRESET");
	close(taken);
	close(call.fd);
	close(other);
}

int main(void)
{
	int epfd;

	exp_begin("nonblock-only-et", "LT needs no O_NONBLOCK");
	epfd = exp_epoll();
	writable(epfd);
	acceptable(epfd);
	close(epfd);
	return exp_end(EXP_FALSE, "readiness is a hint of the past: OUT is "
				  "some room, and IN may be taken by another "
				  "by now");
}
