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
 */
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

static struct crew crew;

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
		else
			script_unknown(&s);
	}
	return 0;
}
