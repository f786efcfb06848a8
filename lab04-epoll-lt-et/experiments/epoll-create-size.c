/* SPDX-License-Identifier: MIT */
/*
 * The size was a hint for the hash table of the first epoll (Linux 2.5). Since
 * 2.6.8 the interest list is a red-black tree that grows, and the system call
 * only checks that size is positive before it calls do_epoll_create(). What
 * bounds one wait is maxevents, and nothing else.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"

enum { COUNT = 400, ROOM = 512 };

int main(void)
{
	struct epoll_event events[ROOM];
	int epfd, n, few, error;

	exp_begin("epoll-create-size", "epoll_create's size caps what one wait "
				       "returns");
	exp_need_descriptors(COUNT + 32);
	epfd = epoll_create(1);
	if (epfd < 0)
		exp_die("epoll_create");
	for (int i = 0; i < COUNT; i++)
		exp_epoll_ctl(epfd, EPOLL_CTL_ADD, eventfd(1, EFD_CLOEXEC),
			      EPOLLIN);
	n = epoll_wait(epfd, events, ROOM, 0);
	few = epoll_wait(epfd, events, 7, 0);
	exp_did("epoll_create(1), %d descriptors added, all ready", COUNT);
	exp_saw("one wait with maxevents %d returns %d, with 7 it returns %d",
		ROOM, n, few);
	exp_expect(n == COUNT && few == 7, "%d and 7", COUNT);
	close(epfd);

	epfd = epoll_create(0);
	error = errno;
	exp_did("epoll_create(0)");
	exp_saw("%s", epfd < 0 ? strerror(error) : "it works");
	exp_expect(epfd < 0 && error == EINVAL, "EINVAL");
	return exp_end(EXP_FALSE, "size has no effect, but must be positive; "
				  "maxevents bounds a wait");
}
