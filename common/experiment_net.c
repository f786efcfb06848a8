/* SPDX-License-Identifier: MIT */
/*
 * On the loopback interface a segment is usually received before the call
 * that sent it returns, but the kernel does not promise that: on a busy
 * machine it is left to ksoftirqd. So an experiment never assumes that what
 * was sent has arrived; it waits for it, with a deadline.
 */
#include "experiment_net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"

/* A socket that stays full for this long counts as full. */
enum { FULL_MS = 100 };

int exp_socket(int flags)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		exp_die("socket");
	return fd;
}

int exp_listener(int backlog)
{
	struct sockaddr_in any_port = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = exp_socket(0);

	if (bind(fd, (struct sockaddr *)&any_port, sizeof(any_port)) < 0)
		exp_die("bind to 127.0.0.1");
	if (listen(fd, backlog) < 0)
		exp_die("listen");
	return fd;
}

struct sockaddr_in exp_address(int fd)
{
	struct sockaddr_in address = { 0 };
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		exp_die("getsockname");
	return address;
}

int exp_connect(int listener)
{
	struct sockaddr_in address = exp_address(listener);
	int fd = exp_socket(0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		exp_die("connect");
	return fd;
}

struct exp_pair exp_pair(void)
{
	struct exp_pair pair;
	int listener = exp_listener(1);

	pair.client = exp_connect(listener);
	pair.server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (pair.server < 0)
		exp_die("accept");
	close(listener);
	return pair;
}

void exp_close_pair(struct exp_pair *pair)
{
	close(pair->client);
	close(pair->server);
	pair->client = -1;
	pair->server = -1;
}

void exp_send(int fd, const char *text)
{
	size_t length = strlen(text);

	if (send(fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
		exp_die("send");
}

/*
 * send(2) is asked, not poll(2): POLLOUT needs a third of the buffer to be
 * free, while send takes what it can as soon as anything is.
 */
size_t exp_fill(int fd)
{
	static const char zeros[65536];
	int64_t deadline = clock_ms() + FULL_MS;
	size_t total = 0;

	while (true) {
		ssize_t n = send(fd, zeros, sizeof(zeros),
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			exp_die("send");
		if (n > 0) {
			total += (size_t)n;
			deadline = clock_ms() + FULL_MS;
			continue;
		}
		if (!exp_tick(deadline))
			return total;
	}
}

void exp_set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		exp_die("fcntl(O_NONBLOCK)");
}

void exp_reset(int fd)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)))
		exp_die("setsockopt(SO_LINGER)");
	close(fd);
}

int exp_tcp_state(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		exp_die("getsockopt(TCP_INFO)");
	return info.tcpi_state;
}

const char *exp_tcp_state_name(int state)
{
	static const char *const names[] = {
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN_SENT",
		[TCP_SYN_RECV] = "SYN_RECV",
		[TCP_FIN_WAIT1] = "FIN_WAIT1",
		[TCP_FIN_WAIT2] = "FIN_WAIT2",
		[TCP_TIME_WAIT] = "TIME_WAIT",
		[TCP_CLOSE] = "CLOSE",
		[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
		[TCP_LAST_ACK] = "LAST_ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};
	size_t count = sizeof(names) / sizeof(names[0]);

	if (state < 0 || (size_t)state >= count || !names[state])
		return "unknown";
	return names[state];
}

int exp_unread(int fd)
{
	int bytes = 0;

	if (ioctl(fd, FIONREAD, &bytes) < 0)
		exp_die("ioctl(FIONREAD)");
	return bytes;
}

short exp_poll(int fd, short events, int ms)
{
	struct pollfd entry = { .fd = fd, .events = events };
	int64_t deadline = clock_ms() + ms;
	int n;

	do {
		n = poll(&entry, 1, clock_left_ms(deadline));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		exp_die("poll");
	return n ? entry.revents : 0;
}

bool exp_tick(int64_t deadline_ms)
{
	if (clock_ms() >= deadline_ms)
		return false;
	poll(NULL, 0, 1);
	return true;
}
