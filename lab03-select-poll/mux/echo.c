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

static int joined(void *state, struct guest *c)
{
	(void)state;
	(void)c;
	return 0;
}

static void input(void *state, struct guest *c)
{
	struct buf *in = guest_input(c);
	size_t n = MIN(buf_len(in), guest_room(c));

	(void)state;
	if (n > 0 && guest_send(c, buf_data(in), n) == 0)
		buf_consume(in, n);
	if (guest_eof(c) && buf_len(in) == 0)
		guest_finish(c);
}

static void left(void *state, struct guest *c)
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
