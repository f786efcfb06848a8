/* SPDX-License-Identifier: MIT */
/*
 * serve-driver - serve() with what no program would give it:
 *
 *	serve-driver WHAT MODE MAX_CLIENTS
 *
 * WHAT is a listener, or something else: closed, pipe, or unlistening, a socket
 * without listen(2). Prints "listening on 127.0.0.1:PORT" for a listener, and
 * then what serve() returned: "0", or "-1 ERRNO". Four more are listeners:
 *
 *	group		another process is in the group of this one; in the end
 *			"it is there", or "it has ended"
 *	others		this process has two children before serve(), as a
 *			shell may have that becomes a server by exec(2); prints
 *			"others PID PID" before, and in the end, when those two
 *			have ended, "no child is left" or "a child is left"
 *	ERRNO		accept(2) fails with it for FAULT_MS milliseconds from
 *			the first call on; in the end "N calls in MS ms"
 *	each		accept(2) fails with each errno after which it is to be
 *			left alone, once; in the end "rests after each", or "no
 *			rest after ERRNO"
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases/accept_fails.h"
#include "clock.h"
#include "serve.h"

#define FAULT_MS 200

static int fault_errno; /* 0: none */
static int64_t fault_begin, fault_end;
static unsigned int fault_calls;

/* Somewhat less than SERVE_PAUSE_MS, as clocks are read one after the other. */
#define REST_MS 15

static bool each;	 /* or every errno in its turn: */
static int each_errno;	 /* the last one that it failed with */
static int64_t each_ms;	 /* when */
static int without_rest; /* an errno after which there was no rest */

/* Errors that are not to be rested after: one client, or no listener. */
static bool is_no_reason(int error)
{
	return !strerrorname_np(error) || error == EINTR ||
	       error == ECONNABORTED || error == EBADF || error == ENOTSOCK ||
	       error == EINVAL;
}

static bool fails_with_each(void)
{
	int64_t now = clock_ms();

	if (each_errno && now - each_ms < REST_MS && !without_rest)
		without_rest = each_errno;
	do
		each_errno++;
	while (each_errno < EHWPOISON && is_no_reason(each_errno));
	each = each_errno <= EHWPOISON;
	each_ms = now;
	errno = each_errno;
	return each;
}

/* Whether this call is to fail. */
static bool accept_fails(void)
{
	int64_t now = clock_ms();

	if (each)
		return fails_with_each();
	if (!fault_errno)
		return false;
	if (!fault_calls)
		fault_begin = now;
	if (now >= fault_begin + FAULT_MS) {
		fault_errno = 0;
		return false;
	}
	fault_end = now;
	fault_calls++;
	errno = fault_errno;
	return true;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(3);
}

static int a_socket(int listens)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&sin, len) ||
	    (listens && listen(fd, 16)) ||
	    getsockname(fd, (struct sockaddr *)&sin, &len))
		die("listen");
	if (listens)
		printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	return fd;
}

static int make(const char *what)
{
	int ends[2];

	if (!strcmp(what, "listener") || !strcmp(what, "group") ||
	    !strcmp(what, "others") || fault_errno || each)
		return a_socket(1);
	if (!strcmp(what, "unlistening"))
		return a_socket(0);
	if (pipe(ends))
		die("pipe");
	if (!strcmp(what, "closed"))
		close(ends[0]);
	return ends[0];
}

/* The other process of the group: it answers each byte, until the end. */
static _Noreturn void keep_answering(int fd)
{
	char byte;

	while (read(fd, &byte, 1) == 1 && write(fd, &byte, 1) == 1)
		;
	_exit(0);
}

/* It is nobody's child here, so that no waitpid(2) meets it. */
static int start_other(void)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		die("socketpair");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(ends[0]);
		if (fork() == 0)
			keep_answering(ends[1]);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(ends[1]);
	return ends[0];
}

/* A signal that was sent to it comes before the byte. */
static void ask_other(int fd)
{
	char byte = 'x';

	signal(SIGPIPE, SIG_IGN);
	if (write(fd, &byte, 1) == 1 && read(fd, &byte, 1) == 1)
		puts("it is there");
	else
		puts("it has ended");
}

/* A child that lasts until a signal ends it, or its parent is gone. */
static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* OTHERS are not serve()'s: whether it has waited for them is all the same. */
static void tell_of_children(const pid_t others[2])
{
	siginfo_t info;

	for (int i = 0; i < 2; i++)
		waitpid(others[i], NULL, 0);
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 &&
	    errno == ECHILD)
		puts("no child is left");
	else
		puts("a child is left");
}

static int named_errno(const char *name)
{
	for (int err = 1; err < 200; err++)
		if (strerrorname_np(err) && !strcmp(strerrorname_np(err), name))
			return err;
	return 0;
}

int main(int argc, char *argv[])
{
	static const char *const modes[] = { "iterative", "fork", "thread" };
	int mode = 0, result, other = -1, listener;
	pid_t children[2] = { 0 };

	if (argc != 4)
		return 2;
	fault_errno = named_errno(argv[1]);
	each = !strcmp(argv[1], "each");
	if (!strcmp(argv[1], "group"))
		other = start_other();
	for (int i = 0; i < 2 && !strcmp(argv[1], "others"); i++)
		children[i] = start_child();
	while (mode < SERVE_THREAD && strcmp(argv[2], modes[mode]))
		mode++;
	listener = make(argv[1]);
	if (children[0])
		printf("others %d %d\n", children[0], children[1]);
	fflush(stdout); /* serve() may fork: nobody is to print this twice */
	result = serve(listener, mode, strtoul(argv[3], NULL, 10));
	if (result)
		printf("%d %s\n", result, strerrorname_np(errno));
	else
		puts("0");
	if (other >= 0)
		ask_other(other);
	if (children[0])
		tell_of_children(children);
	if (without_rest)
		printf("no rest after %s\n", strerrorname_np(without_rest));
	else if (each_errno)
		puts("rests after each");
	if (fault_calls)
		printf("%u calls in %jd ms\n", fault_calls,
		       (intmax_t)(fault_end - fault_begin));
	return 0;
}
