/* SPDX-License-Identifier: MIT */
/*
 * late-children - echo-server on a system where a child of fork(2) goes on only
 * once a signal has come to it: what is sent to it meets what it had of its
 * parent, handlers and all.
 */
#include <dlfcn.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Well above the time in which somebody sends it one. */
#define PATIENCE_MS 20000

/* SIGTERM waits, because it is blocked, or a handler has run. */
static void await_signal(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	sigset_t pending;

	for (int i = 0; i < PATIENCE_MS; i++) {
		sigpending(&pending);
		if (sigismember(&pending, SIGTERM) || nanosleep(&ms, NULL) < 0)
			return;
	}
}

pid_t fork(void)
{
	pid_t (*real)(void);
	pid_t pid;

	*(void **)&real = dlsym(RTLD_NEXT, "fork");
	pid = real();
	if (pid == 0)
		await_signal();
	return pid;
}
