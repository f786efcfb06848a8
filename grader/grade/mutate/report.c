/* SPDX-License-Identifier: MIT */
/* A survivor is shown as it is, before and after: it asks for a test. */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "progress.h"

#define ID_WIDE	     44
#define LISTED_SHARE 20 /* at most one in so many is listed */

/* Whether the list has ID as the same program; the reason is not looked at. */
static bool is_listed(const struct mutate *m, const char *id)
{
	size_t len = strlen(id);

	for (const char *at = m->same; (at = strstr(at, id)); at++) {
		if ((at == m->same || at[-1] == '\n') &&
		    (at[len] == ' ' || at[len] == '\t'))
			return true;
	}
	return false;
}

/* The lines that the edit changes, before and after. */
static void print_change(FILE *f, const struct trial *t)
{
	size_t from = t->edit.at, to = t->edit.at + t->edit.len;

	while (from && t->text[from - 1] != '\n')
		from--;
	to += strcspn(t->text + to, "\n");
	from += strspn(t->text + from, "\t");
	fprintf(f, "    - %.*s\n    + %.*s%s%.*s\n", (int)(to - from),
		t->text + from, (int)(t->edit.at - from), t->text + from,
		t->edit.with, (int)(to - t->edit.at - t->edit.len),
		t->text + t->edit.at + t->edit.len);
}

void mutate_settle(struct mutate *m, struct trial *t, enum fate fate,
		   const char *how)
{
	bool listed = fate == FATE_SURVIVED && is_listed(m, t->id);

	if (listed) {
		fate = FATE_SAME;
		how = "survived, and is listed as the same program";
	}
	m->done++;
	tally_add(&m->files, t->file, fate, listed);
	tally_add(&m->rules, t->edit.rule, fate, listed);
	if (fate == FATE_INVALID || (fate == FATE_SAME && !listed))
		return;
	progress_clear();
	printf("%-*s %s, %.1f s\n", ID_WIDE, t->id, how,
	       (double)(clock_ms() - t->began) / 1000);
	if (fate == FATE_SURVIVED) {
		print_change(stdout, t);
		fprintf(m->survivors, "%s, %s:%d\n", t->id, t->file,
			t->edit.line);
		print_change(m->survivors, t);
	}
	fflush(stdout);
}

/* Of each deliverable RATE percent are killed; of all at most 5% are listed. */
static bool is_good(const struct tally *files, int rate)
{
	size_t listed = 0, differ = 0;
	bool good = true;

	for (size_t i = 0; i < files->count; i++) {
		const struct tally_row *row = &files->rows[i];

		listed += row->listed;
		differ += row->fates[FATE_KILLED] + row->fates[FATE_SURVIVED] +
			  row->listed;
		good &= tally_rate(row) >= 10 * rate;
	}
	return good && listed * LISTED_SHARE <= differ;
}

bool mutate_report(const struct mutate *m, const struct mutate_options *o,
		   int64_t ms)
{
	printf("\n%s: seed %llu, %lld s\n", m->lab->dir,
	       (unsigned long long)o->seed, (long long)ms / 1000);
	tally_print(stdout, &m->files, "deliverable");
	tally_print(stdout, &m->rules, "rule");
	printf("\nSurvivors are in build/mutate/%s/%s.survivors\n", m->lab->dir,
	       m->lab->dir);
	return is_good(&m->files, o->rate);
}
