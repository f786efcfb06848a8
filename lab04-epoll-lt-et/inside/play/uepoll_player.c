/* SPDX-License-Identifier: MIT */
/*
 * What playing a script is for any player: an operation goes to the function
 * for its verb, and threads that can go on do so before the next one.
 */
#include "uepoll_script.h"

static uplay_fn *function_for(const struct uplayer *p, enum uverb verb)
{
	if (verb <= UV_DUP)
		return p->play_open;
	if (verb <= UV_CTL)
		return p->play_ctl;
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
	function_for(player, op->verb)(world, op, &t);
	player->settle(world, &t);
}
