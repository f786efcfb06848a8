/* SPDX-License-Identifier: MIT */
/*
 * The order is another in each round, from the seed: what one attack leaves
 * behind in the server meets another one each time.
 */
#include "load/hostile.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "load/wire.h"

#define CASES_MAX 64

static uint64_t state;

static uint64_t next_random(void)
{
	state = state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return state >> 33;
}

void hostile_random(void *data, size_t len)
{
	unsigned char *p = data;

	while (len--)
		*p++ = (unsigned char)next_random();
}

bool hostile_ping(struct probe *p)
{
	char sent[WIRE_HEADER], got[WIRE_HEADER];

	wire_ping(sent);
	return probe_send(p, sent, sizeof(sent)) &&
	       probe_receive(p, got, sizeof(got)) == sizeof(got) &&
	       !memcmp(sent, got, sizeof(got));
}

static void try_case(const struct options *o, struct tally *tally,
		     const struct hostile_case *c, struct probe *honest)
{
	struct tally_code *code = &tally->code[MIX_PING];
	struct probe p;
	int64_t began = clock_ns();
	const char *wrong = "refused the connection";

	code->requests++;
	if (!probe_open(&p, &o->addr))
		wrong = c->run(&p);
	probe_close(&p);
	latency_add(&tally->latency, clock_ns() - began);
	if (wrong) {
		code->errors++;
		tally_blame(tally, "%s: the server %s", c->name, wrong);
		if (!o->json)
			printf("%-40s wrong: the server %s\n", c->name, wrong);
	} else if (!o->json) {
		printf("%-40s ok\n", c->name);
	}
	if (!hostile_ping(honest)) {
		code->lost++;
		tally_blame(tally, "%s: an honest client is not answered",
			    c->name);
		probe_close(honest);
		probe_open(honest, &o->addr);
	}
}

/* All things there are to try: how many. */
static size_t collect(const struct hostile_case *cases[CASES_MAX])
{
	size_t n = 0;

	for (const struct hostile_case *c = hostile_packets; c->name; c++)
		cases[n++] = c;
	for (const struct hostile_case *c = hostile_fields; c->name; c++)
		cases[n++] = c;
	for (const struct hostile_case *c = hostile_streams; c->name; c++)
		cases[n++] = c;
	return n;
}

static void shuffle(const struct hostile_case *cases[], size_t n)
{
	for (; n > 1; n--) {
		size_t i = next_random() % n;
		const struct hostile_case *c = cases[n - 1];

		cases[n - 1] = cases[i];
		cases[i] = c;
	}
}

static void try_all(const struct options *o, struct tally *tally,
		    struct probe *honest)
{
	const struct hostile_case *cases[CASES_MAX];
	int64_t end = tally->began_ns + (int64_t)o->seconds * 1000000000;
	size_t n = collect(cases);

	for (size_t round = 0; o->seconds || round < o->requests; round++) {
		shuffle(cases, n);
		for (size_t i = 0; i < n; i++) {
			if (o->seconds && clock_ns() >= end)
				return;
			try_case(o, tally, cases[i], honest);
		}
	}
}

int hostile_run(const struct options *o, struct tally *tally)
{
	struct probe honest = { .fd = -1 };
	int result;

	state = o->seed;
	tally->began_ns = clock_ns();
	result = probe_open(&honest, &o->addr);
	if (!result)
		try_all(o, tally, &honest);
	tally->ended_ns = clock_ns();
	probe_close(&honest);
	return result;
}
