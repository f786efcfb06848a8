/* SPDX-License-Identifier: MIT */
/*
 * What uepoll and its files take of <sys/epoll.h>, for a C library that has no
 * epoll. The numbers are those of include/uapi/linux/eventpoll.h.
 */
#ifndef EXPLORER_SYS_EPOLL_H
#define EXPLORER_SYS_EPOLL_H

#include <stdint.h>

#define EPOLLIN	       0x001u
#define EPOLLPRI       0x002u
#define EPOLLOUT       0x004u
#define EPOLLERR       0x008u
#define EPOLLHUP       0x010u
#define EPOLLRDNORM    0x040u
#define EPOLLRDBAND    0x080u
#define EPOLLWRNORM    0x100u
#define EPOLLWRBAND    0x200u
#define EPOLLRDHUP     0x2000u
#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLWAKEUP    (1u << 29)
#define EPOLLONESHOT   (1u << 30)
#define EPOLLET	       (1u << 31)

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

struct epoll_event {
	uint32_t events;
	union {
		int fd;
		uint64_t u64;
	} data;
};

#endif
