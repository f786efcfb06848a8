/* SPDX-License-Identifier: MIT */
#include "lab03.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

uint64_t waits_of(struct prog *srv, const char *kind)
{
	if (!strcmp(kind, "select"))
		return prog_calls(srv, "select") + prog_calls(srv, "pselect");
	return prog_calls(srv, "poll") + prog_calls(srv, "ppoll");
}

void let_pass(int64_t ms)
{
	int64_t begin = clock_ms();

	judge_step("%lld ms pass", (long long)ms);
	judge_until(clock_ms() - begin >= ms, "the time has passed");
}

void room_others(const struct room *room, const struct peer *about,
		 const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (int i = 0; i < room->n; i++)
		if (room->member[i] != about)
			peer_expectf(room->member[i], "%s\n", line);
}

struct peer *room_enter(struct room *room, const char *guest)
{
	struct peer *c = peer_connect(room->srv);

	peer_expectf(c, "* welcome, %s\n", guest);
	room_others(room, NULL, "* %s joined", guest);
	room->member[room->n++] = c;
	return c;
}

struct room room_open(const struct prog_opts *opts, const char *kind, int n)
{
	static const struct prog_opts none;
	const char *before = judge_promise("a member comes to it: * welcome");
	struct room room = { .n = 0 };
	char guest[16];

	room.srv = mux_server_opts(opts ? opts : &none, kind, "chat");
	for (int i = 1; i <= n; i++) {
		snprintf(guest, sizeof(guest), "guest%d", i);
		room_enter(&room, guest);
	}
	judge_promise(before);
	return room;
}

void room_without(struct room *room, const struct peer *c)
{
	int kept = 0;

	for (int i = 0; i < room->n; i++)
		if (room->member[i] != c)
			room->member[kept++] = room->member[i];
	room->n = kept;
}
