/* SPDX-License-Identifier: MIT */
/*
 * jump.so - preloaded (ld.so(8)), it makes the clocks of a program jump.
 *
 *	JUMP=real	each look at the time of day is a year behind or ahead of
 *			the one before: somebody sets the clock, again and again
 *	JUMP=mono	the monotonic clock goes 100 s ahead at its 50th look: a
 *			machine that slept; and never goes back
 *
 * Only looks through libc are changed: what the kernel itself counts (time-outs
 * that were begun, timers) goes on as it was.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define YEAR   (365 * 24 * 3600)
#define LOOKS  50
#define ASLEEP 100

typedef int clock_fn(clockid_t clock, struct timespec *ts);

static _Atomic unsigned int looks;

static int is(const char *mode)
{
	const char *jump = getenv("JUMP");

	return jump != NULL && strcmp(jump, mode) == 0;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	static clock_fn *real;
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	result = real(clock, ts);
	if (result != 0)
		return result;
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
		if (is("real"))
			ts->tv_sec += looks++ % 2 ? YEAR : -YEAR;
	} else if (is("mono") && looks++ >= LOOKS) {
		ts->tv_sec += ASLEEP;
	}
	return 0;
}

time_t time(time_t *out)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (out != NULL)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}
