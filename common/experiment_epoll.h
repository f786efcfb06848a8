/* SPDX-License-Identifier: MIT */
/*
 * experiment_epoll - epoll(7) for experiments: one event at a time, and calls
 * that fail end the program (exp_die). Any thread.
 */
#ifndef COMMON_EXPERIMENT_EPOLL_H
#define COMMON_EXPERIMENT_EPOLL_H

#include <stdint.h>
#include <sys/epoll.h>

/* A new epoll instance; the caller closes it. */
int exp_epoll(void);

/* epoll_ctl(2) with OP, on FD, for EVENTS. The event's data is the FD. */
void exp_epoll_ctl(int epfd, int op, int fd, uint32_t events);

/* The same, but returns 0, or the errno of the failure. */
int exp_epoll_try(int epfd, int op, int fd, uint32_t events);

/*
 * Waits up to MS for one event. Returns its mask, 0 if none came; *FD, if not
 * NULL, is then the descriptor it was registered as, or -1.
 */
uint32_t exp_epoll_next(int epfd, int ms, int *fd);

/* The names in a mask, "IN|RDHUP"; a static buffer, so one at a time. */
const char *exp_epoll_names(uint32_t events);

#endif
