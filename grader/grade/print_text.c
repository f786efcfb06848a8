/* SPDX-License-Identifier: MIT */
/*
 * The terminal's view. A first run of an untouched starter fails nearly every
 * test; twenty traces would hide the one to begin with. So the first failures
 * are told in full, the rest without their steps.
 */
#include "print.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "mem.h"
#include "state.h"
#include "style.h"
#include "util.h"
#include "variant.h"

/* "1 point", "12 points"; valid until the next call but three. */
static const char *print_points(int points)
{
	static char texts[4][24];
	static unsigned int next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), "%d point%s", points,
		 points == 1 ? "" : "s");
	return text;
}

static int id_width(const struct lab *lab)
{
	int width = 0;

	for (size_t i = 0; i < lab->test_count; i++)
		width = MAX(width, (int)strlen(lab->tests[i].id));
	return width;
}

static void print_line(FILE *f, const struct lab *lab, const struct result *r)
{
	const struct look *look = print_look(r->outcome);

	fprintf(f, "  %s%-7s%s  %2d/%-2d  %-*s  ", style(look->style),
		look->word, style(STYLE_PLAIN), r->points, r->test->points,
		id_width(lab), r->test->id);
	fprintf(f, "%stask %-2d %6.1f s%s\n", style(STYLE_DIM), r->test->task,
		r->ms / 1000.0, style(STYLE_PLAIN));
}

bool claims_stale(const struct lab_result *lr)
{
	struct score score = lab_result_score(lr);

	/* Where nothing was earned, nothing is claimed that may not hold. */
	return score.stale && score.points > 0;
}

void print_stale(FILE *f, const struct lab_result *lr)
{
	size_t stale = lab_result_score(lr).stale;

	if (claims_stale(lr))
		fprintf(f,
			"  %s: %zu result%s of older code: ./course grade %s\n",
			lab_short(lr->lab), stale, stale == 1 ? " is" : "s are",
			lab_short(lr->lab));
}

static void print_score(FILE *f, const struct lab_result *lr)
{
	struct score s = lab_result_score(lr);

	fprintf(f, "\n  %s%s: %d of %d%s   ", style(STYLE_BOLD),
		lab_short(lr->lab), s.points, s.max, style(STYLE_PLAIN));
	style_bar(f, s.points, s.max, 30);
	if (s.challenge_max)
		fprintf(f, "   challenge: %d of %d", s.challenge,
			s.challenge_max);
	fprintf(f, "   %.1f s\n", lr->ms / 1000.0);
	if (s.unjudged)
		fprintf(f,
			"  %s could not be judged: the grader failed, not "
			"you. Nothing is lost; grade again.\n",
			print_points(s.unjudged));
	for (size_t i = 0; s.unjudged && i < lr->lab->test_count; i++)
		if (lr->results[i].outcome == OUTCOME_INFRA &&
		    lr->results[i].attempts == 2)
			fprintf(f, "  infra twice: %s\n",
				lr->results[i].test->id);
	if (s.skipped)
		fprintf(f,
			"  %s skipped: this machine does not allow what the "
			"tests need. Nothing is lost.\n",
			print_points(s.skipped));
	if (s.missing)
		fprintf(f, "  %zu of %zu tests have not been run yet.\n",
			s.missing, s.tests);
	print_stale(f, lr);
}

/* Points that a workspace cannot give. */
static void print_hidden(FILE *f, const struct lab *lab)
{
	int points = 0;
	bool challenge = true;

	for (size_t i = 0; i < lab->test_count; i++) {
		if (lab_test_is_here(lab, &lab->tests[i]))
			continue;
		points += lab->tests[i].points;
		challenge &= lab->tests[i].challenge;
	}
	if (points)
		fprintf(f,
			"  Hidden tests, which no workspace has, give %s%s.\n",
			print_points(points), challenge ? " on top" : " more");
}

/*
 * What is known of an earlier lab, unless it is done. SOLVES: the workspace
 * knows where the references are.
 */
static void print_use(FILE *f, const struct lab_result *other, bool solves)
{
	const char *name = lab_short(other->lab);
	struct score s = lab_result_score(other);

	if (s.points >= s.max)
		return;
	fprintf(f, "  Note: this lab runs on your %s, which ", name);
	if (s.missing == s.tests)
		fprintf(f,
			"has not been graded yet.\n"
			"        ./course grade %s tells what it is worth.\n",
			name);
	else if (s.stale)
		fprintf(f,
			"has changed since it was graded\n"
			"        (%d of %d points). ./course grade %s tells "
			"what it is worth now.\n",
			s.points, s.max, name);
	else
		fprintf(f, "has %d of %d points so far.\n", s.points, s.max);
	if (solves)
		fprintf(f,
			"        ./course solve %s would put the course's own "
			"modules there.\n",
			name);
}

/* Earlier labs whose modules this one stands on. */
static void print_uses(FILE *f, const struct lab_result *lr)
{
	char *workspace = mem_printf("%s/.readylist", lr->lab->root);
	char *origin = mem_printf("%s/origin", workspace);
	char *uses = NULL;
	struct labs labs = { 0 };
	char *error = NULL;

	if (access(workspace, F_OK) == 0 &&
	    labs_load(&labs, lr->lab->root, &error) == 0)
		uses = build_uses(lr->lab);
	for (size_t i = 0; uses && i < labs.count; i++) {
		const struct lab *lab = &labs.all[i];
		struct lab_result other;

		if (lab->number >= lr->lab->number || !strstr(uses, lab->dir))
			continue;
		state_load(&other, lab);
		print_use(f, &other, access(origin, F_OK) == 0);
		lab_result_free(&other);
	}
	labs_free(&labs);
	free(error);
	free(uses);
	free(origin);
	free(workspace);
}

void print_text(FILE *f, const struct lab_result *lr, enum detail detail)
{
	size_t brief = 0;

	fprintf(f, "%s%s%s  ", style(STYLE_BOLD), lr->lab->dir,
		style(STYLE_PLAIN));
	style_text(f, 2 + (int)strlen(lr->lab->dir), 4, lr->lab->title);
	if (!lr->build_error)
		fputc('\n', f);
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		if (lr->results[i].fresh && !lr->build_error)
			print_line(f, lr->lab, &lr->results[i]);
	}
	if (lr->build_error) {
		fprintf(f, "\n  %sdoes not build%s\n    ", style(STYLE_BAD),
			style(STYLE_PLAIN));
		style_text(f, 4, 4, lr->build_error);
	} else if (lr->infra_error) {
		fprintf(f, "\n  %sthe tests do not build%s\n    ",
			style(STYLE_WARN), style(STYLE_PLAIN));
		style_text(f, 4, 4, lr->infra_error);
	} else {
		brief = print_failures(f, lr, detail);
	}
	if (brief)
		fprintf(f,
			"\n  %zu failures are told in short. The line behind "
			"\"again\" shows the steps of\n"
			"  that one, and ./course grade %s --verbose all steps "
			"of all.\n",
			brief, lab_short(lr->lab));
	print_score(f, lr);
	print_hidden(f, lr->lab);
	if (lab_result_score(lr).failed)
		print_uses(f, lr);
	print_next(f, lr, NULL);
}

void print_watch(FILE *f, const struct lab_result *lr, const char *filter)
{
	const struct test *t = lab_result_next(lr, filter);
	const struct result *next = NULL;

	if (lr->build_error || lr->infra_error || !t) {
		print_text(f, lr, DETAIL_SHORT);
		return;
	}
	fprintf(f, "%s%s%s  %s\n", style(STYLE_BOLD), lr->lab->dir,
		style(STYLE_PLAIN), lr->lab->title);
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if (!r->fresh || r->outcome == OUTCOME_PASS)
			continue;
		print_line(f, lr->lab, r);
		if (r->test == t)
			next = r;
	}
	print_score(f, lr);
	if (next)
		print_failure(f, lr->lab, next, DETAIL_FULL);
	print_next(f, lr, filter);
}
