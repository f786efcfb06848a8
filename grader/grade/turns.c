/* SPDX-License-Identifier: MIT */
/*
 * Made and sorted once, and then taken from the front. What comes back goes to
 * the end, for which there is room from the beginning.
 */
#include "turns.h"

#include <stdlib.h>

#include "mem.h"

/* What both orders begin with. */
static int by_kind(const struct turn *x, const struct turn *y)
{
	const struct test *s = x->result->test, *t = y->result->test;

	if (s->alone != t->alone)
		return s->alone - t->alone;
	return (int)x->variant - (int)y->variant;
}

/* In the order of grading.ini. */
static int by_place(const struct turn *x, const struct turn *y)
{
	return x->result < y->result ? -1 : x->result > y->result;
}

static int by_length(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	int order = by_kind(x, y);

	if (!order && x->result->ms != y->result->ms)
		order = x->result->ms < y->result->ms ? -1 : 1;
	return order ?: by_place(x, y);
}

static int by_urgency(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	int order = by_kind(x, y);

	if (!order)
		order = outcome_is_failure(y->result->outcome) -
			outcome_is_failure(x->result->outcome);
	if (!order && x->result->ms != y->result->ms)
		order = x->result->ms > y->result->ms ? -1 : 1;
	return order ?: by_place(x, y);
}

/* The builds that R's test is to run on. */
static unsigned int builds_for(const struct lab *lab, const struct result *r,
			       const struct run_opts *opts)
{
	if (opts->bin)
		return VARIANT_BIT(VARIANT_PLAIN);
	return opts->builds ?: variants_of(lab, r->test);
}

unsigned int turns_make(struct turns *turns, struct lab_result *lr,
			const struct run_opts *opts)
{
	const struct lab *lab = lr->lab;
	unsigned int all = 0;

	/* Twice the room: each may come back once. */
	*turns = (struct turns){ .all = mem_alloc(2 * VARIANTS *
						  lab->test_count *
						  sizeof(*turns->all)) };
	for (size_t i = 0; i < lab->test_count; i++) {
		struct result *r = &lr->results[i];
		unsigned int builds = builds_for(lab, r, opts);

		r->fresh = false;
		if (!lab_test_is_here(lab, r->test) ||
		    !lab_test_matches(lab, r->test, opts->filter))
			continue;
		all |= builds;
		for (int v = 0; v < VARIANTS; v++)
			if (builds & VARIANT_BIT(v))
				turns->all[turns->count++] = (struct turn){
					.result = r,
					.variant = v,
				};
	}
	qsort(turns->all, turns->count, sizeof(*turns->all),
	      opts->first ? by_length : by_urgency);
	return all;
}

void turns_free(struct turns *turns)
{
	free(turns->all);
}

/* Whether an earlier turn of its test has decided that it fails. */
static bool is_decided(const struct turn *t)
{
	enum outcome outcome = t->result->outcome;

	return !t->again && t->result->fresh && outcome != OUTCOME_PASS &&
	       outcome != OUTCOME_NONE;
}

const struct turn *turns_look(struct turns *turns, size_t *left_out)
{
	while (turns->next < turns->count) {
		const struct turn *t = &turns->all[turns->next];

		if (!is_decided(t))
			return t;
		turns->next++;
		++*left_out;
	}
	return NULL;
}

struct turn turns_take(struct turns *turns)
{
	return turns->all[turns->next++];
}

void turns_again(struct turns *turns, struct turn turn)
{
	turn.again = true;
	turns->all[turns->count++] = turn;
}
