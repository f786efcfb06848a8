/* SPDX-License-Identifier: MIT */
/*
 * Claim and observation are sentences: their cells go on below, between words,
 * and share the width that the short columns leave.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "experiment.h"
#include "util.h"

#define SHORT_COLUMNS 31 /* of all but the name, the claim and what was seen */

struct widths {
	int name;
	int claim;
	int seen;
};

struct row {
	const char *name, *lab, *verdict, *kernel, *seconds;
	const char *claim, *seen; /* what is left of them */
};

/* The length of the part of *TEXT that fits into WIDTH columns. */
static int fold(const char *text, int width)
{
	int len = (int)strlen(text);

	if (len <= width)
		return len;
	for (int at = width; at > 0; at--) {
		if (text[at] == ' ')
			return at;
	}
	return width;
}

static void print_row(struct row row, const struct widths *w)
{
	char line[1024];
	int len;

	do {
		int claim = fold(row.claim, w->claim);
		int seen = fold(row.seen, w->seen);

		len = snprintf(line, sizeof(line),
			       "%-*s %-3s %-*.*s %-7s %-9s %5s %.*s", w->name,
			       row.name, row.lab, w->claim, claim, row.claim,
			       row.verdict, row.kernel, row.seconds, seen,
			       row.seen);
		len = MIN(len, (int)sizeof(line) - 1);
		while (len && line[len - 1] == ' ')
			len--;
		printf("%.*s\n", len, line);
		row.claim += claim + strspn(row.claim + claim, " ");
		row.seen += seen + strspn(row.seen + seen, " ");
		row.name = row.lab = row.verdict = "";
		row.kernel = row.seconds = "";
	} while (*row.claim || *row.seen);
}

static void print_experiment(const struct experiment *e, const struct widths *w)
{
	bool quiet = experiment_is(e, "agrees") || experiment_is(e, "skipped");
	char kernel[16], seconds[16], lab[8];

	snprintf(kernel, sizeof(kernel), "%s", e->fields[FIELD_RESULT]);
	for (char *c = kernel; *c && !quiet; c++)
		*c = (char)toupper((unsigned char)*c);
	snprintf(seconds, sizeof(seconds), "%.1f", (double)e->ms / 1000);
	snprintf(lab, sizeof(lab), "%02d", e->lab->number % 100);
	print_row((struct row){ .name = e->name,
				.lab = lab,
				.verdict = e->fields[FIELD_VERDICT],
				.kernel = kernel,
				.seconds = seconds,
				.claim = e->fields[FIELD_CLAIM],
				.seen = experiment_is(e, "agrees")
						? e->fields[FIELD_SEEN]
						: e->fields[FIELD_NOTE] },
		  w);
}

void experiment_table(const struct experiments *list, int width)
{
	struct widths w = { .name = (int)strlen("experiment") };

	for (size_t i = 0; i < list->count; i++)
		w.name = MAX(w.name, (int)strlen(list->all[i].name));
	w.claim = (width - w.name - SHORT_COLUMNS) * 45 / 100;
	w.seen = width - w.name - SHORT_COLUMNS - w.claim;
	w.claim = MAX(w.claim, 10);
	w.seen = MAX(w.seen, 10);
	puts("A claim is what people commonly say. The verdict is what the "
	     "course says of it:\ntrue, false, or half of it true. \"agrees\" "
	     "means that this kernel did what the\ncourse says; \"false, "
	     "agrees\" "
	     "is a common mistake, shown to be one.\n");
	print_row((struct row){ "experiment", "lab", "verdict", "kernel", "s",
				"what people say", "what was seen" },
		  &w);
	for (size_t i = 0; i < list->count; i++)
		print_experiment(&list->all[i], &w);
}
