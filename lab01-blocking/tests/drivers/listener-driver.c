/* SPDX-License-Identifier: MIT */
/*
 * listener-driver - listener.c by hand. Lines on standard input:
 *
 *	open ADDRESS [BACKLOG]	-> "ok FD PORT BACKLOG" or "-1 ERRNO: WHY"
 *	repeat N ADDRESS	-> opens N times, closing what was opened; the
 *				   answer of the last
 *	at-zero ADDRESS		-> what listener_open() returns while descriptor
 *				   0 is free, and errno is EADDRNOTAVAIL of old
 *	take FD			-> accepts a client and closes its connection:
 *				   "took one", or "none came" after a while
 *	close FD		-> "closed"
 *	fail CALL ERRNO [FAMILY]   from now on the system call CALL fails, for
 *				   that address family alone if one is told;
 *				   "fail none 0" ends it; -> "so be it"
 *	resolver STATUS		from now on getaddrinfo(3) fails with that
 *				   number, and with errno EMFILE if it is
 *				   EAI_SYSTEM; 0 ends it; -> "so be it"
 *	port WHAT		-> listener_port() of a socket that is WHAT:
 *				   unbound, unix, closed: "PORT" or "-1 ERRNO"
 *
 * The name both.test has two addresses, ::1 and 127.0.0.1, in this order.
 * close(2) and freeaddrinfo(3) change errno here, as they may anywhere.
 *
 * WHY is followed by more if the one before it is no longer what it was.
 *
 * BACKLOG in the answer is what the kernel keeps for the listener (TCP_INFO).
 * "sloppy" in place of "ok", and ": ..." at the end, names a flag or option
 * that is missing.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"

#define TAKE_MS 5000

static struct {
	char call[16];
	int error;
	int family; /* 0: any */
} fault = { .call = "none" };

static int resolver; /* what getaddrinfo(3) returns; 0: what libc says */

/* Whether CALL, on a socket of FAMILY, is to fail; errno says how. */
static bool fails(const char *call, int family)
{
	if (strcmp(fault.call, call) ||
	    (fault.family && fault.family != family))
		return false;
	errno = fault.error;
	return true;
}

/* A definition in the program comes before the one in libc. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

static int family_of(int fd)
{
	int family = 0;
	socklen_t len = sizeof(family);

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	return family;
}

int socket(int family, int type, int protocol)
{
	int (*real)(int, int, int);

	if (fails("socket", family))
		return -1;
	REAL("socket");
	return real(family, type, protocol);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int (*real)(int, int, int, const void *, socklen_t);

	if (fails("setsockopt", family_of(fd)))
		return -1;
	REAL("setsockopt");
	return real(fd, level, name, value, len);
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t);

	if (fails("bind", family_of(fd)))
		return -1;
	REAL("bind");
	return real(fd, addr, len);
}

int listen(int fd, int backlog)
{
	int (*real)(int, int);

	if (fails("listen", family_of(fd)))
		return -1;
	REAL("listen");
	return real(fd, backlog);
}

int close(int fd)
{
	int (*real)(int);
	int result;

	REAL("close");
	result = real(fd);
	if (!result)
		errno = ENOTTY;
	return result;
}

/* Each entry of glibc's lists is a block of its own, so two make a third. */
int getaddrinfo(const char *host, const char *port,
		const struct addrinfo *hints, struct addrinfo **list)
{
	int (*real)(const char *, const char *, const struct addrinfo *,
		    struct addrinfo **);
	struct addrinfo *last;
	int status;

	if (resolver) {
		errno = resolver == EAI_SYSTEM ? EMFILE : ENOTTY;
		return resolver;
	}
	REAL("getaddrinfo");
	if (!host || strcmp(host, "both.test"))
		return real(host, port, hints, list);
	status = real("::1", port, hints, list);
	if (status)
		return status;
	for (last = *list; last->ai_next; last = last->ai_next)
		;
	return real("127.0.0.1", port, hints, &last->ai_next);
}

void freeaddrinfo(struct addrinfo *list)
{
	void (*real)(struct addrinfo *);

	REAL("freeaddrinfo");
	real(list);
	errno = ENOTTY;
}

/* The errno value of that name, 0 if there is none. */
static int errno_of(const char *name)
{
	for (int i = 1; i < 200; i++) {
		const char *known = strerrorname_np(i);

		if (known && !strcmp(known, name))
			return i;
	}
	return 0;
}

static void set_fault(const char *call, const char *error, const char *family)
{
	snprintf(fault.call, sizeof(fault.call), "%s", call);
	fault.error = errno_of(error);
	fault.family = !strcmp(family, "inet6")	 ? AF_INET6
		       : !strcmp(family, "inet") ? AF_INET
						 : 0;
	puts("so be it");
}

static void tell_port(const char *what)
{
	int fd = socket(!strcmp(what, "unix") ? AF_UNIX : AF_INET,
			SOCK_STREAM | SOCK_CLOEXEC, 0);
	int port;

	if (!strcmp(what, "closed"))
		close(fd);
	port = listener_port(fd);
	if (port < 0)
		printf("%d %s\n", port, strerrorname_np(errno));
	else
		printf("%d\n", port);
	if (strcmp(what, "closed"))
		close(fd);
}

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
	getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, &len);
	if (!on)
		return "without SO_REUSEADDR";
	getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len);
	return on ? NULL : "does not listen";
}

/* Whether the sentence that was given before WHY is what it was then. */
static bool lasts(const char *why)
{
	static const char *before;
	static char was[128];
	bool same = !before || !strcmp(before, was);

	before = why;
	snprintf(was, sizeof(was), "%s", why ? why : "");
	return same;
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
		printf("%d %s: %s%s\n", fd, strerrorname_np(err),
		       why ? why : "",
		       lasts(why) ? "" : ", and so says the one before now");
	else
		printf("%s %d %d %u%s%s\n", missing(fd) ? "sloppy" : "ok", fd,
		       listener_port(fd), backlog_of(fd),
		       missing(fd) ? ": " : "", missing(fd) ? missing(fd) : "");
}

static void open_at_zero(const char *address)
{
	int input = dup(0), fd;
	const char *why;

	close(0);
	errno = EADDRNOTAVAIL; /* a call that works leaves it alone */
	fd = listener_open(address, 16, &why);
	printf("%d\n", fd);
	close(fd);
	dup2(input, 0);
	close(input);
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
	char line[2048], address[2048], call[16], error[24], family[16];
	int n;

	while (fgets(line, sizeof(line), stdin)) {
		n = 16;
		strcpy(family, "any");
		if (sscanf(line, "open %2047s %d", address, &n) >= 1) {
			open_and_tell(address, n, 1);
		} else if (sscanf(line, "repeat %d %2047s", &n, address) == 2) {
			open_and_tell(address, 16, n);
		} else if (sscanf(line, "at-zero %2047s", address) == 1) {
			open_at_zero(address);
		} else if (sscanf(line, "take %d", &n) == 1) {
			take(n);
		} else if (sscanf(line, "fail %15s %23s %15s", call, error,
				  family) >= 2) {
			set_fault(call, error, family);
		} else if (sscanf(line, "resolver %d", &resolver) == 1) {
			puts("so be it");
		} else if (sscanf(line, "port %15s", call) == 1) {
			tell_port(call);
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
