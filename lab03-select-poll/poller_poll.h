/* SPDX-License-Identifier: MIT */
/*
 * poller_poll - readiness by poll(2). The contract is common/poller.h's.
 *
 * The descriptors lie side by side in an array of struct pollfd, in any order;
 * a table from the descriptor's number to its place makes add, mod and del
 * O(1). One wait is O(watched): the kernel is handed the whole array and looks
 * at each of it, and so does the poller afterwards.
 */
#ifndef LAB03_POLLER_POLL_H
#define LAB03_POLLER_POLL_H

#include "poller.h"

/* Level-triggered; takes any descriptor number. Its name is "poll". */
extern const struct poller_ops poller_poll;

#endif
