/* SPDX-License-Identifier: MIT */
/* Failures that are alike are one detail: a table of 20, searched in order. */
#include "stats.h"

#include <string.h>

#include "util.h"

static const char *const names[KINDS] = {
	[KIND_DNS] = "dns",
	[KIND_CONNECT_REFUSED] = "connect_refused",
	[KIND_CONNECT_TIMEOUT] = "connect_timeout",
	[KIND_CONNECT_ERROR] = "connect_error",
	[KIND_TLS_VERIFY] = "tls_verify",
	[KIND_TLS_PROTOCOL] = "tls_protocol",
	[KIND_TLS_TIMEOUT] = "tls_timeout",
	[KIND_RESET] = "reset",
	[KIND_TRUNCATED] = "truncated",
	[KIND_MALFORMED] = "malformed",
	[KIND_TOO_LARGE] = "too_large",
	[KIND_FIRST_BYTE_TIMEOUT] = "first_byte_timeout",
	[KIND_TIMEOUT] = "timeout",
	[KIND_STATUS] = "status",
	[KIND_OUTPUT] = "output",
};

const char *kind_name(enum kind kind)
{
	return names[kind];
}

void stats_init(struct stats *s)
{
	memset(s, 0, sizeof(*s));
}

void stats_done(struct stats *s, int64_t latency_ns, const struct times *times)
{
	stats_count(&s->done);
	hist_add(&s->latency, latency_ns / 1000);
	for (size_t i = 0; i < PHASES; i++)
		if (times->phase_ns[i] >= 0)
			hist_add(&s->phases[i], times->phase_ns[i] / 1000);
}

/* The entry for failures like WANTED, or NULL if the table is full. */
static struct detail *find(struct stats *s, const struct detail *wanted)
{
	struct detail *d = s->details;

	for (; d < s->details + s->ndetails; d++)
		if (d->kind == wanted->kind && d->depth == wanted->depth &&
		    !strcmp(d->reason, wanted->reason) &&
		    !strcmp(d->host, wanted->host))
			return d;
	if (s->ndetails == STATS_DETAILS_MAX)
		return NULL;
	s->ndetails++;
	*d = *wanted;
	d->count = 0;
	return d;
}

void stats_failed(struct stats *s, enum kind kind, const char *host, size_t len,
		  const char *reason, int depth)
{
	struct detail wanted = { .kind = kind,
				 .reason = reason,
				 .depth = depth };
	struct detail *d;

	stats_count(&s->failed);
	s->failures[kind]++;
	len = MIN(len, sizeof(wanted.host) - 1);
	memcpy(wanted.host, host, len);
	d = find(s, &wanted);
	if (d)
		d->count++;
}

void stats_add(struct stats *s, const struct stats *from)
{
	struct detail *d;

	s->begun += from->begun;
	s->done += from->done;
	s->failed += from->failed;
	s->retries += from->retries;
	s->abandoned += from->abandoned;
	for (size_t i = 0; i < ARRAY_LEN(s->status); i++)
		s->status[i] += from->status[i];
	for (size_t i = 0; i < KINDS; i++)
		s->failures[i] += from->failures[i];
	s->in += from->in;
	s->out += from->out;
	s->opened += from->opened;
	s->reused += from->reused;
	s->resumed += from->resumed;
	hist_merge(&s->latency, &from->latency);
	for (size_t i = 0; i < PHASES; i++)
		hist_merge(&s->phases[i], &from->phases[i]);
	for (size_t i = 0; i < from->ndetails; i++) {
		d = find(s, &from->details[i]);
		if (d)
			d->count += from->details[i].count;
	}
}
