/* SPDX-License-Identifier: MIT */
/*
 * loopback - packets that are under way on this machine.
 */
#ifndef JUDGE_LOOPBACK_INTERNAL_H
#define JUDGE_LOOPBACK_INTERNAL_H

/* Waits until what this process, or one that has stopped, has sent is there. */
void loopback_wait(void);

#endif
