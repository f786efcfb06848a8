/* SPDX-License-Identifier: MIT */
/* What cannot be told apart from the reference is not counted against it. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

void tally_add(struct tally *t, const char *name, enum fate fate, bool listed)
{
	struct tally_row *row = NULL;

	for (size_t i = 0; i < t->count; i++) {
		if (!strcmp(t->rows[i].name, name))
			row = &t->rows[i];
	}
	if (!row) {
		t->rows = mem_resize(t->rows, t->count + 1, sizeof(*row));
		row = &t->rows[t->count++];
		memset(row, 0, sizeof(*row));
		row->name = mem_strdup(name);
	}
	row->fates[fate]++;
	row->listed += listed;
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->rows[i].name);
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

int tally_rate(const struct tally_row *row)
{
	size_t killed = row->fates[FATE_KILLED];
	size_t differ = killed + row->fates[FATE_SURVIVED];

	return differ ? (int)(killed * 1000 / differ) : 1000;
}

static void print_row(FILE *f, const struct tally_row *row)
{
	size_t killed = row->fates[FATE_KILLED];
	size_t survived = row->fates[FATE_SURVIVED];

	fprintf(f, "| %-16s | %5zu | %6zu | %8zu | %5.1f %% | %4zu | %6zu |",
		row->name, killed + survived, killed, survived,
		tally_rate(row) / 10.0, row->fates[FATE_SAME], row->listed);
	if (row->fates[FATE_UNKNOWN])
		fprintf(f, " %zu not judged", row->fates[FATE_UNKNOWN]);
	fputc('\n', f);
}

void tally_print(FILE *f, const struct tally *t, const char *what)
{
	char name[] = "all";
	struct tally_row sum = { .name = name };

	fprintf(f,
		"\n| %-16s | made  | killed | survived | rate    | same | "
		"listed |\n"
		"|------------------|-------|--------|----------|---------|----"
		"--|--------|\n",
		what);
	for (size_t i = 0; i < t->count; i++) {
		print_row(f, &t->rows[i]);
		for (int k = 0; k < FATE_COUNT; k++)
			sum.fates[k] += t->rows[i].fates[k];
		sum.listed += t->rows[i].listed;
	}
	if (t->count > 1)
		print_row(f, &sum);
}
