/* SPDX-License-Identifier: MIT */
/*
 * What is told of a test that failed: the promise that was broken before all
 * else, then what was done, expected and got. Of many failures, only the first
 * ones in full.
 */
#include "print.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "promise.h"
#include "style.h"
#include "told.h"
#include "util.h"
#include "variant.h"

#define ERRORS_LINES 12 /* of what a program said on standard error */
#define FULL_MAX     3	/* failures told in full */
#define LABEL	     10 /* columns before a detail's text */

static const struct look looks[OUTCOME_COUNT] = {
	[OUTCOME_NONE] = { "not run", STYLE_DIM },
	[OUTCOME_PASS] = { "pass", STYLE_GOOD },
	[OUTCOME_FAIL] = { "FAIL", STYLE_BAD },
	[OUTCOME_TIMEOUT] = { "TIMEOUT", STYLE_BAD },
	[OUTCOME_CRASH] = { "CRASH", STYLE_BAD },
	[OUTCOME_LEAK] = { "LEAK", STYLE_BAD },
	[OUTCOME_BUILD] = { "BUILD", STYLE_BAD },
	[OUTCOME_INFRA] = { "infra", STYLE_WARN },
	[OUTCOME_SKIP] = { "skip", STYLE_WARN },
};

const struct look *print_look(enum outcome outcome)
{
	return &looks[outcome];
}

static void print_detail(FILE *f, const char *label, const char *text)
{
	if (!*text)
		return;
	fprintf(f, "    %s%-8s%s", style(STYLE_DIM), label, style(STYLE_PLAIN));
	style_text(f, LABEL + 2, LABEL + 2, text);
}

/* What was broken, in the words of the header or the handout. */
static void print_promises(FILE *f, const struct lab *lab,
			   const struct quotes *promises)
{
	for (size_t i = 0; i < promises->count; i++) {
		const char *quote = promises->all[i];
		char *place = promise_place(lab, quote);
		char *text = place ? mem_printf("\"%s\" (%s)", quote, place)
				   : mem_printf("\"%s\"", quote);

		print_detail(f, i ? "" : "promise", text);
		free(text);
		free(place);
	}
}

/*
 * The heading of the failure: which test, which promise is broken, which task,
 * where that is told. A check with a title of its own stands for the test's.
 */
static void print_head(FILE *f, const struct lab *lab, const struct result *r)
{
	char *heading = lab_task_heading(lab, r->test->task);
	const struct look *look = print_look(r->outcome);
	struct told told = told_of(lab, r);
	char *text;

	fprintf(f, "\n  %s%s %s%s", style(look->style), look->word, r->test->id,
		style(STYLE_PLAIN));
	if (told.promises.count || told.check) {
		fputc('\n', f);
		print_promises(f, lab, &told.promises);
		if (told.check)
			print_detail(f, "check", told.title);
		print_detail(f, "test", r->test->title);
	} else {
		fputs(": ", f);
		style_text(f,
			   5 + (int)(strlen(look->word) + strlen(r->test->id)),
			   4, r->test->title);
	}
	text = heading ? mem_printf("%s, in %s/README.md", heading, lab->dir)
		       : mem_printf("Task %d, in %s/README.md", r->test->task,
				    lab->dir);
	print_detail(f, "task", text);
	free(text);
	free(heading);
}

/* What a program says last is mostly why it ended. */
static const char *last_line(const char *text)
{
	const char *at = text + strlen(text);

	while (at > text && at[-1] == '\n')
		at--;
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

/* A frame of a sanitizer's stack that is not in the lab: a driver's, libc's. */
static bool is_foreign_frame(const char *line)
{
	const char *frame = line + strspn(line, " ");

	return *frame == '#' && (strstr(frame, "/tests/drivers/") ||
				 strstr(frame, " in __libc_start_") ||
				 strstr(frame, " in _start "));
}

/*
 * The end of what a program said: a line that comes again and again is there
 * once with a count, and a debug line in a loop does not fill the screen. To be
 * freed.
 */
static char *tail_of(const char *text)
{
	char *copy = mem_strdup(text), *save = NULL;
	char *lines[ERRORS_LINES] = { NULL };
	size_t times[ERRORS_LINES] = { 0 };
	char *tail = mem_strdup("");
	size_t n = 0;

	for (char *line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t last = (n + ERRORS_LINES - 1) % ERRORS_LINES;

		if (is_foreign_frame(line))
			continue;
		if (n && !strcmp(lines[last], line)) {
			times[last]++;
			continue;
		}
		lines[n % ERRORS_LINES] = line;
		times[n++ % ERRORS_LINES] = 1;
	}
	for (size_t i = n > ERRORS_LINES ? n - ERRORS_LINES : 0; i < n; i++) {
		size_t at = i % ERRORS_LINES;
		char *longer = times[at] > 1
				       ? mem_printf("%s%s  (%zu times)\n", tail,
						    lines[at], times[at])
				       : mem_printf("%s%s\n", tail, lines[at]);

		free(tail);
		tail = longer;
	}
	free(copy);
	return tail;
}

/* "with ThreadSanitizer"; valid until the next call. */
static const char *with_tool(enum variant v)
{
	static char text[96];

	snprintf(text, sizeof(text), "with %s, which is part of the grade",
		 variant_tool(v));
	return text;
}

/* A plain build does not say where it crashed. */
static void print_where(FILE *f, const struct lab *lab, const struct result *r)
{
	char *text;

	if (r->outcome != OUTCOME_CRASH || r->build != VARIANT_PLAIN)
		return;
	text = mem_printf("./course grade %s %s --build asan names the "
			  "function and the line",
			  lab_short(lab), r->test->id);
	print_detail(f, "where", text);
	free(text);
}

void print_failure(FILE *f, const struct lab *lab, const struct result *r,
		   enum detail detail)
{
	bool full = detail != DETAIL_SHORT;
	char *errors, *hint = mem_printf("./course hint %s/%s", lab_short(lab),
					 r->test->id);

	print_head(f, lab, r);
	if (variant_tool(r->build))
		print_detail(f, "built", with_tool(r->build));
	if (full)
		print_trace(f, r, detail == DETAIL_ALL);
	print_detail(f, "expect", r->expected);
	print_detail(f, "got", r->got);
	errors = detail == DETAIL_ALL ? mem_strdup(r->errors)
				      : tail_of(r->errors);
	print_detail(f, "stderr", full ? errors : last_line(errors));
	free(errors);
	print_where(f, lab, r);
	/* Not broken into lines: it is there to be copied. */
	fprintf(f, "    %sagain%s   %s\n", style(STYLE_DIM), style(STYLE_PLAIN),
		r->reproduce);
	if (outcome_is_failure(r->outcome))
		print_detail(f, "hint", hint);
	free(hint);
}

/* By module, the lowest first; then as in grading.ini. */
static int by_module(const void *a, const void *b)
{
	const struct result *const *x = a, *const *y = b;
	const struct test *s = (*x)->test, *t = (*y)->test;

	if (s->challenge != t->challenge)
		return s->challenge - t->challenge;
	if ((*x)->module != (*y)->module)
		return (*x)->module < (*y)->module ? -1 : 1;
	return s < t ? -1 : 1;
}

size_t print_failures(FILE *f, const struct lab_result *lr, enum detail detail)
{
	size_t count = lr->lab->test_count;
	const struct result **failed = mem_alloc(count * sizeof(*failed));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct result *r = &lr->results[i];

		if (r->fresh && r->outcome != OUTCOME_PASS)
			failed[n++] = r;
	}
	qsort(failed, n, sizeof(*failed), by_module);
	if (n <= FULL_MAX && detail == DETAIL_SHORT)
		detail = DETAIL_FULL;
	for (size_t i = 0; i < n; i++)
		print_failure(f, lr->lab, failed[i],
			      i < FULL_MAX ? MAX(detail, DETAIL_FULL) : detail);
	free(failed);
	return detail == DETAIL_SHORT ? n - FULL_MAX : 0;
}
