/* SPDX-License-Identifier: MIT */
/*
 * conn-driver CEILING [SNDBUF [zero]] - conn.c on one connection. Listens, takes
 * one client, with a send buffer (SO_SNDBUF) of that size if one is given and
 * not 0, as descriptor 0 if that is wanted, and then does what the lines on
 * standard input say:
 *
 *	read		-> "COUNT" or "-1 ERRNO"
 *	drain BUDGET	-> "drained", "more", "eof" or "lost ERRNO"
 *	send TEXT	-> "0" or "-1 ERRNO"; so do the next four
 *	bytes N		   sends N bytes, the next of the pattern i modulo 251
 *	move		   sends what is in `in`, and consumes it
 *	flush		   once
 *	finish
 *	flush_all	-> waits and flushes until nothing is left: "0", ...
 *	take		-> consumes what is in `in`: "COUNT TEXT"
 *	await N		-> waits until N bytes can be read: "ready"
 *	await_room	-> waits until the socket is writable: "ready"
 *	interrupt	-> the next send(2) fails with EINTR, once: "ok"
 *	stuff		-> fills the socket, past conn.c, with zeros: how many
 *	show		-> "in N out N rw open": r or - for conn_wants_read(),
 *			   w or - for conn_wants_write(), open, eof or done
 *	memory		-> bytes allocated for the two buffers
 *	close		-> "closed"
 *
 * SIGPIPE has its default action: it would end the driver.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"

#define BYTES_MAX (64u << 20)

static struct conn conn;
static bool interrupt;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(3);
}

/* A definition in the program comes before the one in libc. */
ssize_t send(int fd, const void *data, size_t n, int flags)
{
	ssize_t (*real)(int, const void *, size_t, int);

	if (interrupt) {
		interrupt = false;
		errno = EINTR;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "send");
	return real(fd, data, n, flags);
}

static void answer(ssize_t n)
{
	if (n < 0)
		printf("%zd %s\n", n, strerrorname_np(errno));
	else
		printf("%zd\n", n);
}

static void do_drain(size_t budget)
{
	switch (conn_drain(&conn, budget)) {
	case CONN_DRAINED:
		puts("drained");
		return;
	case CONN_MORE:
		puts("more");
		return;
	case CONN_EOF:
		puts("eof");
		return;
	case CONN_LOST:
		printf("lost %s\n", strerrorname_np(errno));
		return;
	}
	puts("what?");
}

static void do_bytes(size_t n)
{
	static unsigned char next;
	unsigned char *data = malloc(n + 1);
	int ret;

	if (!data)
		die("malloc");
	for (size_t i = 0; i < n; i++)
		data[i] = (next + i) % 251;
	ret = conn_send(&conn, data, n);
	if (ret == 0)
		next = (next + n) % 251;
	answer(ret);
	free(data);
}

static void do_move(void)
{
	size_t n = buf_len(&conn.in);
	int ret = n ? conn_send(&conn, buf_data(&conn.in), n) : 0;

	answer(ret);
	if (ret == 0)
		buf_consume(&conn.in, n);
}

static void do_take(void)
{
	size_t n = buf_len(&conn.in);

	printf("%zu %.*s\n", n, (int)n, n ? buf_data(&conn.in) : "");
	buf_consume(&conn.in, n);
}

/* Waits for EVENTS; for POLLIN until N bytes are there (SO_RCVLOWAT). */
static void await(short events, int n)
{
	struct pollfd p = { .fd = conn.fd, .events = events };

	setsockopt(conn.fd, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n));
	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			die("poll");
	n = 1;
	setsockopt(conn.fd, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n));
}

static void do_flush_all(void)
{
	int ret = 0;

	while (ret == 0 && conn_wants_write(&conn)) {
		await(POLLOUT, 1);
		ret = conn_flush(&conn);
	}
	answer(ret);
}

/* What the socket has no room for then, down to a byte, is known. */
static void do_stuff(void)
{
	static const char zeros[4096];
	size_t done = 0;
	ssize_t n;

	for (size_t size = sizeof(zeros); size > 0; size /= 2)
		while ((n = send(conn.fd, zeros, size, MSG_NOSIGNAL)) > 0)
			done += (size_t)n;
	printf("%zu\n", done);
}

static void do_show(void)
{
	printf("in %zu out %zu %c%c %s\n", buf_len(&conn.in),
	       buf_len(&conn.out), conn_wants_read(&conn) ? 'r' : '-',
	       conn_wants_write(&conn) ? 'w' : '-',
	       conn_done(&conn) ? "done"
	       : conn.eof	? "eof"
				: "open");
}

static void with_number(const char *verb, size_t n)
{
	if (!strcmp(verb, "drain")) {
		do_drain(n);
	} else if (!strcmp(verb, "bytes") && n <= BYTES_MAX) {
		do_bytes(n);
	} else if (!strcmp(verb, "await")) {
		await(POLLIN, (int)n);
		puts("ready");
	} else {
		puts("what?");
	}
}

static void without(const char *verb)
{
	if (!strcmp(verb, "read")) {
		answer(conn_read(&conn));
	} else if (!strcmp(verb, "move")) {
		do_move();
	} else if (!strcmp(verb, "take")) {
		do_take();
	} else if (!strcmp(verb, "flush")) {
		answer(conn_flush(&conn));
	} else if (!strcmp(verb, "flush_all")) {
		do_flush_all();
	} else if (!strcmp(verb, "finish")) {
		answer(conn_finish(&conn));
	} else if (!strcmp(verb, "await_room")) {
		await(POLLOUT, 1);
		puts("ready");
	} else if (!strcmp(verb, "interrupt")) {
		interrupt = true;
		puts("ok");
	} else if (!strcmp(verb, "stuff")) {
		do_stuff();
	} else if (!strcmp(verb, "show")) {
		do_show();
	} else if (!strcmp(verb, "memory")) {
		printf("%zu\n", conn.in.size + conn.out.size);
	} else if (!strcmp(verb, "close")) {
		conn_close(&conn);
		puts(conn.fd == -1 ? "closed" : "fd is not -1");
	} else {
		puts("what?");
	}
}

/* The one client. Plain calls: the driver may not lean on what it tests. */
static int accept_client(int sndbuf, bool zero)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sndbuf)
		setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &sndbuf,
			   sizeof(sndbuf));
	if (bind(listener, (struct sockaddr *)&sin, len) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&sin, &len))
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	if (zero)
		close(0);
	do
		fd = accept4(listener, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
	while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (fd < 0)
		die("accept");
	close(listener);
	return fd;
}

int main(int argc, char *argv[])
{
	/* The lines come from there, so that 0 can be closed. */
	FILE *input = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 100), "r");
	char line[4096], verb[16];
	size_t n;

	if (!input)
		die("standard input");
	memset(&conn, 0xa5, sizeof(conn)); /* all of it is to be set */
	conn_init(&conn, accept_client(argc > 2 ? atoi(argv[2]) : 0, argc > 3),
		  argc > 1 ? strtoul(argv[1], NULL, 10) : 65536);
	while (fgets(line, sizeof(line), input)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "send ", 5))
			answer(conn_send(&conn, line + 5, strlen(line + 5)));
		else if (sscanf(line, "%15s %zu", verb, &n) == 2)
			with_number(verb, n);
		else
			without(line);
		fflush(stdout);
	}
	conn_close(&conn);
	fclose(input);
	memset(&conn, 0, sizeof(conn)); /* what it still held is lost now */
	return 0;
}
