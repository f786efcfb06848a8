/* SPDX-License-Identifier: MIT */
/*
 * An experiment is what lies in the folder: nothing has to be registered. One
 * that ends without a line in the table has failed, whatever its status.
 */
#include "experiment.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"

#define LIMIT_MS       60000 /* its own watchdog ends it sooner */
#define LINE_MAX_BYTES (1 << 16)

static void load_lab(struct experiments *list, const struct lab *lab,
		     const char *name)
{
	char *pattern = mem_printf("%s/%s/experiments/%s.c", lab->root,
				   lab->dir, name ?: "*");
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *base = strrchr(found.gl_pathv[i], '/') + 1;
			struct experiment *e;

			list->all = mem_resize(list->all, list->count + 1,
					       sizeof(*e));
			e = &list->all[list->count++];
			memset(e, 0, sizeof(*e));
			e->lab = lab;
			e->name = mem_strndup(base, strlen(base) - 2);
		}
		globfree(&found);
	}
	free(pattern);
}

void experiments_load(struct experiments *list, const struct labs *labs,
		      const struct lab *lab, const char *name)
{
	memset(list, 0, sizeof(*list));
	for (size_t i = 0; i < labs->count; i++) {
		if (!lab || lab == &labs->all[i])
			load_lab(list, &labs->all[i], name);
	}
}

void experiments_free(struct experiments *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->all[i].name);
		free(list->all[i].output);
		for (int f = 0; f < FIELD_COUNT; f++)
			free(list->all[i].fields[f]);
	}
	free(list->all);
	memset(list, 0, sizeof(*list));
}

struct keeper *experiment_start(const struct experiment *e, const char *line)
{
	char *program = mem_printf("%s/build/gcc/%s/experiments/%s",
				   e->lab->root, e->lab->dir, e->name);
	char *table = mem_printf("EXPERIMENT_TABLE=%s", line);
	const char *argv[] = { program, NULL };
	const char *env[] = { table, NULL };
	struct keeper_job job = {
		.argv = argv,
		.env = env,
		.deadline_ms = LIMIT_MS,
	};
	struct keeper *k = keeper_start(&job);

	free(table);
	free(program);
	return k;
}

/* The last line of the file LINE, to be freed; NULL if it has none. */
static char *last_line(const char *line)
{
	char *text = mem_read_file(line, LINE_MAX_BYTES, NULL);
	size_t len = text ? strlen(text) : 0;
	char *last = NULL;

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len) {
		last = strrchr(text, '\n');
		last = mem_strdup(last ? last + 1 : text);
	}
	free(text);
	return last;
}

/* How it ended, for one that reported nothing. */
static char *silence(const struct experiment *e, const struct keeper_end *end)
{
	if (end->late)
		return mem_printf("%s\tfailed\t-\t\t\tstill ran after %d s",
				  e->name, LIMIT_MS / 1000);
	if (WIFSIGNALED(end->status))
		return mem_printf("%s\tfailed\t-\t\t\tsignal %d, no report",
				  e->name, WTERMSIG(end->status));
	return mem_printf("%s\tfailed\t-\t\t\tended with status %d, no "
			  "report",
			  e->name, WEXITSTATUS(end->status));
}

void experiment_take(struct experiment *e, const struct keeper_end *end,
		     const char *line)
{
	char *said = last_line(line) ?: silence(e, end);
	char *rest = said;

	for (int f = 0; f < FIELD_COUNT; f++)
		e->fields[f] = mem_strdup(strsep(&rest, "\t") ?: "");
	e->output = mem_strdup(end->output);
	e->ms = end->ms;
	free(said);
}

bool experiment_is(const struct experiment *e, const char *result)
{
	return e->fields[FIELD_RESULT] &&
	       !strcmp(e->fields[FIELD_RESULT], result);
}
