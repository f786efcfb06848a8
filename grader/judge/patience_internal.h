/* SPDX-License-Identifier: MIT */
/*
 * patience - waiting by progress. A deadline is for programs that do nothing:
 * as long as one of them computes, or waits for a processor that others have,
 * the test goes on waiting.
 *
 *	waiting ──deadline──► does a program move? ──no──► given up
 *	                        │          ▲
 *	                       yes ──0.5 s─┘  at most PATIENCE_CPU_MS of its time
 *
 * So a machine that is busy costs time and no points, a program that sleeps
 * costs the deadline, and one that spins a little more than that.
 */
#ifndef JUDGE_PATIENCE_INTERNAL_H
#define JUDGE_PATIENCE_INTERNAL_H

#include "wait_internal.h"

/* The processor time that programs get beyond a deadline; times the slack above 1. */
#define PATIENCE_CPU_MS 5000

/*
 * Whether to wait on although *DEADLINE_MS has passed; it is set to a later
 * one then. When nothing moves, when what moves has had its time, or at the end
 * of the test it is set to 0, for one last look: this process may have been off
 * the processor since it looked before, and what it waits for may be there. With
 * 0 the answer is false.
 */
bool patience_left(int64_t *deadline_ms);

/* As judge_wait_fd(), with patience. */
bool patience_wait_fd(int fd, short events, int64_t deadline_ms);

#endif
