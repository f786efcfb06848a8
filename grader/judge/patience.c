/* SPDX-License-Identifier: MIT */
/*
 * What moves is seen in the process table: all that is below this process is
 * looked at, since a program may have left its work to a child. The table is
 * only read when a deadline has passed, which in a test that passes is never.
 */
#include "patience_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "process_table_internal.h"
#include "util.h"

#define SLICE_MS 500 /* between two looks */
#define MOVED_MS 10  /* of processor time in one of them: a tick */
#define LOOK_MS	 3   /* between two looks at a condition */

struct movement {
	int64_t cpu_ms; /* of all processes below this one, so far */
	bool runnable;	/* a thread of them is, or waits for a disk */
};

static struct movement look(void)
{
	struct movement m = { 0 };
	struct process *list;
	size_t n = process_table(&list);
	pid_t self = getpid();

	for (size_t i = 0; i < n; i++) {
		if (list[i].pid == self || !process_is_below(list, n, i, self))
			continue;
		m.cpu_ms += list[i].cpu_ms + list[i].waited_ms;
		m.runnable = m.runnable || process_is_runnable(&list[i]);
	}
	free(list);
	return m;
}

bool patience_left(int64_t *deadline_ms)
{
	static int64_t given_ms; /* the deadline that this wait was last given */
	static int64_t first_cpu_ms, last_cpu_ms;
	/* More for a slow tool; a test that hurries wants short deadlines only. */
	int64_t enough_ms =
		MAX(PATIENCE_CPU_MS, judge_stretched(PATIENCE_CPU_MS));
	struct movement m;
	bool moved;

	if (!*deadline_ms)
		return false;
	m = look();
	if (*deadline_ms != given_ms) {
		first_cpu_ms = last_cpu_ms = m.cpu_ms;
		moved = true; /* nothing to compare with yet */
	} else {
		moved = m.runnable || m.cpu_ms - last_cpu_ms >= MOVED_MS;
		last_cpu_ms = m.cpu_ms;
	}
	given_ms = judge_deadline_in(SLICE_MS);
	if (!moved || m.cpu_ms - first_cpu_ms >= enough_ms ||
	    given_ms <= clock_ms())
		given_ms = 0;
	*deadline_ms = given_ms;
	return true;
}

bool patience_wait_fd(int fd, short events, int64_t deadline_ms)
{
	do {
		if (judge_wait_fd(fd, events, deadline_ms))
			return true;
	} while (patience_left(&deadline_ms));
	return false;
}

int64_t judge_until_begin(const char *what)
{
	judge_step("wait until %s", what);
	return judge_deadline();
}

bool judge_until_again(int64_t *deadline_ms)
{
	int64_t pause_end = clock_ms() + LOOK_MS;

	if (clock_ms() >= *deadline_ms && !patience_left(deadline_ms))
		return false;
	while (judge_wait(-1, 0, pause_end) == WAKE_PROG)
		;
	return true;
}

void judge_until_failed(const char *what, const char *fmt, ...)
{
	char how[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(how, sizeof(how), fmt, ap);
	va_end(ap);
	judge_fail(OUTCOME_TIMEOUT, what, "%s after %s", how,
		   judge_deadline_text());
}
