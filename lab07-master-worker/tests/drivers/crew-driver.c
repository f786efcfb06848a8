/* SPDX-License-Identifier: MIT */
/*
 * A crew with one seat, and no master: nobody waits until the seat is due, so
 * the longest delay is seen at once. See script.h for the form of it.
 *
 *	lives N		N workers, each killed as soon as it is there: for each
 *			what the delay of the seat is at least and at most, in
 *			ms, "LEAST-MOST". All of them were short lives.
 *	leaves N	The same with workers that report LEAVING, and are
 *			killed when their delay is known.
 *	renew		crew_renew(): is the seat due at once?
 *	seats		Two seats: the worker of seat 1 has a long life, and that
 *			of seat 0 a short one, which ends first. Which seat is
 *			due, and when the next one is, from now; the same when
 *			seat 1 is filled again; and when the next one is, after
 *			two more short lives in seat 0 and a first one in seat 1
 *	no-descriptors	crew_fork() when there is no descriptor left: the errno,
 *			which seat is due, and when, from now; is there a worker?
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "crew.h"
#include "script.h"
#include "util.h"

static struct crew crew;
static int64_t stopped_ms; /* what the clock says; 0: it runs */

int64_t __real_clock_ms(void);
int64_t __real_clock_ns(void);
int64_t __wrap_clock_ms(void);
int64_t __wrap_clock_ns(void);

int64_t __wrap_clock_ms(void)
{
	return stopped_ms ? stopped_ms : __real_clock_ms();
}

int64_t __wrap_clock_ns(void)
{
	return stopped_ms ? stopped_ms * 1000000 : __real_clock_ns();
}

static void bury(pid_t pid)
{
	if (!crew_reaped(&crew, pid))
		exit(2);
}

static void leave(pid_t pid)
{
	const struct channel_report report = {
		.pid = pid,
		.event = CHANNEL_LEAVING,
	};

	crew_reported(&crew, &report);
}

/*
 * A worker that is killed, or LEAVES first. Writes its delay to TEXT; false: it
 * lived too long.
 */
static bool live(char *text, bool leaves)
{
	int64_t born = clock_ms(), before, after;
	int commands;
	pid_t pid = crew_fork(&crew, 0, &commands);

	if (pid < 0)
		exit(2);
	if (pid == 0) {
		pause();
		_exit(0);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	before = clock_ms();
	(leaves ? leave : bury)(pid);
	after = clock_ms();
	sprintf(text, " %jd-%jd", (intmax_t)(crew_due_ms(&crew) - after),
		(intmax_t)(crew_due_ms(&crew) - before));
	if (leaves)
		bury(pid);
	return after - born < CREW_SHORT_MS;
}

/* Anew, should the machine have been too busy to kill one in time. */
static void lives(int n, bool leaves)
{
	char text[SCRIPT_LINE];
	bool all = false;

	while (!all) {
		size_t at = 0;

		crew_init(&crew);
		crew_renew(&crew, 1);
		all = true;
		for (int i = 0; i < n && all; i++) {
			all = live(text + at, leaves);
			at += strlen(text + at);
		}
	}
	script_say("%s", text + 1);
}

static void renew(void)
{
	int64_t now;

	crew_renew(&crew, 1);
	now = clock_ms();
	script_say("%s", crew_due(&crew, now) == 0 && crew_due_ms(&crew) <= now
				 ? "due"
				 : "not due");
}

/* A worker in SEAT, which lives until it is ended. */
static pid_t begin(size_t seat)
{
	int commands;
	pid_t pid = crew_fork(&crew, seat, &commands);

	if (pid < 0)
		exit(2);
	if (pid == 0) {
		pause();
		_exit(0);
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	bury(pid);
}

/* The clock stands still but for what is added to it here. */
static void seats(void)
{
	intmax_t first, second, third;
	int due, due_then;
	pid_t pid[2];

	stopped_ms = __real_clock_ms();
	crew_init(&crew);
	crew_renew(&crew, 2);
	pid[1] = begin(1);
	stopped_ms += 2 * CREW_SHORT_MS;
	pid[0] = begin(0);
	end(pid[0]);
	end(pid[1]);
	due = crew_due(&crew, stopped_ms);
	/* At once: a time that has come, whichever. */
	first = MAX(crew_due_ms(&crew) - stopped_ms, 0);
	pid[1] = begin(1);
	due_then = crew_due(&crew, stopped_ms);
	second = crew_due_ms(&crew) - stopped_ms;
	stopped_ms += CREW_DELAY_MS;
	for (int i = 0; i < 2; i++)
		end(begin(0));
	end(pid[1]);
	third = crew_due_ms(&crew) - stopped_ms;
	stopped_ms = 0;
	script_say("%d %jd, %d %jd, %jd", due, first, due_then, second, third);
}

static void no_descriptors(void)
{
	int commands, err;
	pid_t pid;

	stopped_ms = __real_clock_ms();
	crew_init(&crew);
	crew_renew(&crew, 1);
	script_no_descriptors(true);
	pid = crew_fork(&crew, 0, &commands);
	err = errno;
	script_no_descriptors(false);
	script_say("%s %d %jd %s", pid < 0 ? strerrorname_np(err) : "forked",
		   crew_due(&crew, stopped_ms),
		   (intmax_t)(crew_due_ms(&crew) - stopped_ms),
		   crew_empty(&crew) ? "nobody" : "a worker");
	stopped_ms = 0;
}

int main(void)
{
	struct script s;

	while (script_read(&s)) {
		if (script_is(&s, "lives"))
			lives((int)script_number(&s, 1), false);
		else if (script_is(&s, "leaves"))
			lives((int)script_number(&s, 1), true);
		else if (script_is(&s, "renew"))
			renew();
		else if (script_is(&s, "seats"))
			seats();
		else if (script_is(&s, "no-descriptors"))
			no_descriptors();
		else
			script_unknown(&s);
	}
	return 0;
}
