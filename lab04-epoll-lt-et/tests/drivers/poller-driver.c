/* SPDX-License-Identifier: MIT */
/* poller-driver - the lab's pollers by hand; poller_play.h says how. */
#include "poller_epoll.h"
#include "poller_uring.h"
#include "cases/poller_play.h"

int main(int argc, char *argv[])
{
	static const struct poller_ops *const kinds[] = {
		&poller_epoll_lt,
		&poller_epoll_et,
		&poller_uring,
		NULL,
	};

	return poller_play(argc, argv, kinds);
}
