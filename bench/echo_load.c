/* SPDX-License-Identifier: MIT */
/*
 * echo_load - so many clients, some or all of them with one request under way
 * at any time.
 *
 *	echo_load HOST:PORT CLIENTS BUSY MILLISECONDS SERVER_PID [TABLE]
 *
 * Connects CLIENTS clients, lets BUSY of them each send 64 bytes and wait for them to come
 * back, again and again, for the time given, and prints one line:
 *
 *	requests seconds server-cpu-seconds client-cpu-seconds bytes-a-client
 *	switches-a-request system-calls-a-request calls-a-request
 *
 * The server's processor time and memory are those of SERVER_PID and
 * all its descendants (server_usage.h): the time over the measured interval,
 * the memory with all clients connected and served, less that before the first
 * of them came. System calls are counted by the kernel (system_calls.h), 0 where
 * that is not allowed. With TABLE, where counted.c has the server's calls counted, the
 * last figure is the calls into the kernel over the measured interval; else 0.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "dial.h"
#include "loop.h"
#include "poller_epoll.h"
#include "sock.h"
#include "util.h"

#include "counted.h"
#include "server_usage.h"
#include "system_calls.h"

#define MESSAGE	   64
#define CONNECT_MS 10000

struct echo_conn {
	struct loop_fd watch;
	size_t received; /* of the present request's answer */
};

static char message[MESSAGE];
static struct loop *loop;
static uint64_t requests;
static size_t idle;  /* clients that have no request under way */
static bool closing; /* nobody begins another request */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "echo_load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void send_request(struct echo_conn *c)
{
	if (send(c->watch.fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE)
		die("send");
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct echo_conn *c = CONTAINER_OF(watch, struct echo_conn, watch);
	char answer[MESSAGE];
	ssize_t n = recv(watch->fd, answer, MESSAGE - c->received, 0);

	(void)ready;
	if (n < 0 && errno == EAGAIN)
		return;
	if (n == 0)
		errno = ECONNRESET;
	if (n <= 0)
		die("recv");
	c->received += (size_t)n;
	if (c->received < MESSAGE)
		return;
	c->received = 0;
	requests++;
	if (closing)
		idle++;
	else
		send_request(c);
}

static int connect_to(const char *address)
{
	struct dial d;
	int fd = dial_start(&d, address, CONNECT_MS);

	while (fd < 0 && errno == EINPROGRESS) {
		struct pollfd p = { .fd = dial_fd(&d), .events = POLLOUT };

		poll(&p, 1, dial_left_ms(&d));
		fd = dial_continue(&d);
	}
	if (fd < 0)
		die(address);
	sock_set_nodelay(fd, true);
	return fd;
}

static struct echo_conn *connect_clients(const char *address, size_t n)
{
	struct echo_conn *clients = calloc(n, sizeof(*clients));

	if (!clients)
		die("calloc");
	for (size_t i = 0; i < n; i++) {
		loop_fd_init(&clients[i].watch, on_ready);
		if (loop_fd_start(loop, &clients[i].watch, connect_to(address),
				  POLLER_READ) < 0)
			die("watch a client");
	}
	return clients;
}

/* Lets all clients send requests for MS milliseconds; returns nanoseconds. */
static int64_t run(struct echo_conn *clients, size_t n, int64_t ms)
{
	int64_t begin = clock_ns();
	int64_t end = begin + ms * 1000000;

	requests = 0;
	idle = 0;
	closing = false;
	for (size_t i = 0; i < n; i++)
		send_request(&clients[i]);
	while (clock_ns() < end)
		if (loop_step(loop, 1000) < 0)
			die("loop");
	end = clock_ns();
	closing = true;
	return end - begin;
}

/* Waits for the answers that are still on their way. */
static void settle(size_t n)
{
	while (idle < n)
		if (loop_step(loop, 1000) < 0)
			die("loop");
}

static double own_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char *argv[])
{
	struct rlimit limit;
	struct server_usage fresh;
	struct server_usage before;
	struct server_usage after;
	struct echo_conn *clients;
	size_t n;
	size_t busy;
	pid_t server;
	int64_t ns;
	double own;
	uint64_t calls;
	uint64_t entered;
	int counter;

	if (argc != 6 && argc != 7) {
		fputs("usage: echo_load HOST:PORT CLIENTS BUSY MILLISECONDS "
		      "SERVER_PID [TABLE]\n",
		      stderr);
		return 2;
	}
	n = strtoul(argv[2], NULL, 10);
	busy = MIN(strtoul(argv[3], NULL, 10), n);
	server = atoi(argv[5]);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	loop = loop_create(&poller_epoll_lt, n);
	if (!loop)
		die("loop");
	server_usage(server, &fresh);
	clients = connect_clients(argv[1], n);
	run(clients, busy, 200);
	settle(busy);
	server_usage(server, &before);
	calls = counted_calls(argv[6]);
	counter = system_calls_open(server);
	own = own_cpu_s();
	ns = run(clients, busy, atoi(argv[4]));
	entered = system_calls_read(counter);
	server_usage(server, &after);
	own = own_cpu_s() - own;
	calls = counted_calls(argv[6]) - calls;
	printf("%llu %.4f %.4f %.4f %.0f %.3f %.3f %.2f\n",
	       (unsigned long long)requests, (double)ns / 1e9,
	       after.cpu_s - before.cpu_s, own,
	       (double)(before.memory_bytes - fresh.memory_bytes) / (double)n,
	       (double)(after.switches - before.switches) / (double)requests,
	       (double)entered / (double)requests,
	       (double)calls / (double)requests);
	settle(busy);
	return 0;
}
