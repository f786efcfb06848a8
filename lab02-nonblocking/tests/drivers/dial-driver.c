/* SPDX-License-Identifier: MIT */
/*
 * dial-driver - dial.c by hand, and with the names that a test wants. Lines on
 * standard input:
 *
 *	name NAME A...	-> NAME has the addresses A from now on, in this order;
 *			   or "name NAME EAI_NONAME": getaddrinfo(3) says that.
 *			   "ok"
 *	start ADDR MS	-> dial_start(): "connected PEER", "under way" or
 *			   "-1 ERRNO"
 *	continue	-> dial_continue(): the same
 *	await		-> waits until dial_fd() is writable or dial_left_ms()
 *			   is over: "writable" or "time is over"
 *	left		-> dial_left_ms()
 *	finish		-> await and continue until the result: as start
 *	watch		-> dial_fd(): "-1", or "a descriptor"
 *	cancel		-> "cancelled"
 *	count N ADDR MS	-> start and finish, N times: the last result
 *	say TEXT	-> sends it on the last connection: "said"
 *	zero		-> descriptor 0 is closed, the next one is 0: "ok"
 *	hoard, release	-> takes all descriptors, gives them back: "ok"
 *	crowd		-> from now on descriptors are above 4096: "ok", or
 *			   "no" where there may not be so many
 *	connect ERRNO	-> from now on connect(2) fails with that number; with
 *			   EINTR it goes on by itself; -1: it has ended when
 *			   it returns; 0: as it is: "ok"
 *	no_ipv6		-> no IPv6 socket can be made from now on: "ok"
 *	held		-> "N descriptors, M lists of addresses", not counting
 *			   what is the driver's own
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "dial.h"
#include "names.h"

#define HOARD 64 /* all that there are, from then on */

static int hoarded[HOARD];
static size_t hoard_count;
static int connected = -1;
static int at_start; /* open descriptors */
static bool no_ipv6;
static struct dial the_dial;
static int connect_error;

/* A definition in the program comes before the one in libc. */
int socket(int family, int type, int protocol)
{
	int (*real)(int, int, int);

	if (family == AF_INET6 && no_ipv6) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "socket");
	return real(family, type, protocol);
}

/* What a connect that is under way comes to, as connect(2) says it. */
static int ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t len = sizeof(error);

	poll(&p, 1, -1);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	errno = error;
	return error ? -1 : 0;
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t);
	int result = -1;

	*(void **)&real = dlsym(RTLD_NEXT, "connect");
	if (connect_error <= 0 || connect_error == EINTR)
		result = real(fd, addr, len);
	if (connect_error < 0 && result < 0 && errno == EINPROGRESS)
		return ended(fd);
	if (connect_error <= 0)
		return result;
	errno = connect_error;
	return -1;
}

/* What is wrong with a connection that the caller is to own, or NULL. */
static const char *sloppy(int fd)
{
	if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		return "not close-on-exec";
	if (!(fcntl(fd, F_GETFL) & O_NONBLOCK))
		return "not non-blocking";
	return NULL;
}

static void tell(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	char peer[ADDR_TEXT_MAX];

	if (fd == -1 && errno == EINPROGRESS) {
		puts("under way");
	} else if (fd < 0) {
		printf("%d %s\n", fd, strerrorname_np(errno));
	} else if (getpeername(fd, (struct sockaddr *)&ss, &len) < 0) {
		printf("descriptor %d, but: %s\n", fd, strerrorname_np(errno));
	} else if (sloppy(fd)) {
		printf("connected, but %s\n", sloppy(fd));
	} else {
		addr_print((struct sockaddr *)&ss, len, peer, sizeof(peer));
		printf("connected %s\n", peer);
	}
}

/* Keeps one connection, for "say". */
static int keep(int fd)
{
	int error = errno;

	if (fd >= 0) {
		if (connected >= 0)
			close(connected);
		connected = fd;
	}
	errno = error;
	return fd;
}

static int await(void)
{
	struct pollfd p = { .fd = dial_fd(&the_dial), .events = POLLOUT };

	return poll(&p, 1, dial_left_ms(&the_dial));
}

static int start(const char *address, int ms)
{
	memset(&the_dial, 0xa5, sizeof(the_dial)); /* all is to be set */
	errno = 0;
	return keep(dial_start(&the_dial, address, ms));
}

static int finish(int fd)
{
	while (fd < 0 && errno == EINPROGRESS) {
		await();
		errno = 0;
		fd = keep(dial_continue(&the_dial));
	}
	return fd;
}

static void hoard(void)
{
	const struct rlimit limit = { HOARD, HOARD };
	int fd;

	setrlimit(RLIMIT_NOFILE, &limit);
	while (hoard_count < HOARD &&
	       (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		hoarded[hoard_count++] = fd;
}

static void release(void)
{
	while (hoard_count > 0)
		close(hoarded[--hoard_count]);
}

/*
 * They stay open: whoever dials in a large program gets such a number. It is far
 * above what an fd_set holds, so that select(2) overwrites more than a gap.
 */
static bool crowd(void)
{
	const int top = 4 * FD_SETSIZE;
	struct rlimit limit;
	int fd;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_max < (rlim_t)top + HOARD ||
	    setrlimit(RLIMIT_NOFILE, &limit))
		return false;
	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		at_start++;
	} while (fd >= 0 && fd < top);
	return fd >= 0;
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

static void tell_held(void)
{
	int n = open_descriptors() - at_start - (connected >= 0);

	printf("%d descriptors, %d lists of addresses\n", n, names_lists());
}

static void with_address(const char *line)
{
	char address[1024], text[64];
	int fd = -1, n, ms;

	if (sscanf(line, "start %1023s %d", address, &ms) == 2) {
		tell(start(address, ms));
	} else if (sscanf(line, "count %d %1023s %d", &n, address, &ms) == 3) {
		while (n--)
			fd = finish(start(address, ms));
		tell(fd);
	} else if (sscanf(line, "connect %d", &connect_error) == 1) {
		puts("ok");
	} else if (sscanf(line, "say %63[^\n]", text) == 1) {
		puts(send(connected, text, strlen(text), MSG_NOSIGNAL) > 0
			     ? "said"
			     : "not said");
	} else {
		puts("what?");
	}
}

static void without(const char *verb)
{
	if (!strcmp(verb, "continue")) {
		errno = 0;
		tell(keep(dial_continue(&the_dial)));
	} else if (!strcmp(verb, "await")) {
		puts(await() > 0 ? "writable" : "time is over");
	} else if (!strcmp(verb, "left")) {
		printf("%d\n", dial_left_ms(&the_dial));
	} else if (!strcmp(verb, "finish")) {
		errno = EINPROGRESS;
		tell(finish(-1));
	} else if (!strcmp(verb, "watch")) {
		puts(dial_fd(&the_dial) == -1 ? "-1" : "a descriptor");
	} else if (!strcmp(verb, "cancel")) {
		dial_cancel(&the_dial);
		puts("cancelled");
	} else if (!strcmp(verb, "hoard")) {
		hoard();
		puts("ok");
	} else if (!strcmp(verb, "crowd")) {
		puts(crowd() ? "ok" : "no");
	} else if (!strcmp(verb, "release")) {
		release();
		puts("ok");
	} else if (!strcmp(verb, "no_ipv6")) {
		no_ipv6 = true;
		puts("ok");
	} else if (!strcmp(verb, "zero")) {
		close(0);
		at_start--;
		puts("ok");
	} else if (!strcmp(verb, "held")) {
		tell_held();
	} else {
		puts("what?");
	}
}

int main(void)
{
	/* The lines come from there, so that 0 can be closed. */
	FILE *input = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 100), "r");
	char line[2048];

	at_start = open_descriptors();
	while (input && fgets(line, sizeof(line), input)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "name ", 5)) {
			names_add(line + 5);
			puts("ok");
		} else if (strchr(line, ' ')) {
			with_address(line);
		} else {
			without(line);
		}
		fflush(stdout);
	}
	if (connected >= 0)
		close(connected);
	if (input)
		fclose(input);
	return 0;
}
