/* SPDX-License-Identifier: MIT */
/*
 * activity - what the programs of a test do at this moment. A test that has
 * waited in vain knows what did not come; this says what there was instead: a
 * loop that sleeps, a thread that waits for a lock, a program that computes.
 */
#ifndef JUDGE_ACTIVITY_INTERNAL_H
#define JUDGE_ACTIVITY_INTERNAL_H

/*
 * Adds a step to the trace for each process of the programs that run, the first
 * few of them: "httpd (process 71): 1 thread is in epoll_wait, descriptor 6; 4
 * threads are in futex (a lock, a condition, a thread's end)". Where the kernel
 * does not say which call a thread is in (/proc/PID/syscall, proc(5)), it says
 * whether it sleeps.
 */
void activity_steps(void);

#endif
