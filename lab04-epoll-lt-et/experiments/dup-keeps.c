/* SPDX-License-Identifier: MIT */
/*
 * An epitem belongs to the pair (open file, number), see ep_find(). close(2)
 * frees the number; eventpoll_release() runs when the open file itself goes,
 * after its last descriptor: a dup(2), or a child's copy after fork(2), keeps
 * it. From then on no epoll_ctl can name the item, and its events still come,
 * with the old data. So: EPOLL_CTL_DEL first, then close.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 100 };

static const char *outcome(int error)
{
	return error ? strerror(error) : "works";
}

static void with_dup(void)
{
	struct exp_pair pair = exp_pair();
	int epfd = exp_epoll(), copy = dup(pair.server), fd, gone, other;
	uint32_t events;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN);
	close(pair.server);
	exp_send(pair.client, "x");
	events = exp_epoll_next(epfd, DEADLINE_MS, &fd);
	exp_did("ADD(%d), dup() to %d, close(%d); a byte arrives", pair.server,
		copy, pair.server);
	exp_saw("%s for %d, which is closed", exp_epoll_names(events), fd);
	exp_expect(events == EPOLLIN && fd == pair.server, "IN, for %d",
		   pair.server);

	gone = exp_epoll_try(epfd, EPOLL_CTL_DEL, pair.server, 0);
	other = exp_epoll_try(epfd, EPOLL_CTL_DEL, copy, 0);
	exp_did("try to remove it");
	exp_saw("DEL(%d): %s; DEL(%d): %s", pair.server, outcome(gone), copy,
		outcome(other));
	exp_expect(gone == EBADF && other == ENOENT, "EBADF and ENOENT");

	close(copy);
	events = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("close(%d), the last descriptor", copy);
	exp_saw("%s", exp_epoll_names(events));
	exp_expect(!events, "none: now it is removed");
	close(pair.client);
	close(epfd);
}

static void without_dup(void)
{
	struct exp_pair pair = exp_pair();
	int epfd = exp_epoll();
	uint32_t before, after;

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN);
	exp_send(pair.client, "x");
	before = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	close(pair.server);
	after = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("the plain case: a byte is waiting, close() the only one");
	exp_saw("before: %s", exp_epoll_names(before));
	exp_saw("after: %s", exp_epoll_names(after));
	exp_expect(before == EPOLLIN && !after, "IN, then none");
	close(pair.client);
	close(epfd);
}

int main(void)
{
	exp_begin("dup-keeps", "close(fd) removes it from epoll");
	without_dup();
	with_dup();
	return exp_end(EXP_HALF, "only the last descriptor of the open file "
				 "does; after a dup or fork, events go on and "
				 "nothing can remove them");
}
