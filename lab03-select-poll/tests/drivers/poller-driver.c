/* SPDX-License-Identifier: MIT */
/*
 * poller-driver - poller_select.c or poller_poll.c by hand, and the loop's own
 * cases over them; common/cases/poller_play.h says how.
 */
#include "poller_poll.h"
#include "poller_select.h"
#include "cases/poller_play.h"

int main(int argc, char *argv[])
{
	static const struct poller_ops *const kinds[] = {
		&poller_select,
		&poller_poll,
		NULL,
	};

	return poller_play(argc, argv, kinds);
}
