/* SPDX-License-Identifier: MIT */
/*
 * A sentence is held if a test quotes it and a mutant proves that test: a test
 * that no wrong program fails holds to nothing.
 */
#include "promises.h"

#include <stdio.h>
#include <stdlib.h>

#include "contract.h"
#include "mem.h"
#include "mutant/mutant.h"

struct tally {
	size_t sentences;
	size_t held;
	size_t untested;
};

/* How many sentences of C are held, for the first time, by QUOTES. */
static size_t hold_all(struct contract *c, const struct quotes *quotes)
{
	size_t before = 0, after = 0;

	for (size_t i = 0; i < c->count; i++)
		before += c->all[i].held;
	for (size_t i = 0; i < quotes->count; i++)
		contract_hold(c, quotes->all[i]);
	for (size_t i = 0; i < c->count; i++)
		after += c->all[i].held;
	return after - before;
}

static void list_header(const struct lab *lab, const char *deliverable,
			struct tally *tally)
{
	struct contract c;

	contract_load(&c, lab, deliverable);
	tally->sentences += c.count;
	for (size_t i = 0; i < lab->test_count; i++)
		tally->held += hold_all(&c, &lab->tests[i].promises);
	for (size_t i = 0; i < lab->check_count; i++)
		tally->held += hold_all(&c, &lab->checks[i].promises);
	for (size_t i = 0; i < lab->untested_count; i++)
		tally->untested += hold_all(&c, &lab->untested[i].quotes);
	for (size_t i = 0; i < c.count; i++) {
		if (!c.all[i].held)
			printf("%s:%d: %s\n", c.path, c.all[i].line,
			       c.all[i].text);
	}
	contract_free(&c);
}

/* The tests whose promise no mutant breaks. */
static size_t list_unproven(const struct lab *lab)
{
	struct mutants mutants;
	size_t n = 0;

	mutants_load(&mutants, lab, NULL);
	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];

		if (!t->promises.count || mutants_prove(&mutants, t))
			continue;
		printf("%s/grading.ini:%d: [test:%s] no mutant proves its "
		       "promise\n",
		       lab->dir, t->line, t->id);
		n++;
	}
	mutants_free(&mutants);
	return n;
}

size_t promises_list(const struct lab *lab)
{
	struct tally tally = { 0 };
	size_t unproven, open;

	for (size_t i = 0; i < lab->deliverable_count; i++)
		list_header(lab, lab->deliverables[i], &tally);
	unproven = list_unproven(lab);
	open = tally.sentences - tally.held - tally.untested;
	printf("%s: %zu sentences, %zu held by a test, %zu untested with a "
	       "reason, %zu held by none; %zu tests unproven\n",
	       lab_short(lab), tally.sentences, tally.held, tally.untested,
	       open, unproven);
	return open + unproven;
}
