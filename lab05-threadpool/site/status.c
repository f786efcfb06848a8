/* SPDX-License-Identifier: MIT */
/*
 * Both pages are the same rows of names and numbers in other clothes. The page
 * for people asks for itself again every second, without a script.
 */
#include "status.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

static const char html_begin[] =
	"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"refresh\" content=\"1\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<link rel=\"icon\" href=\"/icon.svg\">\n"
	"<title>httpd: status</title>\n<style>\n"
	":root{color-scheme:light dark}\n"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;"
	"margin:2rem auto;padding:0 1rem;color:#1b2430;background:#f7f8fa}\n"
	"table{width:100%;border-collapse:collapse;background:#fff;"
	"border-radius:8px;box-shadow:0 1px 3px #0002}\n"
	"td{padding:.35rem .9rem;border-bottom:1px solid #eef0f3}\n"
	"td+td{text-align:right;font-variant-numeric:tabular-nums}\n"
	"tr:last-child td{border:0}a{color:#0b7a5c}\n"
	"@media(prefers-color-scheme:dark){body{background:#14181e;"
	"color:#dde3ea}table{background:#1d232b}td{border-color:#2a323c}"
	"a{color:#4fd1a5}}\n"
	"</style>\n<h1>Status</h1>\n";

struct sheet {
	FILE *out;
	bool json;
};

static void text_row(struct sheet *s, const char *name, const char *value)
{
	fprintf(s->out, s->json ? "  \"%s\": \"%s\",\n" : "<tr><td>%s<td>%s\n",
		name, value);
}

static void row(struct sheet *s, const char *name, uint64_t value)
{
	fprintf(s->out, s->json ? "  \"%s\": %ju,\n" : "<tr><td>%s<td>%ju\n",
		name, (uintmax_t)value);
}

/* A list of numbers: one for each loop, one for each thread. */
static void list_row(struct sheet *s, const char *name, size_t n,
		     uint64_t (*value)(const struct status *, size_t),
		     const struct status *status, bool last)
{
	fprintf(s->out, s->json ? "  \"%s\": [" : "<tr><td>%s<td>", name);
	for (size_t i = 0; i < n; i++)
		fprintf(s->out, "%s%ju",
			!i	  ? ""
			: s->json ? ", "
				  : " &middot; ",
			(uintmax_t)value(status, i));
	fputs(!s->json ? "\n" : last ? "]\n" : "],\n", s->out);
}

static uint64_t loop_answers(const struct status *status, size_t i)
{
	uint64_t n = 0;

	for (size_t class = 1; class < 6; class ++)
		n += counters_get(&status->counters[i]->status[class]);
	return n;
}

static uint64_t thread_tasks(const struct status *status, size_t i)
{
	return pool_thread_done(status->pool, i);
}

/* What all loops together have counted, of the counter at OFFSET. */
static uint64_t sum(const struct status *status, size_t offset)
{
	uint64_t n = 0;

	for (size_t i = 0; i < status->loops; i++)
		n += counters_get(
			(const _Atomic uint64_t
				 *)(const void *)((const char *)
							  status->counters[i] +
						  offset));
	return n;
}

#define SUM(status, field) sum(status, offsetof(struct counters, field))

static void rows(struct sheet *s, const struct status *status)
{
	static const char *const classes[] = { "1xx", "2xx", "3xx", "4xx",
					       "5xx" };
	struct pool_stats pool = { 0 };
	/* In this order: what closes meanwhile must not make it negative. */
	uint64_t closed = SUM(status, closed);
	uint64_t accepted = SUM(status, accepted);

	if (status->pool)
		pool_stats(status->pool, &pool);
	text_row(s, "model", status->model);
	row(s, "uptime_s", (clock_ms() - status->started_ms) / 1000);
	row(s, "connections", accepted - closed);
	row(s, "accepted", accepted);
	for (size_t i = 1; i < 5; i++)
		row(s, classes[i],
		    sum(status, offsetof(struct counters, status) +
					(i + 1) * sizeof(uint64_t)));
	row(s, "bytes", SUM(status, bytes));
	row(s, "queue_depth", pool.depth);
	row(s, "queue_peak", pool.peak);
	row(s, "queue_capacity", pool.capacity);
	row(s, "queue_refused", pool.refused);
	row(s, "tasks_running", pool.running);
	list_row(s, "answers_by_loop", status->loops, loop_answers, status,
		 false);
	list_row(s, "tasks_by_thread", pool.threads, thread_tasks, status,
		 true);
}

size_t status_page(const struct status *status, bool json, char **text)
{
	size_t len = 0;
	struct sheet s = { open_memstream(text, &len), json };

	if (!s.out)
		return 0;
	fputs(json ? "{\n" : html_begin, s.out);
	if (!json)
		fputs("<table>\n", s.out);
	rows(&s, status);
	fputs(json ? "}\n" : "</table>\n<p><a href=\"/\">Front page</a>\n",
	      s.out);
	if (fclose(s.out) != 0) {
		free(*text);
		*text = NULL;
		return 0;
	}
	return len;
}
