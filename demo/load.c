/* SPDX-License-Identifier: MIT */
/*
 * bot and framed-load give their figures different names, and mean the same: a
 * request that got its answer, or did not.
 */
#include "load.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/wait.h>

int load_start(struct load *l)
{
	if (child_start(&l->client, l->folder, l->name, l->argv) == -1)
		return -1;
	l->running = true;
	return 0;
}

/* The number at NAME of OBJECT; 0 if there is none. */
static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static uint64_t count(const json_t *object, const char *name)
{
	return (uint64_t)number(object, name);
}

static void count_slice(struct load *l, const json_t *report)
{
	const json_t *requests = json_object_get(report, "requests");
	const json_t *latency = json_object_get(report, "latency_us");

	if (json_is_object(requests)) {
		l->done += count(requests, "done");
		l->failed += count(requests, "failed") +
			     count(requests, "abandoned");
	} else {
		l->done += count(report, "requests");
		l->failed += count(report, "errors") + count(report, "lost") +
			     count(report, "failed_connects");
	}
	l->rate = number(report, "rate");
	l->p50_us = number(latency, "p50");
	l->p99_us = number(latency, "p99");
	if (l->p99_us > l->worst_p99_us)
		l->worst_p99_us = l->p99_us;
}

bool load_collect(struct load *l)
{
	json_t *report;

	if (!l->running)
		return true;
	if (!child_ended(&l->client))
		return false;
	l->running = false;
	l->slices++;
	report = json_load_file(l->client.out, 0, NULL);
	if (report != NULL && WIFEXITED(l->client.status))
		count_slice(l, report);
	else
		snprintf(l->trouble, sizeof(l->trouble),
			 "its client ended with status %d and no report",
			 WIFEXITED(l->client.status)
				 ? WEXITSTATUS(l->client.status)
				 : 128 + WTERMSIG(l->client.status));
	json_decref(report);
	return true;
}
