/* SPDX-License-Identifier: MIT */
/*
 * acceptor-driver - acceptor.c in a loop that goes round when it is told to:
 *
 *	acceptor-driver level|edge
 *
 * listens on a port of 127.0.0.1 and prints "listening on ...". The pollers are
 * those of common's own tests, so that poller_epoll.c has no part in it. Lines
 * on standard input, one answer each:
 *
 *	start		-> "0" or "-1 ERRNO"
 *	start-on FD	the same at another descriptor
 *	stop		-> "0"
 *	round		a round of the loop that does not wait
 *	until N		rounds until N have been accepted since "start", or 10 s
 *	during MS	rounds for so long
 *			-> all three: "accepted N, calls M": clients handed
 *			over, and calls of accept(2) and accept4(2)
 *	leave N		closes N of those accepted, the oldest first -> "0"
 *	stop-after N	the acceptor is stopped in the callback of the N-th client
 *			from now on -> "N"
 *	limit N		only descriptors below N may be opened (RLIMIT_NOFILE);
 *			0: only as many as are open, and none else -> "N"
 *	room N		the acceptor may ask for room from now on, and gets it N
 *			times: the oldest client is closed -> "0"
 *	say-room N	it gets it N times, but nothing is closed -> "0"
 *	hold		-> the number of a descriptor that the driver opens
 *	fault ERRNO N	the next N calls of accept fail with it -> "0"
 *	script WORD...	what the next calls of accept do, one after the other:
 *			fail with that errno, or "ok" -> "0"
 *	zero		descriptor 0 is closed: it is the next one -> "0"
 *	queue		-> how many wait to be accepted
 *	number		-> the number that the next descriptor would get
 *	ready		-> "1" if another descriptor of the loop was served since
 *			the last line "ready", which makes it ready again
 *
 * "sloppy: ..." in place of an answer names what is wrong with a descriptor
 * that was handed over.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptor.h"
#include "clock.h"
#include "cases/accept_fails.h"
#include "cases/poller_test.c" /* the judge's own two pollers */

#define CLIENTS 4096
#define SCRIPT	256

static struct loop *loop;
static struct acceptor acceptor;
static int listener;
static struct loop_fd other;
static bool other_served;

static int clients[CLIENTS];
static size_t first, last; /* of those that are open */
static size_t accepted, accepted_before;
static size_t calls;
static long stop_after = -1;
static int rooms;      /* clients that may be closed for others */
static int rooms_said; /* and how often it is only said */
static const char *sloppy;

static int fault_errno;
static long faults;
static int script[SCRIPT]; /* errno values, 0: ok */
static size_t script_at, script_end;

/* Whether this call is to fail. */
static bool accept_fails(void)
{
	calls++;
	if (script_at < script_end) {
		errno = script[script_at++];
		return errno != 0;
	}
	if (faults <= 0)
		return false;
	faults--;
	errno = fault_errno;
	return true;
}

static void on_accepted(struct acceptor *a, int fd)
{
	if (a != &acceptor)
		sloppy = "not the acceptor that was started";
	else if (fcntl(fd, F_GETFD) < 0)
		sloppy = "not a descriptor";
	else if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		sloppy = "not close-on-exec";
	else if (!(fcntl(fd, F_GETFL) & O_NONBLOCK))
		sloppy = "not non-blocking";
	if (last < CLIENTS)
		clients[last++] = fd;
	accepted++;
	if (stop_after > 0 && --stop_after == 0)
		acceptor_stop(a);
}

static bool on_shortage(struct acceptor *a)
{
	(void)a;
	if (rooms_said > 0)
		return rooms_said-- > 0;
	if (rooms <= 0 || first == last)
		return false;
	rooms--;
	close(clients[first++]);
	return true;
}

static void on_other(struct loop_fd *lf, unsigned int ready)
{
	uint64_t count;

	(void)ready;
	if (read(lf->fd, &count, sizeof(count)) > 0)
		other_served = true;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(3);
}

static void answer(int result)
{
	if (result < 0)
		printf("%d %s\n", result, strerrorname_np(errno));
	else
		printf("%d\n", result);
}

/* Rounds until TOTAL have been accepted or MS milliseconds are over. */
static void go_round(size_t total, int64_t ms)
{
	int64_t end = clock_ms() + ms;
	size_t accepted_then = accepted, calls_then = calls;

	do
		if (loop_step(loop, ms > 0 ? 5 : 0) < 0)
			die("loop_step");
	while (accepted < total && clock_ms() < end);
	if (sloppy)
		printf("sloppy: %s\n", sloppy);
	else
		printf("accepted %zu, calls %zu\n", accepted - accepted_then,
		       calls - calls_then);
}

static int next_number(void)
{
	int fd = dup(listener);

	if (fd >= 0)
		close(fd);
	return fd;
}

static int queued(void)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &len);
	return (int)info.tcpi_unacked;
}

static int limit(int n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = n > 0 ? (rlim_t)n : (rlim_t)next_number();
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	return (int)limit.rlim_cur;
}

static int leave(int n)
{
	while (n-- > 0 && first < last)
		close(clients[first++]);
	return 0;
}

static int make_room(int n)
{
	rooms = n;
	acceptor.shortage = on_shortage;
	return 0;
}

static int say_room(int n)
{
	rooms_said = n;
	acceptor.shortage = on_shortage;
	return 0;
}

static int start(int fd)
{
	accepted_before = accepted;
	memset(&acceptor, 0xa5, sizeof(acceptor)); /* all of it is to be set */
	return acceptor_start(&acceptor, loop, fd, on_accepted);
}

static int named_errno(const char *name)
{
	for (int err = 1; err < 200; err++)
		if (strerrorname_np(err) && !strcmp(strerrorname_np(err), name))
			return err;
	return 0;
}

static int write_script(char *words)
{
	script_at = script_end = 0;
	for (char *word = strtok(words, " \n"); word && script_end < SCRIPT;
	     word = strtok(NULL, " \n"))
		script[script_end++] = named_errno(word);
	return 0;
}

static int served(void)
{
	const uint64_t one = 1;
	int was = other_served;

	other_served = false;
	if (write(other.fd, &one, sizeof(one)) < 0)
		die("eventfd");
	return was;
}

static void obey(char *line)
{
	char verb[16] = "", name[32] = "";
	int n = 0;

	if (sscanf(line, "fault %31s %ld", name, &faults) == 2) {
		fault_errno = named_errno(name);
		answer(0);
		return;
	}
	sscanf(line, "%15s %d", verb, &n);
	if (!strcmp(verb, "script"))
		answer(write_script(line + strlen(verb)));
	else if (!strcmp(verb, "start"))
		answer(start(listener));
	else if (!strcmp(verb, "start-on"))
		answer(start(n));
	else if (!strcmp(verb, "stop"))
		answer((acceptor_stop(&acceptor), 0));
	else if (!strcmp(verb, "round"))
		go_round(SIZE_MAX, 0);
	else if (!strcmp(verb, "until"))
		go_round(accepted_before + (size_t)n, 10000);
	else if (!strcmp(verb, "during"))
		go_round(SIZE_MAX, n);
	else if (!strcmp(verb, "leave"))
		answer(leave(n));
	else if (!strcmp(verb, "stop-after"))
		answer((int)(stop_after = n));
	else if (!strcmp(verb, "limit"))
		answer(limit(n));
	else if (!strcmp(verb, "room"))
		answer(make_room(n));
	else if (!strcmp(verb, "say-room"))
		answer(say_room(n));
	else if (!strcmp(verb, "hold"))
		answer(open("/dev/null", O_RDONLY | O_CLOEXEC));
	else if (!strcmp(verb, "zero"))
		answer(close(0));
	else if (!strcmp(verb, "queue"))
		answer(queued());
	else if (!strcmp(verb, "number"))
		answer(next_number());
	else if (!strcmp(verb, "ready"))
		answer(served());
	else
		puts("what?");
}

/* Plain calls: the driver may not lean on what it tests, nor on lab 1. */
static void listen_somewhere(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);

	listener =
		socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&sin, len) ||
	    listen(listener, 4096) ||
	    getsockname(listener, (struct sockaddr *)&sin, &len))
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	bool edge = argc == 2 && !strcmp(argv[1], "edge");
	char line[4096];
	FILE *input;

	/* The lines come from there, so that 0 can be closed. */
	input = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 100), "r");
	loop = loop_create(edge ? &poller_test_edge : &poller_test_level, 0);
	loop_fd_init(&other, on_other);
	if (!loop ||
	    loop_fd_start(loop, &other, eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
			  POLLER_READ) < 0)
		die("loop");
	listen_somewhere();
	while (input && fgets(line, sizeof(line), input)) {
		obey(line);
		fflush(stdout);
	}
	leave(CLIENTS);
	if (input)
		fclose(input);
	loop_fd_stop(&other);
	close(other.fd);
	loop_destroy(loop);
	close(listener);
	return 0;
}
