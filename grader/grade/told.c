/* SPDX-License-Identifier: MIT */
/*
 * What every program has to do at its end is checked in many tests and is the
 * same in all of them. A test that fails by it says nothing about what the test
 * is for; so these checks have a title and hints of their own.
 */
#include "told.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "util.h"

static const struct told shared[] = {
	{
		.check = "exit",
		.title = "the program ends as it should",
		.hints = {
			"What the test is for has held until then: the program "
			"went wrong when it was to end.",
			"A program ends with status 0 when it is told to end "
			"(SIGTERM, or the end of its input), whatever it is "
			"doing then.",
			"Look at what runs between the signal or the end of "
			"input and the return from main: a loop that goes on, "
			"an error that becomes the status, a call that was "
			"interrupted.",
		},
	},
	{
		.check = "processes",
		.title = "no process is left when the program ends",
		.hints = {
			"The program has ended, and a process that it started "
			"has not.",
			"A child lives on when its parent ends: the parent "
			"must end it, and wait for it (waitpid(2)).",
			"Look at what the end of the program does about its "
			"children: does it tell every one, and wait for every "
			"one?",
		},
	},
	{
		.check = "memory",
		.title = "all memory is freed, and none is misused",
		.hints = {
			"What the test is for has held: Valgrind or a "
			"sanitizer found an error or a leak. Its report names "
			"the line.",
			"What is allocated is freed on every way out, error "
			"paths included; nothing is used after it was freed or "
			"before it was set.",
			"The first line of your own in the stack shown is "
			"where the memory was allocated, or misused.",
		},
	},
	{
		.check = "descriptors",
		.title = "every descriptor that was opened is closed",
		.hints = {
			"What the test is for has held: a descriptor was still "
			"open at the end.",
			"What is opened is closed on every way out: after an "
			"error, when the client is gone, and in a child the "
			"copies that fork(2) made.",
			"The stack shown is where it was opened. Follow that "
			"descriptor along each way out, and look for the one "
			"without close(2).",
		},
	},
};

/* Of ALL the promise that begins with WORDS; ALL if there is no such promise. */
static struct quotes narrowed(const struct quotes *all, const char *words)
{
	for (size_t i = 0; *words && i < all->count; i++) {
		if (!strncmp(all->all[i], words, strlen(words)))
			return (struct quotes){ &all->all[i], 1 };
	}
	return *all;
}

static struct told of_section(const struct test *t, const char *check,
			      const struct result *r)
{
	struct told told = {
		.check = check,
		.title = t->title,
		.promises = narrowed(&t->promises, r->broken),
	};

	for (size_t i = 0; i < LAB_HINTS; i++)
		told.hints[i] = t->hints[i];
	return told;
}

struct told told_of(const struct lab *lab, const struct result *r)
{
	const struct test *own = lab_find_check(lab, r->check);
	char word[64];

	snprintf(word, sizeof(word), " %.60s ", r->check);
	if (r->test->own_checks && strstr(r->test->own_checks, word))
		return of_section(r->test, NULL, r);
	if (own)
		return of_section(own, own->id, r);
	for (size_t i = 0; i < ARRAY_LEN(shared); i++) {
		if (!strcmp(shared[i].check, r->check))
			return shared[i];
	}
	return of_section(r->test, NULL, r);
}

void told_settle(const struct lab *lab, struct result *r)
{
	struct told told = told_of(lab, r);
	const char *promise = told.promises.count ? told.promises.all[0] : "";

	/* Words of the test may still be there when a check of its own fails. */
	if (strncmp(promise, r->broken, strlen(r->broken)) != 0 || !*r->broken)
		promise = "";
	mem_replace(&r->broken, promise);
}
