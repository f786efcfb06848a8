/* SPDX-License-Identifier: MIT */
/*
 * room-driver - chat.c among clients that are not there: app.h's functions are
 * the driver's own, so that how much room a client has is not the kernel's
 * affair but said to the byte. Lines on standard input, one answer each; C is
 * a client's number, below 64:
 *
 *	join C ROOM	comes, with room for ROOM bytes	-> "0" or "-1 ERRNO"
 *	room C ROOM	has room for ROOM bytes from now on	-> "0"
 *	send C TEXT	sends TEXT; \n is a newline, \r a return	-> "0"
 *	end C		ends its input				-> "0"
 *	break C		its connection breaks			-> "0"
 *	got C		-> the lines it got since the last time, with " / "
 *			   between; "-" for none; "half: " before the last
 *			   one if that has no newline; then in brackets what
 *			   has become of it: "[finished]", "[dropped]"
 *	stop		all break, and the app ends		-> "0"
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mux/app.h"
#include "util.h"

#define CLIENTS 512

struct guest {
	struct buf in;
	struct buf out;
	size_t room;
	void *data;
	bool eof;
	bool here;
	bool finished;
	bool dropped;
};

static struct guest clients[CLIENTS];
static void *state;

/* ---- app.h, as the mux keeps it ---- */

struct buf *guest_input(struct guest *c)
{
	return &c->in;
}

bool guest_eof(const struct guest *c)
{
	return c->eof;
}

size_t guest_room(const struct guest *c)
{
	return c->room;
}

int guest_send(struct guest *c, const void *data, size_t n)
{
	if (!c->here || c->finished)
		return 0;
	if (n > c->room) {
		errno = ENOBUFS;
		return -1;
	}
	c->room -= n;
	if (buf_append(&c->out, data, n) < 0)
		abort();
	return 0;
}

void guest_finish(struct guest *c)
{
	c->finished = true;
}

/* It is gone, for whatever reason. */
static void leave(struct guest *c)
{
	c->here = false;
	buf_free(&c->in);
	app_chat.left(state, c);
}

void guest_drop(struct guest *c)
{
	if (!c->here)
		return;
	c->dropped = true;
	leave(c);
}

void guest_set_data(struct guest *c, void *data)
{
	c->data = data;
}

void *guest_data(const struct guest *c)
{
	return c->data;
}

/* ---- the lines ---- */

static int join(struct guest *c, const char *room)
{
	buf_free(&c->out);
	*c = (struct guest){ .room = strtoul(room, NULL, 10), .here = true };
	buf_init(&c->in, 65536);
	buf_init(&c->out, 1 << 20);
	if (app_chat.joined(state, c) == 0)
		return 0;
	c->here = false;
	return -1;
}

static void send_text(struct guest *c, const char *text)
{
	for (; *text; text++) {
		char byte = *text;

		if (byte == '\\' && text[1])
			byte = *++text == 'n' ? '\n' : '\r';
		if (buf_append(&c->in, &byte, 1) < 0)
			abort();
	}
	app_chat.input(state, c);
}

static void print_got(struct guest *c)
{
	size_t n = buf_len(&c->out);
	const char *text = buf_data(&c->out);

	if (n == 0)
		fputs("-", stdout);
	else if (text[n - 1] != '\n')
		fputs("half: ", stdout);
	for (size_t i = 0; i < n; i++)
		if (text[i] != '\n')
			putchar(text[i]);
		else if (i + 1 < n)
			fputs(" / ", stdout);
	buf_consume(&c->out, n);
	puts(c->dropped ? " [dropped]" : c->finished ? " [finished]" : "");
}

static void stop(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		if (clients[i].here)
			leave(&clients[i]);
		buf_free(&clients[i].out);
	}
	app_chat.stop(state);
}

static void play(const char *verb, struct guest *c, const char *arg)
{
	int result = 0;

	if (!strcmp(verb, "join"))
		result = join(c, arg);
	else if (!strcmp(verb, "stop"))
		stop();
	else if (!strcmp(verb, "room"))
		c->room = strtoul(arg, NULL, 10);
	else if (!strcmp(verb, "send") && c->here)
		send_text(c, arg);
	else if (!strcmp(verb, "break") && c->here)
		leave(c);
	else if (!strcmp(verb, "end") && c->here) {
		c->eof = true;
		app_chat.input(state, c);
	} else if (strcmp(verb, "got") != 0) {
		puts("what?");
		return;
	}
	if (!strcmp(verb, "got"))
		print_got(c);
	else if (result < 0)
		printf("-1 %s\n", strerrorname_np(errno));
	else
		puts("0");
}

int main(void)
{
	static char line[4096], arg[4096];
	char verb[16];
	unsigned int c;

	state = app_chat.start();
	if (!state) {
		perror("chat");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		c = 0;
		arg[0] = verb[0] = '\0';
		sscanf(line, "%15s %u %4095[^\n]", verb, &c, arg);
		play(verb, &clients[c % CLIENTS], arg);
		fflush(stdout);
	}
	return 0;
}
