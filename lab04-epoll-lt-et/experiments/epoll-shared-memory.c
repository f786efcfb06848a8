/* SPDX-License-Identifier: MIT */
/*
 * Many texts say that epoll is fast because its ready list lies in memory that
 * the kernel and the program share. There is no such memory: eventpoll_fops
 * has no mmap, and ep_send_events() writes each event to the caller's array
 * with epoll_put_uevent(), a copy to user space like any other. What epoll
 * saves is the other direction: the interest list is not passed in each time.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"

int main(void)
{
	int epfd, fd, n, error;
	uint32_t events;
	void *memory;

	exp_begin("epoll-shared-memory", "epoll shares memory with the kernel");
	epfd = exp_epoll();
	memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, epfd, 0);
	error = memory == MAP_FAILED ? errno : 0;
	exp_did("mmap() of the epoll descriptor");
	exp_saw("%s", error ? strerror(error) : "it works");
	exp_expect(error == ENODEV, "ENODEV: there is nothing to map");

	fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0)
		exp_die("eventfd");
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET);
	memory =
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		exp_die("mmap");
	n = epoll_wait(epfd, memory, 1, 0);
	error = errno;
	exp_did("epoll_wait() into memory that may not be written");
	exp_saw("%s", n < 0 ? strerror(error) : "it works");
	exp_expect(n < 0 && error == EFAULT, "EFAULT: the copy failed");

	events = exp_epoll_next(epfd, 0, NULL);
	exp_did("epoll_wait() into a proper array");
	exp_saw("the event is still there: %s", exp_epoll_names(events));
	exp_expect(events == EPOLLIN, "IN, once more, although ET");
	close(fd);
	close(epfd);
	return exp_end(EXP_FALSE, "epoll_wait() copies events into the "
				  "caller's array; what it saves is passing "
				  "the interest list in");
}
