/* SPDX-License-Identifier: MIT */
/* One function an object; jansson keeps members in the order they were set. */
#include "report.h"

#include <errno.h>
#include <jansson.h>

#include "util.h"

/* Percentiles with the names that they have. */
struct rank {
	const char *name;
	double percent;
};

static const struct rank latency_ranks[] = {
	{ "p50", 50 },	   { "p90", 90 },  { "p99", 99 },
	{ "p99.9", 99.9 }, { "max", 100 },
};

static const struct rank phase_ranks[] = {
	{ "p50", 50 },
	{ "p90", 90 },
	{ "p99", 99 },
	{ "max", 100 },
};

static json_t *percentiles(const struct hist *h, const struct rank *ranks,
			   size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(object, ranks[i].name,
				    h->count ? json_integer(hist_percentile(
						       h, ranks[i].percent))
					     : json_null());
	return object;
}

static json_t *status(const struct stats *s)
{
	json_t *object = json_object();
	char name[] = "1xx";

	for (size_t i = 1; i < ARRAY_LEN(s->status); i++) {
		name[0] = '0' + i;
		json_object_set_new(object, name, json_integer(s->status[i]));
	}
	return object;
}

static json_t *failures(const struct stats *s)
{
	json_t *object = json_object();

	for (size_t i = 0; i < KINDS; i++)
		if (s->failures[i])
			json_object_set_new(object, kind_name(i),
					    json_integer(s->failures[i]));
	return object;
}

static json_t *phases(const struct stats *s)
{
	static const char *const names[PHASES] = { "dns", "connect", "tls",
						   "first_byte", "body" };
	json_t *object = json_object();

	for (size_t i = 0; i < PHASES; i++)
		json_object_set_new(object, names[i],
				    percentiles(&s->phases[i], phase_ranks,
						ARRAY_LEN(phase_ranks)));
	return object;
}

static json_t *details(const struct stats *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->ndetails; i++) {
		const struct detail *d = &s->details[i];

		json_array_append_new(
			array, json_pack("{s:s, s:s, s:s, s:o, s:I}", "kind",
					 kind_name(d->kind), "host", d->host,
					 "reason", d->reason, "depth",
					 d->depth >= 0 ? json_integer(d->depth)
						       : json_null(),
					 "count", (json_int_t)d->count));
	}
	return array;
}

static json_t *whole(const struct report *r)
{
	const struct stats *s = r->total;

	return json_pack(
		"{s:{s:I, s:I, s:I, s:I, s:I}, s:o, s:o, s:{s:I, s:I},"
		" s:f, s:f, s:o, s:o, s:{s:I, s:I, s:I}, s:o}",
		"requests", "done", (json_int_t)s->done, "failed",
		(json_int_t)s->failed, "retries", (json_int_t)s->retries,
		"abandoned", (json_int_t)s->abandoned, "unsent",
		(json_int_t)r->unsent, "status", status(s), "failures",
		failures(s), "bytes", "in", (json_int_t)s->in, "out",
		(json_int_t)s->out, "seconds", r->seconds, "rate",
		r->seconds > 0 ? s->done / r->seconds : 0.0, "latency_us",
		percentiles(&s->latency, latency_ranks,
			    ARRAY_LEN(latency_ranks)),
		"phases_us", phases(s), "connections", "opened",
		(json_int_t)s->opened, "reused", (json_int_t)s->reused,
		"resumed", (json_int_t)s->resumed, "details", details(s));
}

int report_json(const struct report *r, FILE *out)
{
	json_t *object = whole(r);
	int result;

	errno = ENOMEM;
	result = object ? json_dumpf(object, out, JSON_COMPACT) : -1;
	json_decref(object);
	if (result < 0 || fputc('\n', out) == EOF || fflush(out) == EOF)
		return -1;
	return 0;
}
