/* SPDX-License-Identifier: MIT */
/*
 * echo HOW - an echo server that is right, or wrong in the way that the word
 * names; for the tests of the judge. "good" and most others serve in the one
 * process; "fork" and "child-..." in one for each client.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *how = "good";
static volatile sig_atomic_t stop;
static void *volatile lost;
static volatile size_t spare = 10; /* which the compiler does not believe */

static bool is(const char *word)
{
	return strcmp(how, word) == 0;
}

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static int listen_somewhere(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(fd, 64) < 0)
		exit(1);
	getsockname(fd, (struct sockaddr *)&any, &len);
	if (is("babble"))
		puts("hello there");
	else if (!is("silent"))
		printf("listening on 127.0.0.1:%d\n", ntohs(any.sin_port));
	fflush(stdout);
	return fd;
}

/* Writes for ever to both outputs, from a process of its own. */
static void flood(void)
{
	static char junk[65536];
	pid_t parent = getpid();

	if (fork() != 0)
		return;
	memset(junk, 'x', sizeof(junk));
	while (getppid() == parent && write(1, junk, sizeof(junk)) > 0 &&
	       write(2, junk, sizeof(junk)) > 0)
		;
	_exit(0);
}

static void *stay(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* A zombie in the process table, with a thread that runs. */
static void go_on_without_leader(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, stay, NULL) == 0)
		pthread_exit(NULL);
}

/* A process that no process group and no session leads to. */
static void orphan(void)
{
	pid_t pid = fork();

	if (pid > 0)
		waitpid(pid, NULL, 0); /* its child is there by then */
	if (pid != 0)
		return;
	setsid();
	if (fork() != 0)
		_exit(0);
	if (is("half_dead"))
		go_on_without_leader();
	for (;;)
		pause();
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static void misbehave(char *buf, ssize_t n, size_t total)
{
	if (is("crash") || is("child-crash")) {
		fputs("about to go wrong\n", stderr);
		raise(SIGSEGV);
	}
	if (is("child-stopped")) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	if (is("answers")) {
		printf("3 of %zd\n", n);
		fflush(stdout);
	}
	if (is("exit"))
		exit(3);
	if (is("hang"))
		while (!stop)
			pause();
	if (is("wrong") && total <= 1000 && total + (size_t)n > 1000)
		buf[1000 - total] ^= 1;
	if (is("leak") || is("child-leak")) {
		lost = malloc(100);
		lost = NULL;
	}
	if (is("fd"))
		open("/dev/null", O_RDONLY);
	if (is("overrun") || is("child-overrun"))
		((char volatile *)(lost = malloc(spare)))[10] = 1;
}

/* So long that a signal comes before the call behind this. */
static void compute(void)
{
	for (volatile unsigned int i = 0; i < 50000000; i++)
		;
}

static void serve(int fd)
{
	static char buf[4096];
	size_t total = 0;

	while (!stop) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		misbehave(buf, n, total);
		if (is("short") && n > 17)
			n = 17;
		if (is("answers"))
			n = 3;
		if (!write_all(fd, buf, (size_t)n) || is("short"))
			break;
		total += (size_t)n;
	}
	if (strstr(how, "overrun"))
		free(lost);
	close(fd);
}

static void serve_in_child(int listener, int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		close(listener);
		serve(fd);
		exit(0);
	}
	close(fd);
	if (!is("zombie"))
		waitpid(pid, NULL, 0);
}

static void set_signals(void)
{
	struct sigaction sa = { .sa_handler = on_term };

	if (is("deaf"))
		sa.sa_handler = SIG_IGN;
	if (!is("default"))
		sigaction(SIGTERM, &sa, NULL);
}

int main(int argc, char **argv)
{
	int listener;

	if (argc > 1)
		how = argv[1];
	set_signals();
	listener = listen_somewhere();
	if (is("flood"))
		flood();
	if (is("orphan") || is("half_dead"))
		orphan();
	if (is("late"))
		compute();
	while (!stop) {
		struct pollfd p = { .fd = listener, .events = POLLIN };
		int fd;

		if (!is("late") && poll(&p, 1, 100) <= 0)
			continue;
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		if (is("fork") || is("zombie") || strstr(how, "child-"))
			serve_in_child(listener, fd);
		else
			serve(fd);
	}
	close(listener);
	return is("status") ? 3 : 0;
}
