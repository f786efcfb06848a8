/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML, as CI systems read it. It knows no points: they are properties of
 * the suite, and of each test.
 */
#include "format.h"
#include "public.h"

#define SECONDS(MS) ((MS) / 1000.0)

/* Text and attributes; public_text() has taken out what XML 1.0 forbids. */
static void put(FILE *f, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			fputc(*s, f);
		}
	}
}

static void put_property(FILE *f, const char *name, int value)
{
	fprintf(f, "<property name=\"%s\" value=\"%d\"/>\n", name, value);
}

static void put_end(FILE *f, const struct public_test *t)
{
	enum outcome outcome = t->result->outcome;

	if (outcome == OUTCOME_SKIP || outcome == OUTCOME_NONE) {
		fputs("<skipped/>\n", f);
	} else if (outcome != OUTCOME_PASS) {
		const char *tag = outcome == OUTCOME_INFRA ? "error"
							   : "failure";

		fprintf(f, "<%s type=\"%s\" message=\"", tag,
			outcome_name(outcome));
		put(f, t->title);
		fputs("\">", f);
		put(f, t->message);
		fprintf(f, "</%s>\n", tag);
	}
}

static void put_test(FILE *f, const struct lab *lab,
		     const struct public_test *t)
{
	fprintf(f, "<testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">\n",
		lab->dir, t->name, SECONDS(t->result->ms));
	fputs("<properties>\n", f);
	put_property(f, "points", t->result->points);
	put_property(f, "max_points", t->result->test->points);
	fputs("</properties>\n", f);
	put_end(f, t);
	fputs("</testcase>\n", f);
}

static size_t count_of(const struct public_test *tests, size_t count,
		       enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += tests[i].result->outcome == outcome;
	return n;
}

static void put_lab(FILE *f, const struct lab_result *lr)
{
	struct score s = lab_result_score(lr);
	size_t count;
	struct public_test *tests = public_tests(lr, &count);

	fprintf(f,
		"<testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" "
		"errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
		lr->lab->dir, count, s.failed,
		count_of(tests, count, OUTCOME_INFRA),
		count_of(tests, count, OUTCOME_SKIP) + s.missing,
		SECONDS(lr->ms));
	fputs("<properties>\n", f);
	put_property(f, "points", s.points);
	put_property(f, "max_points", s.max);
	put_property(f, "challenge_points", s.challenge);
	put_property(f, "max_challenge_points", s.challenge_max);
	fputs("</properties>\n", f);
	for (size_t i = 0; i < count; i++)
		put_test(f, lr->lab, &tests[i]);
	fputs("</testsuite>\n", f);
	public_free(tests, count);
}

static int print_junit(FILE *f, const struct lab_result *results, size_t count)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", f);
	for (size_t i = 0; i < count; i++)
		put_lab(f, &results[i]);
	fputs("</testsuites>\n", f);
	return fflush(f) ? -1 : 0;
}

FORMAT("junit", "xml", false, print_junit);
