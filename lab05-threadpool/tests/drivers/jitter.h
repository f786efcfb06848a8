/* SPDX-License-Identifier: MIT */
/*
 * jitter - makes rare interleavings common. The driver is linked with --wrap,
 * so that the pool's calls of these functions come here first:
 *
 *	pthread_mutex_lock, _unlock	a pause before, or behind
 *	pthread_cond_signal, _broadcast	a pause before
 *	pthread_cond_wait, _timedwait,	a pause before, with the mutex held; or
 *	_clockwait			an end without a signal
 *
 *	pthread_create			a failure, on demand
 *	pthread_cond_timedwait,		until when it waits is written down
 *	_clockwait
 *
 * All of that may happen to any program at any time (pthread_cond_wait(3):
 * "spurious wakeups may occur"), but seldom does. At random, from a seed.
 */
#ifndef LAB05_JITTER_H
#define LAB05_JITTER_H

#include <stdint.h>

/* From now on, with this seed; 0: no more. */
void jitter_set(unsigned long seed);

/*
 * The N-th call of pthread_create() from now on fails, with EAGAIN; 0: none.
 * By the thread that makes those calls.
 */
void jitter_fail_create(unsigned long n);

/*
 * The latest time, in milliseconds of clock_ms() and rounded up, until which the
 * calling thread has waited for a condition since jitter_forget_waits(); 0 if it
 * has not. How late a wait ends is the system's to say; how late it was to end,
 * the pool's.
 */
void jitter_forget_waits(void);
int64_t jitter_latest_wait_ms(void);

#endif
