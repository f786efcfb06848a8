/* SPDX-License-Identifier: MIT */
/*
 * poller_select - readiness by select(2). The contract is common/poller.h's.
 *
 * An fd_set is a bitmap of FD_SETSIZE (1024) bits that the C library fixes;
 * FD_SET() with a larger number writes past its end (select(2)). So this
 * poller refuses such descriptors with ENOSPC, before the bitmap sees them.
 *
 * One wait is O(highest number watched), for the kernel and for us.
 */
#ifndef LAB03_POLLER_SELECT_H
#define LAB03_POLLER_SELECT_H

#include "poller.h"

/*
 * Level-triggered; watches descriptors below FD_SETSIZE. Never reports RDHUP,
 * nor HUP, and ERR only for a descriptor that is not open. Its name is
 * "select".
 */
extern const struct poller_ops poller_select;

#endif
