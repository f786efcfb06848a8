/* SPDX-License-Identifier: MIT */
/*
 * Tasks 4 and 5: the chat. chat.h is the protocol, to the byte; app.h says what
 * the mux calls and what may be called; chat_text.h has two helpers.
 *
 * Begin with joined() and left(), then lines, then commands. The question that
 * decides how it is built: guest_drop() calls chat_left() before it returns.
 * Who may be in the middle of what, when that happens?
 */
#include "chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mux/app.h"
#include "text/chat_text.h"
#include "list.h"
#include "util.h"

/* What there is once: who is here, in the order of joining, ... */
struct room {
	struct list members;
};

/* What there is for each client: guest_set_data(), guest_data(). */
struct member {
	struct list link; /* in room->members */
	struct guest *client;
	char name[CHAT_NAME_MAX + 1];
};

static void *chat_start(void)
{
	/* A struct room, with an empty list. Until then, there is no app. */
	TODO(0);
	return NULL;
}

static void chat_stop(void *state)
{
	TODO(state);
}

static int chat_joined(void *state, struct guest *c)
{
	/* A member, a name that nobody has, one line to it, one to the rest. */
	TODO(state, c);
	return -1;
}

static void chat_input(void *state, struct guest *c)
{
	/*
	 * guest_input() has what came and was not consumed: half a line,
	 * several lines, or nothing new at all. Consume what you have taken.
	 *
	 * guest_send() says -1 when a member is too slow. If you drop it at
	 * once, whose list are you walking? If you drop it later, is it told
	 * anything until then? May it be the very member whose line this is?
	 */
	TODO(state, c);
}

static void chat_left(void *state, struct guest *c)
{
	/* The last time that C is seen. Why it left decides what the others hear. */
	TODO(state, c);
}

const struct app app_chat = {
	.name = "chat",
	.start = chat_start,
	.stop = chat_stop,
	.joined = chat_joined,
	.input = chat_input,
	.left = chat_left,
};
