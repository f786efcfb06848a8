/* SPDX-License-Identifier: MIT */
/*
 * What playing a script is for any player: an operation goes to the function
 * for its verb, and threads that can go on do so before the next one.
 */
#include <errno.h>
#include <sys/epoll.h>

#include "uepoll_script.h"

/* The event's data is the name of the file, as in "a:IN". */
static void play_ctl(const struct uplayer *p, void *world, const struct uop *op,
		     struct utext *t)
{
	static const int codes[] = { [UV_ADD] = EPOLL_CTL_ADD,
				     [UV_MOD] = EPOLL_CTL_MOD,
				     [UV_DEL] = EPOLL_CTL_DEL };
	struct epoll_event ev = { .events = op->mask };
	int code = op->verb == UV_CTL ? (int)op->n : codes[op->verb];
	int ret;

	ev.data.u64 = (uint64_t)op->name[1];
	ret = p->control(world, code, op, &ev);
	utext_ret(t, ret, errno);
}

static uplay_fn *function_for(const struct uplayer *p, enum uverb verb)
{
	if (verb <= UV_DUP)
		return p->play_open;
	if (verb <= UV_CLOSE)
		return p->play_simple;
	if (verb == UV_WAIT)
		return p->play_wait;
	return verb == UV_ITEMS ? p->play_items : p->play_thread;
}

void uplayer_play(const struct uplayer *player, void *world,
		  const struct uop *op, char *out)
{
	struct utext t = { out, USCRIPT_TEXT };

	out[0] = '\0';
	if (player->begin)
		player->begin(world);
	if (op->verb == UV_NOTE)
		return;
	if (op->verb >= UV_ADD && op->verb <= UV_CTL)
		play_ctl(player, world, op, &t);
	else
		function_for(player, op->verb)(world, op, &t);
	player->settle(world, &t);
}
