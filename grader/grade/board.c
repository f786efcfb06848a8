/* SPDX-License-Identifier: MIT */
/*
 * The board: a line a lab, and the one thing to do next. It reads results and
 * runs nothing, so it is there at once and whatever state the code is in.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "print.h"
#include "style.h"

#define BAR 30

static void print_row(FILE *f, const struct lab_result *lr)
{
	const char *name = strchr(lr->lab->dir, '-');
	struct score s = lab_result_score(lr);
	enum style colour = s.points == s.max ? STYLE_GOOD : STYLE_WARN;

	fprintf(f, "  %02d %-14.14s ", lr->lab->number, name ? name + 1 : "");
	fputs(style(lr->finished ? colour : STYLE_DIM), f);
	style_bar(f, s.points, s.max, BAR);
	fprintf(f, "%s %3d/%-3d ", style(STYLE_PLAIN), s.points, s.max);
	if (!lr->finished)
		fputs(" not graded yet", f);
	else if (lr->build_error)
		fputs(" does not build", f);
	else if (s.points == s.max)
		fputs(" done", f);
	else
		fprintf(f, " %zu of %zu tests", s.passed, s.tests);
	if (s.challenge)
		fprintf(f, "  +%d", s.challenge);
	fputc('\n', f);
}

/* What is to be edited: what the task begins with, or all there is. */
static void print_files(FILE *f, const struct lab *lab, int task)
{
	char *named = lab_task_files(lab, task);
	const char *comma = "";

	fprintf(f, "  edit    %s/", lab->dir);
	if (*named)
		fputs(named, f);
	for (size_t i = 0; !*named && i < lab->deliverable_count; i++) {
		fprintf(f, "%s%s", comma, lab->deliverables[i]);
		comma = ", ";
	}
	fputc('\n', f);
	free(named);
}

static void print_task(FILE *f, const struct lab *lab, const struct test *t)
{
	char *heading = lab_task_heading(lab, t->task);

	fprintf(f, "\n  Next:   %s%s, task %d%s", style(STYLE_BOLD),
		lab_short(lab), t->task, style(STYLE_PLAIN));
	if (t->challenge)
		fputs(" (a challenge)", f);
	fprintf(f, ": ");
	style_text(f, 26, 10, t->title);
	fprintf(f, "  read    %s/README.md", lab->dir);
	if (heading)
		fprintf(f, ", \"%s\"", heading);
	fputc('\n', f);
	print_files(f, lab, t->task);
	fprintf(f, "  then    ./course grade %s %s\n", lab_short(lab), t->id);
	fprintf(f, "  stuck?  ./course hint %s/%s\n", lab_short(lab), t->id);
	free(heading);
}

void print_next(FILE *f, const struct lab_result *lr, const char *filter)
{
	const struct test *t = lab_result_next(lr, filter);
	struct score s = lab_result_score(lr);

	if (lr->infra_error)
		fprintf(f, "\n  Next:   this is not your code's fault; report "
			   "it with the line above.\n");
	else if (lr->build_error)
		fprintf(f,
			"\n  Next:   make it build, then ./course grade %s\n",
			lab_short(lr->lab));
	else if (t)
		print_task(f, lr->lab, t);
	else if (s.unjudged)
		fprintf(f, "\n  Next:   ./course grade %s once more\n",
			lab_short(lr->lab));
	else if (s.stale)
		fprintf(f,
			"\n  Next:   ./course grade %s, as the code is another "
			"one now\n",
			lab_short(lr->lab));
	else
		fprintf(f,
			"\n  All of %s is done. Where you stand: ./course "
			"board\n",
			lab_short(lr->lab));
}

/* The first lab with points to earn; without one, with challenges left. */
static const struct lab_result *unfinished(const struct lab_result *results,
					   size_t count)
{
	const struct lab_result *open = NULL;

	for (size_t i = 0; i < count; i++) {
		struct score s = lab_result_score(&results[i]);

		if (s.points < s.max)
			return &results[i];
		if (!open && s.challenge < s.challenge_max)
			open = &results[i];
	}
	return open;
}

static void print_old(FILE *f, const struct lab_result *results, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!claims_stale(&results[i]))
			continue;
		if (!any)
			fputc('\n', f);
		any = true;
		print_stale(f, &results[i]);
	}
}

void print_board(FILE *f, const struct lab_result *results, size_t count)
{
	const struct lab_result *next = unfinished(results, count);
	int points = 0, max = 0, challenge = 0;

	fprintf(f, "\n  %sReadylist%s\n\n", style(STYLE_BOLD),
		style(STYLE_PLAIN));
	for (size_t i = 0; i < count; i++) {
		struct score s = lab_result_score(&results[i]);

		print_row(f, &results[i]);
		points += s.points;
		max += s.max;
		challenge += s.challenge;
	}
	if (count > 1)
		fprintf(f, "\n  %-17s %*s %3d/%-3d", "", BAR, "all labs",
			points, max);
	if (count > 1 && challenge)
		fprintf(f, "  +%d", challenge);
	if (count > 1)
		fputc('\n', f);
	print_old(f, results, count);
	if (next && !next->finished && lab_result_next(next, NULL))
		fprintf(f,
			"\n  Next:   ./course grade %s, to see where you "
			"start\n",
			lab_short(next->lab));
	if (next)
		print_next(f, next, NULL);
	else
		fprintf(f, "\n  All labs are done.\n");
}
