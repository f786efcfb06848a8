/* SPDX-License-Identifier: MIT */
/*
 * spin-driver WHAT - spin_serve() on a listener that breaks, or on none:
 *
 *	listener	SIGUSR1 shuts it down
 *	unlistening	a socket without listen(2)
 *	datagrams	a UDP socket
 *	pipe, closed	no socket at all
 *	unsendable	a listener; the second call that sends fails with
 *			EHOSTUNREACH
 *	full		a listener; the first call that sends finds the socket
 *			full: EAGAIN
 *	ceiling		a listener; the buffers of a client may hold CEILING
 *			bytes each, and those of its socket next to nothing
 *	multitude	a listener; as many clients may come as no memory holds,
 *			and it is to stop at its first accept(2)
 *	budget		a listener; the buffers of a client may hold 16 MiB, and
 *			its socket BACKLOG bytes that nobody has read; in the
 *			end "N bytes in a turn": the most that was received from
 *			one before another descriptor was asked
 *	held		a listener, for one client; in the end "N bytes held":
 *			the most that was received and not sent yet
 *
 * Prints "listening on 127.0.0.1:PORT" for a listener, and when spin_serve()
 * has returned "0" or "-1 ERRNO", and "N descriptors more" than before; "not
 * told to stop" in place of "0" if that is so.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "spin.h"
#include "util.h"

#define BACKLOG 200000
#define CEILING (4 << 20)

static int listener;
static volatile sig_atomic_t stop;
static bool multitude;
static int sends_left = -1; /* until one fails; -1: none does */
static int send_errno;

static bool ceiling;
static bool budget;
static bool held;
static size_t held_now, held_most;
static int turn = -1; /* the descriptor that was asked last */
static size_t turn_bytes, turn_most;

/* A definition in the program comes before the one in libc. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

/* FD was asked, and N is what it said. */
static ssize_t count(int fd, ssize_t n)
{
	if (fd != turn)
		turn_bytes = 0;
	turn = fd;
	turn_bytes += n > 0 ? (size_t)n : 0;
	turn_most = MAX(turn_most, turn_bytes);
	held_now += n > 0 ? (size_t)n : 0;
	held_most = MAX(held_most, held_now);
	return n;
}

/* N is what a call said that sends. */
static ssize_t sent(ssize_t n)
{
	held_now -= n > 0 ? (size_t)n : 0;
	return n;
}

/* Without that the kernel would take less until somebody reads (tcp(7)). */
static void make_room(int fd)
{
	int n = BACKLOG, one = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n));
	setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
}

int accept4(int fd, struct sockaddr *restrict addr, socklen_t *restrict len,
	    int flags)
{
	int (*real)(int, struct sockaddr *, socklen_t *, int);
	int client;

	stop = stop || multitude;
	REAL("accept4");
	count(fd, 0);
	client = real(fd, addr, len, flags);
	if (client >= 0 && budget)
		make_room(client);
	return client;
}

int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	return accept4(fd, addr, len, 0);
}

/* Which functions receive and send is the student's choice. */

ssize_t recv(int fd, void *data, size_t n, int flags)
{
	ssize_t (*real)(int, void *, size_t, int);

	REAL("recv");
	return count(fd, real(fd, data, n, flags));
}

ssize_t recvfrom(int fd, void *restrict data, size_t n, int flags,
		 struct sockaddr *restrict addr, socklen_t *restrict len)
{
	ssize_t (*real)(int, void *, size_t, int, struct sockaddr *,
			socklen_t *);

	REAL("recvfrom");
	return count(fd, real(fd, data, n, flags, addr, len));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	ssize_t (*real)(int, struct msghdr *, int);

	REAL("recvmsg");
	return count(fd, real(fd, message, flags));
}

ssize_t read(int fd, void *data, size_t n)
{
	ssize_t (*real)(int, void *, size_t);

	REAL("read");
	return count(fd, real(fd, data, n));
}

ssize_t readv(int fd, const struct iovec *parts, int n)
{
	ssize_t (*real)(int, const struct iovec *, int);

	REAL("readv");
	return count(fd, real(fd, parts, n));
}

/* Is this the call that fails? */
static bool send_fails(void)
{
	if (sends_left < 0 || sends_left-- > 0)
		return false;
	errno = send_errno;
	return true;
}

ssize_t send(int fd, const void *data, size_t n, int flags)
{
	ssize_t (*real)(int, const void *, size_t, int);

	if (send_fails())
		return -1;
	REAL("send");
	return sent(real(fd, data, n, flags));
}

ssize_t sendto(int fd, const void *data, size_t n, int flags,
	       const struct sockaddr *addr, socklen_t len)
{
	ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *,
			socklen_t);

	if (send_fails())
		return -1;
	REAL("sendto");
	return sent(real(fd, data, n, flags, addr, len));
}

ssize_t write(int fd, const void *data, size_t n)
{
	ssize_t (*real)(int, const void *, size_t);

	if (send_fails())
		return -1;
	REAL("write");
	return sent(real(fd, data, n));
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	ssize_t (*real)(int, const struct iovec *, int);

	if (send_fails())
		return -1;
	REAL("writev");
	return sent(real(fd, parts, n));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int);

	if (send_fails())
		return -1;
	REAL("sendmsg");
	return sent(real(fd, message, flags));
}

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

/* The sockets that it accepts have what it has (socket(7)). */
static void make_small(int fd)
{
	int n = 8192;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &n, sizeof(n));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &n, sizeof(n));
}

static int a_listener(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (ceiling)
		make_small(fd);
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

	multitude = !strcmp(what, "multitude");
	sends_left = !strcmp(what, "unsendable") ? 1
		     : !strcmp(what, "full")	 ? 0
						 : -1;
	send_errno = sends_left ? EHOSTUNREACH : EAGAIN;
	budget = !strcmp(what, "budget");
	ceiling = !strcmp(what, "ceiling");
	held = !strcmp(what, "held");
	if (!strcmp(what, "listener") || multitude || sends_left >= 0 ||
	    budget || ceiling || held)
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
	struct spin_limits limits = { .ceiling = 4096, .clients = 8 };
	const struct sigaction sa = { .sa_handler = on_signal };
	int before, result;

	listener = make(argc > 1 ? argv[1] : "");
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	if (multitude)
		limits.clients = (size_t)1 << 40;
	if (budget)
		limits.ceiling = 16 << 20;
	if (ceiling)
		limits.ceiling = CEILING;
	before = open_descriptors();
	result = spin_serve(listener, &limits, &stop);
	if (result)
		printf("%d %s\n", result, strerrorname_np(errno));
	else
		puts(stop ? "0" : "not told to stop");
	printf("%d descriptors more\n", open_descriptors() - before);
	if (budget)
		printf("%zu bytes in a turn\n", turn_most);
	if (held)
		printf("%zu bytes held\n", held_most);
	return 0;
}
