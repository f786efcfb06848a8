/* SPDX-License-Identifier: MIT */
/*
 * spin-driver WHAT - spin_serve() on a listener that breaks, or on none:
 *
 *	listener	SIGUSR1 shuts it down
 *	unlistening	a socket without listen(2)
 *	datagrams	a UDP socket
 *	pipe, closed	no socket at all
 *
 * Prints "listening on 127.0.0.1:PORT" for a listener, and when spin_serve()
 * has returned "0" or "-1 ERRNO", and "N descriptors more" than before.
 */
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spin.h"

static int listener;
static volatile sig_atomic_t stop;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(3);
}

static void on_signal(int sig)
{
	if (sig == SIGTERM)
		stop = 1;
	else
		shutdown(listener, SHUT_RDWR);
}

static int a_listener(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&sin, len) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&sin, &len))
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	return fd;
}

static int make(const char *what)
{
	int ends[2];

	if (!strcmp(what, "listener"))
		return a_listener();
	if (!strcmp(what, "unlistening"))
		return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!strcmp(what, "datagrams"))
		return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (pipe(ends))
		die("pipe");
	if (!strcmp(what, "closed"))
		close(ends[0]);
	return ends[0];
}

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

int main(int argc, char *argv[])
{
	const struct spin_limits limits = { .ceiling = 4096, .clients = 8 };
	const struct sigaction sa = { .sa_handler = on_signal };
	int before, result;

	listener = make(argc > 1 ? argv[1] : "");
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	before = open_descriptors();
	result = spin_serve(listener, &limits, &stop);
	if (result)
		printf("%d %s\n", result, strerrorname_np(errno));
	else
		puts("0");
	printf("%d descriptors more\n", open_descriptors() - before);
	return 0;
}
