/* SPDX-License-Identifier: MIT */
/*
 * All that is printed is a number, a word of ours, or a host that url_parse()
 * took: nothing that a server sends can reach the terminal.
 */
#include "report.h"

#include <inttypes.h>

#include "util.h"

#define BAR_MAX 40

/* A duration in the unit that fits it. */
static void print_time(FILE *out, int64_t us)
{
	if (us < 0)
		fprintf(out, " %9s", "-");
	else if (us < 10000)
		fprintf(out, " %6" PRId64 " us", us);
	else if (us < 10000000)
		fprintf(out, " %6.1f ms", us / 1e3);
	else
		fprintf(out, " %6.1f s ", us / 1e6);
}

static void print_ranks(FILE *out, const char *name, const struct hist *h)
{
	static const double ranks[] = { 50, 90, 99, 99.9, 100 };

	if (!h->count)
		return;
	fprintf(out, "%-12s", name);
	for (size_t i = 0; i < ARRAY_LEN(ranks); i++)
		print_time(out, hist_percentile(h, ranks[i]));
	fputc('\n', out);
}

static void print_times(const struct stats *s, FILE *out)
{
	static const char *const names[PHASES] = { "dns", "connect", "tls",
						   "first byte", "body" };

	if (!s->latency.count)
		return;
	fprintf(out, "%-12s %9s %9s %9s %9s %9s\n", "", "p50", "p90", "p99",
		"p99.9", "max");
	print_ranks(out, "latency", &s->latency);
	for (size_t i = 0; i < PHASES; i++)
		print_ranks(out, names[i], &s->phases[i]);
}

/* Latency by powers of two. */
static void print_histogram(const struct hist *h, FILE *out)
{
	uint64_t most = 0, n;
	int64_t low = 0;

	for (int64_t high = 64; low <= h->max; low = high, high *= 2)
		most = MAX(most, hist_between(h, low, high));
	low = 0;
	for (int64_t high = 64; most && low <= h->max; low = high, high *= 2) {
		n = hist_between(h, low, high);
		if (!n)
			continue;
		fputs("  up to ", out);
		print_time(out, high);
		fprintf(out, " %10" PRIu64 " %.*s\n", n,
			(int)(n * BAR_MAX / most),
			"########################################");
	}
}

static void print_failures(const struct stats *s, FILE *out)
{
	for (size_t i = 0; i < KINDS; i++)
		if (s->failures[i])
			fprintf(out, "  %-19s %10" PRIu64 "\n", kind_name(i),
				s->failures[i]);
	for (size_t i = 0; i < s->ndetails; i++) {
		const struct detail *d = &s->details[i];

		fprintf(out, "  %s: %s, %s", d->host, kind_name(d->kind),
			d->reason);
		if (d->depth >= 0)
			fprintf(out, ", certificate at depth %d", d->depth);
		fprintf(out, " (%" PRIu64 ")\n", d->count);
	}
}

int report_text(const struct report *r, FILE *out)
{
	const struct stats *s = r->total;

	fprintf(out, "requests     %" PRIu64 " done, %" PRIu64 " failed",
		s->done, s->failed);
	fprintf(out,
		", %" PRIu64 " retries, %" PRIu64 " abandoned, %" PRIu64
		" unsent\n",
		s->retries, s->abandoned, r->unsent);
	fprintf(out, "time         %.3f s, %.1f done a second\n", r->seconds,
		r->seconds > 0 ? s->done / r->seconds : 0.0);
	fputs("status      ", out);
	for (size_t i = 1; i < ARRAY_LEN(s->status); i++)
		fprintf(out, " %zuxx %" PRIu64 "%s", i, s->status[i],
			i < ARRAY_LEN(s->status) - 1 ? "," : "\n");
	fprintf(out,
		"connections  %" PRIu64 " opened, %" PRIu64 " reused, %" PRIu64
		" resumed\n",
		s->opened, s->reused, s->resumed);
	fprintf(out, "bytes        %" PRIu64 " in, %" PRIu64 " out\n", s->in,
		s->out);
	if (s->failed)
		fputs("failures\n", out);
	print_failures(s, out);
	print_times(s, out);
	print_histogram(&s->latency, out);
	return ferror(out) || fflush(out) == EOF ? -1 : 0;
}

void progress_show(FILE *terminal, const struct progress *p)
{
	fprintf(terminal,
		"\r%" PRIu64 " done, %" PRIu64 " in flight, %" PRIu64 " failed,"
		" %.0f a "
		"second",
		p->done, p->in_flight, p->failed, p->rate);
	if (p->left_s >= 0)
		fprintf(terminal, ", %.0f s left", p->left_s);
	fputs("\033[K", terminal);
	fflush(terminal);
}

void progress_end(FILE *terminal)
{
	fputs("\r\033[K", terminal);
	fflush(terminal);
}
