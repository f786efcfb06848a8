/* SPDX-License-Identifier: MIT */
/*
 * Made and sorted once, and then taken from the front. What comes back goes to
 * the end, for which there is room from the beginning.
 */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static int by_alone(const struct turn *x, const struct turn *y)
{
	return x->result->test->alone - y->result->test->alone;
}

static int by_build(const struct turn *x, const struct turn *y)
{
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
	int order = by_alone(x, y) ?: by_build(x, y);

	if (!order && x->result->ms != y->result->ms)
		order = x->result->ms < y->result->ms ? -1 : 1;
	return order ?: by_place(x, y);
}

static int by_urgency(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	int order = by_alone(x, y);

	if (!order)
		order = outcome_is_failure(y->result->outcome) -
			outcome_is_failure(x->result->outcome);
	if (!order && x->left_ms != y->left_ms)
		order = x->left_ms > y->left_ms ? -1 : 1;
	return order ?: by_build(x, y) ?: by_place(x, y);
}

/* The builds that R's test is to run on. */
static unsigned int builds_for(const struct lab *lab, const struct result *r,
			       const struct run_opts *opts)
{
	if (opts->bin)
		return VARIANT_BIT(VARIANT_PLAIN);
	return opts->builds ?: variants_of(lab, r->test);
}

/* A turn for each of BUILDS: the time of the test is that of all of them. */
static void add(struct turns *turns, struct result *r, unsigned int builds)
{
	int left = __builtin_popcount(builds), all = left;

	for (int v = 0; v < VARIANTS; v++)
		if (builds & VARIANT_BIT(v))
			turns->all[turns->count++] = (struct turn){
				.result = r,
				.variant = v,
				.left_ms = r->ms * left-- / all,
			};
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
		add(turns, r, builds);
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

/* Puts turn I in front; those before it keep their order behind it. */
static void prefer(struct turns *turns, size_t i)
{
	struct turn *front = &turns->all[turns->next], turn = turns->all[i];

	memmove(front + 1, front, (i - turns->next) * sizeof(*front));
	*front = turn;
}

const struct turn *turns_look(struct turns *turns, size_t *left_out,
			      bool (*busy)(const void *arg,
					   const struct result *result),
			      const void *arg)
{
	const struct turn *all = turns->all;
	size_t i;

	while (turns->next < turns->count && is_decided(&all[turns->next])) {
		turns->next++;
		++*left_out;
	}
	if (turns->next == turns->count)
		return NULL;
	for (i = turns->next; i < turns->count; i++)
		if (!busy(arg, all[i].result) && !is_decided(&all[i]))
			break;
	/* What is alone does not come before others. */
	if (i < turns->count && !by_alone(&all[turns->next], &all[i]))
		prefer(turns, i);
	return &all[turns->next];
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
