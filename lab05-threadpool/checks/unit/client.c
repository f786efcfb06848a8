/* SPDX-License-Identifier: MIT */
/* The steps of one client, on a connection without a server around it. */
#include "client/client.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/context.h"
#include "client/exchange.h"

TestSuite(client, .timeout = 20);

static struct site site;
static struct http_context context = {
	.site = &site,
	.limits = { .body_max = 1ul << 40 },
};
static struct exchange exchange;
static struct http_conn c;
static int peer;

/* A client on one end of a connection, PEER on the other. */
static void connect_client(void)
{
	const int size = 1 << 20; /* the kernel gives less, but some 400 kB */
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(addr);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_eq(bind(listener, (struct sockaddr *)&addr, len), 0);
	cr_assert_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&addr, &len);
	peer = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(connect(peer, (struct sockaddr *)&addr, len), 0);
	c.watch.fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	close(listener);
	setsockopt(peer, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	fcntl(peer, F_SETFL, O_NONBLOCK);
	c.context = &context;
	buf_init(&c.in, REQUEST_HEAD_MAX + CLIENT_CHUNK);
	c.x = &exchange;
	request_begin(&c.x->request, context.limits.body_max);
}

/* All that the kernel takes; returns the number of bytes. */
static size_t send_much(void)
{
	static char much[16384];
	size_t total = 0;
	ssize_t n;

	while ((n = send(peer, much, sizeof(much), 0)) > 0)
		total += n;
	cr_assert_eq(errno, EAGAIN);
	return total;
}

static int unread_bytes(void)
{
	int n;

	cr_assert_eq(ioctl(c.watch.fd, FIONREAD, &n), 0);
	return n;
}

static void send_text(const char *text)
{
	cr_assert_eq(send(peer, text, strlen(text), 0), (ssize_t)strlen(text));
}

/* However fast it sends, a client has its turn, and then the others. */
Test(client, reads_for_one_turn, .init = connect_client)
{
	send_text("POST / HTTP/1.1\r\nHost: a\r\n"
		  "Content-Length: 1000000000\r\n\r\n");
	cr_assert_gt(send_much(), 160 * 1024);
	c.fresh = true;
	cr_assert_not(client_read(&c));
	cr_assert_eq(c.state, CLIENT_READING);
	cr_assert_gt(unread_bytes(), 0);
	free(c.x->copy);
}

/* A close(2) with bytes unread would be a reset. */
Test(client, lingers_as_long_as_bytes_come, .init = connect_client)
{
	c.state = CLIENT_LINGERING;
	cr_assert_gt(send_much(), 160 * 1024);
	for (int turns = 0; unread_bytes(); turns++) {
		cr_assert_lt(turns, 10000);
		c.fresh = true;
		cr_assert_not(client_read(&c));
		cr_assert_eq(c.state, CLIENT_LINGERING);
	}
	cr_assert_eq(shutdown(peer, SHUT_WR), 0);
	for (int turns = 0; c.state != CLIENT_OVER; turns++) {
		cr_assert_lt(turns, 10000);
		c.fresh = true;
		client_read(&c);
	}
}

/* Asks with FIELDS, and takes the steps to the answer's last byte. */
static int state_after(const char *fields)
{
	send_text("POST / HTTP/1.1\r\nHost: a\r\n");
	send_text(fields);
	send_text("\r\n");
	c.fresh = true;
	while (!client_read(&c))
		c.fresh = true;
	cr_assert_eq(c.state, CLIENT_REQUEST);
	client_answer(&c);
	cr_assert(client_write(&c));
	return c.state;
}

/* Whichever side ends it: bytes may be under way to us. */
Test(client, lingers_after_the_last_answer, .init = connect_client)
{
	cr_assert_eq(state_after(""), CLIENT_READING);
	site.closing = true;
	cr_assert_eq(state_after(""), CLIENT_LINGERING);
	connect_client();
	c.state = CLIENT_READING;
	cr_assert_eq(state_after("Connection: close\r\n"), CLIENT_LINGERING);
}
