/* SPDX-License-Identifier: MIT */
/*
 * poller_epoll - readiness by epoll(7), level- or edge-triggered. The contract
 * is common/poller.h's.
 *
 * The kernel keeps the set of watched descriptors, and a list of those that
 * became ready: a change is one system call, and a wait costs what is ready,
 * not what is watched (fs/eventpoll.c; inside/INSIDE.md tells it).
 *
 * Beyond what poller.h says:
 *
 *   - add, mod and del are one call of epoll_ctl(2) each, wait is one of
 *     epoll_wait(2), and nothing else is asked of the kernel.
 *   - One wait reports all that are ready, as far as MAX allows; if that is
 *     more than the poller has room for, 64 of them at least.
 *   - wait never fails with ENOMEM: what it needs, create() has taken.
 *   - Of a descriptor that is not open, add, mod and del say EBADF.
 */
#ifndef LAB04_POLLER_EPOLL_H
#define LAB04_POLLER_EPOLL_H

#include "poller.h"

/*
 * Level- and edge-triggered: "epoll-lt", and "epoll-et" with POLLER_EDGE among
 * its flags.
 */
extern const struct poller_ops poller_epoll_lt;
extern const struct poller_ops poller_epoll_et;

#endif
