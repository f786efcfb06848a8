/* SPDX-License-Identifier: MIT */
/*
 * echo-client - standard input to the server, what comes back to standard
 * output.
 *
 * A client that writes all and then reads all stops for ever as soon as the
 * data is larger than the buffers on the way: the server waits for it to read,
 * it waits for the server to read (experiments/blocking-deadlock.c). With
 * blocking calls the way out is two threads, one a direction:
 *
 *	stdin  --main thread-->  socket  --the other thread-->  stdout
 *	end of stdin: shutdown(SHUT_WR)  end of the answer: done
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "io.h"
#include "sock.h"

#define PIECE 65536
#define USAGE "usage: echo-client HOST:PORT\n"

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "echo-client: %s: %s\n", what, why);
	exit(1);
}

/*
 * After EINTR the connection is still being made; a second connect(2) would
 * only say so (EALREADY). When the socket is writable, it is known how it went.
 */
static int connect_whole(int fd, const struct addrinfo *ai)
{
	struct pollfd known = { .fd = fd, .events = POLLOUT };

	if (!connect(fd, ai->ai_addr, ai->ai_addrlen))
		return 0;
	if (errno != EINTR)
		return -1;
	while (poll(&known, 1, -1) < 0 && errno == EINTR)
		;
	errno = sock_error(fd);
	return errno ? -1 : 0;
}

/* A connection to the first of the host's addresses that answers. */
static int connect_to(const char *address)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addr_hostport hp;
	struct addrinfo *list, *ai;
	int fd, rc;

	if (addr_split(address, &hp))
		fail(address, "not HOST:PORT");
	rc = getaddrinfo(hp.host, hp.port, &hints, &list);
	if (rc)
		fail(address, gai_strerror(rc));
	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && !connect_whole(fd, ai))
			break;
		if (fd >= 0)
			close(fd);
	}
	if (!ai)
		fail(address, strerror(errno));
	freeaddrinfo(list);
	return fd;
}

/* Copies until the end of FROM; ends the program if that cannot be done. */
static void copy(int from, const char *from_name, int to, const char *to_name)
{
	char buf[PIECE];
	ssize_t n;

	while ((n = read_some(from, buf, sizeof(buf))) > 0)
		if (write_full(to, buf, n) < 0)
			fail(to_name, strerror(errno));
	if (n < 0)
		fail(from_name, strerror(errno));
}

static void *copy_answer(void *socket)
{
	copy(*(int *)socket, "server", STDOUT_FILENO, "standard output");
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_t thread;
	int fd;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return printf(USAGE) < 0;
	if (argc != 2) {
		fputs(USAGE, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = connect_to(argv[1]);
	if (pthread_create(&thread, NULL, copy_answer, &fd))
		fail("thread", strerror(EAGAIN));
	copy(STDIN_FILENO, "standard input", fd, "server");
	shutdown(fd, SHUT_WR);
	pthread_join(thread, NULL);
	close(fd);
	return 0;
}
