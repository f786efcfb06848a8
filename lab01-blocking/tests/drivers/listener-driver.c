/* SPDX-License-Identifier: MIT */
/*
 * listener-driver - listener.c by hand. Lines on standard input:
 *
 *	open ADDRESS [BACKLOG]	-> "ok FD PORT BACKLOG" or "-1 ERRNO: WHY"
 *	repeat N ADDRESS	-> opens N times, closing what was opened; the
 *				   answer of the last
 *	take FD			-> accepts a client and closes its connection:
 *				   "took one", or "none came" after a while
 *	close FD		-> "closed"
 *
 * BACKLOG in the answer is what the kernel keeps for the listener (TCP_INFO).
 * "sloppy" in place of "ok", and ": ..." at the end, names a flag or option
 * that is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"

#define TAKE_MS 5000

static unsigned int backlog_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_sacked;
}

static const char *missing(int fd)
{
	int on = 0;
	socklen_t len = sizeof(on);

	if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		return "not close-on-exec";
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return "not blocking";
	getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len);
	return on ? NULL : "does not listen";
}

static void open_and_tell(const char *address, int backlog, int times)
{
	const char *why = "";
	int fd = -1, err = 0;

	for (int i = 0; i < times; i++) {
		errno = 0;
		fd = listener_open(address, backlog, &why);
		err = errno;
		if (fd >= 0 && i < times - 1)
			close(fd);
	}
	if (fd < 0)
		printf("-1 %s: %s\n", strerrorname_np(err), why ? why : "");
	else
		printf("%s %d %d %u%s%s\n", missing(fd) ? "sloppy" : "ok", fd,
		       listener_port(fd), backlog_of(fd),
		       missing(fd) ? ": " : "", missing(fd) ? missing(fd) : "");
}

static void take(int listener)
{
	struct pollfd fds = { .fd = listener, .events = POLLIN };
	int fd = -1;

	if (poll(&fds, 1, TAKE_MS) == 1)
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	puts(fd >= 0 ? "took one" : "none came");
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	char line[2048], address[2048];
	int n;

	while (fgets(line, sizeof(line), stdin)) {
		n = 16;
		if (sscanf(line, "open %2047s %d", address, &n) >= 1) {
			open_and_tell(address, n, 1);
		} else if (sscanf(line, "repeat %d %2047s", &n, address) == 2) {
			open_and_tell(address, 16, n);
		} else if (sscanf(line, "take %d", &n) == 1) {
			take(n);
		} else if (sscanf(line, "close %d", &n) == 1) {
			close(n);
			puts("closed");
		} else {
			puts("what?");
		}
		fflush(stdout);
	}
	return 0;
}
