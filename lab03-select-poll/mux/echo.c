/* SPDX-License-Identifier: MIT */
/*
 * echo: what comes from a client goes back to it. No state of its own: bytes
 * that cannot be sent now stay in the client's input until there is room.
 */
#include "app.h"
#include "util.h"

static void *start(void)
{
	static char nothing;

	return &nothing;
}

static void stop(void *state)
{
	(void)state;
}

static int joined(void *state, struct client *c)
{
	(void)state;
	(void)c;
	return 0;
}

static void input(void *state, struct client *c)
{
	struct buf *in = client_input(c);
	size_t n = MIN(buf_len(in), client_room(c));

	(void)state;
	if (n > 0 && client_send(c, buf_data(in), n) == 0)
		buf_consume(in, n);
	if (client_eof(c) && buf_len(in) == 0)
		client_finish(c);
}

static void left(void *state, struct client *c)
{
	(void)state;
	(void)c;
}

const struct app app_echo = {
	.name = "echo",
	.start = start,
	.stop = stop,
	.joined = joined,
	.input = input,
	.left = left,
};
