/* SPDX-License-Identifier: MIT */
/*
 * Task 7, the first half. What should be (`seats`, `generation`) is written down
 * apart from what is (`workers`). Then it does not matter in which order a
 * reload, a death and a time-out come.
 *
 * A new worker inherits all that is open in the master: the other workers'
 * channels as well. As long as it holds them, those workers do not see the end
 * of the master.
 */
#include "crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

void crew_init(struct crew *c)
{
	c->count = 0;
	c->generation = 0;
	list_init(&c->workers);
}

void crew_renew(struct crew *c, size_t count)
{
	TODO(c, count);
}

int crew_due(const struct crew *c, int64_t now_ms)
{
	TODO(c, now_ms);
	return -1;
}

int64_t crew_due_ms(const struct crew *c)
{
	TODO(c);
	return INT64_MAX;
}

/* channel_open(), then fork(2): each process closes the end of the other. */
pid_t crew_fork(struct crew *c, size_t seat, int *commands)
{
	TODO(c, seat, commands);
	return -1;
}

/* A worker that is LEAVING, or of an older generation, leaves no empty seat. */
bool crew_reaped(struct crew *c, pid_t pid)
{
	TODO(c, pid);
	return false;
}

void crew_reported(struct crew *c, const struct channel_report *report)
{
	TODO(c, report);
}

void crew_tell_all(struct crew *c, enum channel_command command)
{
	TODO(c, command);
}

void crew_tell_older(struct crew *c, enum channel_command command)
{
	TODO(c, command);
}

void crew_kill(struct crew *c)
{
	TODO(c);
}

bool crew_serves(const struct crew *c)
{
	TODO(c);
	return false;
}

bool crew_empty(const struct crew *c)
{
	TODO(c);
	return true;
}
