/* SPDX-License-Identifier: MIT */
/*
 * What should be is written down in `seats` and in `generation`; what is, in the
 * list of workers. Nothing else is remembered, so nothing depends on the order
 * in which a reload, a death and a time-out happen to come.
 *
 * A child of fork(2) has a copy of every descriptor, the writing ends of all
 * channels among them. As long as any copy is open, the reading end does not see
 * the end of file: the first thing a worker does is to close them.
 */
#include "crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

static struct crew_worker *of_link(const struct list *link)
{
	return CONTAINER_OF(link, struct crew_worker, link);
}

static struct crew_worker *find(struct crew *c, pid_t pid)
{
	for (struct list *l = c->workers.next; l != &c->workers; l = l->next)
		if (of_link(l)->pid == pid)
			return of_link(l);
	return NULL;
}

void crew_init(struct crew *c)
{
	c->count = 0;
	c->generation = 0;
	list_init(&c->workers);
}

/* ---- seats ---- */

static void vacate(struct crew_seat *seat, int64_t delay_ms)
{
	seat->empty = true;
	seat->delay_ms = delay_ms;
	seat->due_ms = clock_ms() + delay_ms;
}

/* Its worker has ended, or will, after a life of LIVED_MS. */
static void vacate_after(struct crew_seat *seat, int64_t lived_ms)
{
	int64_t delay = 0;

	if (lived_ms < CREW_SHORT_MS)
		delay = MAX(2 * seat->delay_ms, CREW_DELAY_MS);
	vacate(seat, MIN(delay, CREW_DELAY_MAX_MS));
}

void crew_renew(struct crew *c, size_t count)
{
	c->generation++;
	c->count = count;
	for (size_t i = 0; i < count; i++)
		vacate(&c->seats[i], 0);
}

int crew_due(const struct crew *c, int64_t now_ms)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->seats[i].empty && c->seats[i].due_ms <= now_ms)
			return (int)i;
	return -1;
}

int64_t crew_due_ms(const struct crew *c)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < c->count; i++)
		if (c->seats[i].empty)
			due = MIN(due, c->seats[i].due_ms);
	return due;
}

/* ---- workers ---- */

static void forget(struct crew_worker *w)
{
	list_remove(&w->link);
	close(w->commands);
	free(w);
}

/* A worker without a process: the reading end of its channel is *COMMANDS. */
static struct crew_worker *create(const struct crew *c, size_t seat,
				  int *commands)
{
	struct crew_worker *w = calloc(1, sizeof(*w));
	int ends[2];

	if (!w)
		return NULL;
	if (channel_open(ends) < 0) {
		free(w);
		return NULL;
	}
	list_init(&w->link);
	*commands = ends[0];
	w->commands = ends[1];
	w->seat = seat;
	w->generation = c->generation;
	w->state = CREW_STARTING;
	w->born_ms = clock_ms();
	return w;
}

/* In the new process. */
static void forget_all(struct crew *c)
{
	while (!crew_empty(c))
		forget(of_link(c->workers.next));
}

pid_t crew_fork(struct crew *c, size_t seat, int *commands)
{
	struct crew_worker *w = create(c, seat, commands);
	int err;

	if (!w) {
		vacate_after(&c->seats[seat], 0);
		return -1;
	}
	list_append(&c->workers, &w->link);
	w->pid = fork();
	if (w->pid == 0) {
		forget_all(c);
		return 0;
	}
	err = errno;
	close(*commands);
	c->seats[seat].empty = false;
	if (w->pid > 0)
		return w->pid;
	forget(w);
	vacate_after(&c->seats[seat], 0);
	errno = err;
	return -1;
}

static void give_up_seat(struct crew *c, const struct crew_worker *w)
{
	if (w->state != CREW_LEAVING && w->generation == c->generation)
		vacate_after(&c->seats[w->seat], clock_ms() - w->born_ms);
}

bool crew_reaped(struct crew *c, pid_t pid)
{
	struct crew_worker *w = find(c, pid);

	if (!w)
		return false;
	give_up_seat(c, w);
	forget(w);
	return true;
}

void crew_reported(struct crew *c, const struct channel_report *report)
{
	struct crew_worker *w = find(c, report->pid);

	if (!w || w->state == CREW_LEAVING)
		return;
	if (report->event == CHANNEL_READY) {
		w->state = CREW_SERVING;
		return;
	}
	give_up_seat(c, w);
	w->state = CREW_LEAVING;
}

static void tell(struct crew_worker *w, enum channel_command command)
{
	/* One that cannot be told has ended, and will be reaped. */
	channel_send(w->commands, command);
	if (command != CHANNEL_REOPEN)
		w->state = CREW_LEAVING;
}

void crew_tell_all(struct crew *c, enum channel_command command)
{
	for (struct list *l = c->workers.next; l != &c->workers; l = l->next)
		tell(of_link(l), command);
}

void crew_tell_older(struct crew *c, enum channel_command command)
{
	for (struct list *l = c->workers.next; l != &c->workers; l = l->next) {
		struct crew_worker *w = of_link(l);

		if (w->generation != c->generation && w->state != CREW_LEAVING)
			tell(w, command);
	}
}

void crew_kill(struct crew *c)
{
	for (struct list *l = c->workers.next; l != &c->workers; l = l->next)
		kill(of_link(l)->pid, SIGKILL);
}

bool crew_serves(const struct crew *c)
{
	const struct list *l;
	size_t serving = 0;

	for (l = c->workers.next; l != &c->workers; l = l->next)
		if (of_link(l)->generation == c->generation &&
		    of_link(l)->state == CREW_SERVING)
			serving++;
	return serving == c->count;
}

bool crew_empty(const struct crew *c)
{
	return list_empty(&c->workers);
}
