/* SPDX-License-Identifier: MIT */
/*
 * system_calls - how many system calls a process makes, all of them: counted by
 * the kernel, as a library preloaded sees none that is inline (liburing's).
 */
#ifndef BENCH_SYSTEM_CALLS_H
#define BENCH_SYSTEM_CALLS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Begins to count those of PID's first thread: the tracepoint
 * raw_syscalls:sys_enter of perf_event_open(2), which takes root. Returns a
 * descriptor for system_calls_read(), or -1 if they cannot be counted here.
 */
int system_calls_open(pid_t pid);

/* So many since then; 0 if COUNTER is -1. */
uint64_t system_calls_read(int counter);

#endif
