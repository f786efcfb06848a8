/* SPDX-License-Identifier: MIT */
/*
 * serve-driver - serve() with what no program would give it:
 *
 *	serve-driver WHAT MODE MAX_CLIENTS
 *
 * WHAT is a listener, or something else: closed, pipe, or unlistening, a socket
 * without listen(2). Prints "listening on 127.0.0.1:PORT" for a listener, and
 * then what serve() returned: "0", or "-1 ERRNO".
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve.h"

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

	if (!strcmp(what, "listener") || !strcmp(what, "unlistening"))
		return a_socket(!strcmp(what, "listener"));
	if (pipe(ends))
		die("pipe");
	if (!strcmp(what, "closed"))
		close(ends[0]);
	return ends[0];
}

int main(int argc, char *argv[])
{
	static const char *const modes[] = { "iterative", "fork", "thread" };
	int mode = 0, result;

	if (argc != 4)
		return 2;
	while (mode < SERVE_THREAD && strcmp(argv[2], modes[mode]))
		mode++;
	result = serve(make(argv[1]), mode, strtoul(argv[3], NULL, 10));
	if (result)
		printf("%d %s\n", result, strerrorname_np(errno));
	else
		puts("0");
	return 0;
}
