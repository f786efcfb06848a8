/* SPDX-License-Identifier: MIT */
/*
 * An echo server on libuv as its guide writes one: a buffer for each read, sent
 * and then freed. What the course's servers are measured against.
 *
 *	libuv_echo	prints "listening on HOST:PORT" and runs until it is
 *			killed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sock.h"

struct sending {
	uv_write_t request;
	uv_buf_t bytes;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "libuv_echo: %s: %s\n", what, uv_strerror(error));
	exit(1);
}

static void *memory(size_t size)
{
	void *p = malloc(size);

	if (!p)
		die("malloc", UV_ENOMEM);
	return p;
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

static void provide(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)handle;
	*buf = uv_buf_init(memory(suggested), (unsigned int)suggested);
}

static void sent(uv_write_t *request, int status)
{
	struct sending *s = (struct sending *)request;

	(void)status;
	free(s->bytes.base);
	free(s);
}

static void received(uv_stream_t *client, ssize_t n, const uv_buf_t *buf)
{
	struct sending *s;

	if (n > 0) {
		s = memory(sizeof(*s));
		s->bytes = uv_buf_init(buf->base, (unsigned int)n);
		uv_write(&s->request, client, &s->bytes, 1, sent);
		return;
	}
	free(buf->base);
	if (n < 0)
		uv_close((uv_handle_t *)client, closed);
}

static void connected(uv_stream_t *listener, int status)
{
	uv_tcp_t *client = memory(sizeof(*client));

	uv_tcp_init(listener->loop, client);
	if (status < 0 || uv_accept(listener, (uv_stream_t *)client) < 0 ||
	    uv_tcp_nodelay(client, 1) < 0 ||
	    uv_read_start((uv_stream_t *)client, provide, received) < 0)
		uv_close((uv_handle_t *)client, closed);
}

int main(void)
{
	uv_loop_t *loop = uv_default_loop();
	char text[ADDR_TEXT_MAX];
	struct sockaddr_in any;
	uv_tcp_t listener;
	uv_os_fd_t fd;
	int error;

	uv_ip4_addr("127.0.0.1", 0, &any);
	uv_tcp_init(loop, &listener);
	error = uv_tcp_bind(&listener, (struct sockaddr *)&any, 0);
	if (!error)
		error = uv_listen((uv_stream_t *)&listener, SOMAXCONN,
				  connected);
	if (error)
		die("listen", error);
	uv_fileno((uv_handle_t *)&listener, &fd);
	sock_local_text(fd, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
	return uv_run(loop, UV_RUN_DEFAULT);
}
