/* SPDX-License-Identifier: MIT */
/*
 * The figures are sums over the codes; nothing is counted twice. The JSON holds
 * only numbers and fixed names, so printf(3) is enough to write it.
 */
#include "load/tally.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "util.h"

static const struct {
	int number;
	const char *name;
} codes[MIX_KINDS] = {
	[MIX_PING] = { 0, "ping" },
	[MIX_REGISTER] = { 5, "register" },
	[MIX_LOGIN] = { 6, "login" },
};

static const struct {
	const char *name;
	double percent;
} marks[] = {
	{ "p50", 50 },	   { "p90", 90 },  { "p99", 99 },
	{ "p99.9", 99.9 }, { "max", 100 },
};

void tally_blame(struct tally *t, const char *fmt, ...)
{
	va_list args;

	if (t->first_error[0])
		return;
	va_start(args, fmt);
	vsnprintf(t->first_error, sizeof(t->first_error), fmt, args);
	va_end(args);
}

static struct tally_code sum_of(const struct tally *t)
{
	struct tally_code sum = { 0 };

	for (int i = 0; i < MIX_KINDS; i++) {
		sum.requests += t->code[i].requests;
		sum.errors += t->code[i].errors;
		sum.lost += t->code[i].lost;
	}
	sum.errors += t->failed_connects;
	return sum;
}

int tally_all_right(const struct tally *t)
{
	struct tally_code sum = sum_of(t);

	return !sum.errors && !sum.lost;
}

static double seconds_of(const struct tally *t)
{
	return (double)MAX(t->ended_ns - t->began_ns, 1) / 1e9;
}

static void print_json_code(const struct tally_code *c, int i)
{
	printf("%s\"%d\": {\"name\": \"%s\", \"requests\": %" PRIu64
	       ", \"errors\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"results\": "
	       "{",
	       i ? ", " : "", codes[i].number, codes[i].name, c->requests,
	       c->errors, c->lost);
	for (int r = 0; r < TALLY_RESULTS; r++)
		printf("%s\"%d\": %" PRIu64, r ? ", " : "", r, c->results[r]);
	printf("}}");
}

static void print_json(const struct tally *t, const struct options *o)
{
	struct tally_code sum = sum_of(t);

	printf("{\"requests\": %" PRIu64 ", \"errors\": %" PRIu64
	       ", \"lost\": %" PRIu64 ", \"seconds\": %.6f, \"rate\": %.1f",
	       sum.requests, sum.errors, sum.lost, seconds_of(t),
	       (double)(sum.requests - sum.lost) / seconds_of(t));
	printf(", \"latency_us\": {");
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		printf("%s\"%s\": %.1f", i ? ", " : "", marks[i].name,
		       latency_us(&t->latency, marks[i].percent));
	printf("}, \"by_code\": {");
	for (int i = 0; i < MIX_KINDS; i++)
		print_json_code(&t->code[i], i);
	printf("}, \"failed_connects\": %" PRIu64 ", \"seed\": %" PRIu64 "}\n",
	       t->failed_connects, o->seed);
}

static void print_text(const struct tally *t, const struct options *o)
{
	struct tally_code sum = sum_of(t);

	if (o->hostile)
		printf("%" PRIu64 " malformed things in %.2f s\n", sum.requests,
		       seconds_of(t));
	else
		printf("%" PRIu64 " requests in %.2f s over %zu connections, "
		       "%zu in flight on each: %.0f a second\n",
		       sum.requests, seconds_of(t), o->connections, o->pipeline,
		       (double)(sum.requests - sum.lost) / seconds_of(t));
	printf("%" PRIu64 " errors, %" PRIu64 " lost (seed %" PRIu64 ")\n",
	       sum.errors, sum.lost, o->seed);
	if (o->hostile)
		return;
	printf("latency in us:");
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		printf("  %s %.0f", marks[i].name,
		       latency_us(&t->latency, marks[i].percent));
	printf("\n");
	for (int i = 0; i < MIX_KINDS; i++) {
		const struct tally_code *c = &t->code[i];

		if (!c->requests)
			continue;
		printf("%-8s  %" PRIu64 " requests, results", codes[i].name,
		       c->requests);
		for (int r = 0; r < TALLY_RESULTS; r++)
			if (c->results[r])
				printf("  %d: %" PRIu64, r, c->results[r]);
		printf("\n");
	}
}

void tally_print(const struct tally *t, const struct options *o)
{
	if (o->json)
		print_json(t, o);
	else
		print_text(t, o);
	if (t->first_error[0])
		fprintf(stderr, "framed-load: %s\n", t->first_error);
}
