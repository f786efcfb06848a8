/* SPDX-License-Identifier: MIT */
/*
 * Labs are what the file system says they are: a folder lab[0-9][0-9]-NAME
 * with a grading.ini. No list of them is kept anywhere else.
 */
#include "lab.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "util.h"

int labs_load(struct labs *labs, const char *root, char **error)
{
	char *pattern = mem_printf("%s/lab[0-9][0-9]-*/grading.ini", root);
	glob_t found;
	int rc = 0;

	labs->count = 0;
	labs->all = NULL;
	if (glob(pattern, 0, NULL, &found))
		found.gl_pathc = 0;
	free(pattern);
	labs->all = mem_alloc(found.gl_pathc * sizeof(*labs->all));
	for (size_t i = 0; i < found.gl_pathc && !rc; i++) {
		struct lab *lab = &labs->all[labs->count++];
		char *end = strrchr(found.gl_pathv[i], '/');

		*end = '\0';
		lab->dir = mem_strdup(strrchr(found.gl_pathv[i], '/') + 1);
		lab->root = mem_strdup(root);
		lab->number = atoi(lab->dir + 3);
		rc = grading_load(lab, error);
	}
	if (found.gl_pathc)
		globfree(&found);
	if (!rc && !labs->count) {
		*error = mem_printf("no lab here: expected "
				    "labNN-NAME/grading.ini below %s",
				    root);
		rc = -1;
	}
	return rc;
}

static void quotes_free(struct quotes *q)
{
	for (size_t i = 0; i < q->count; i++)
		free(q->all[i]);
	free(q->all);
}

static void test_free(struct test *t)
{
	free(t->id);
	free(t->title);
	free(t->concept);
	free(t->own_checks);
	for (size_t i = 0; i < LAB_HINTS; i++)
		free(t->hints[i]);
	quotes_free(&t->promises);
}

void labs_free(struct labs *labs)
{
	for (size_t i = 0; i < labs->count; i++) {
		struct lab *lab = &labs->all[i];

		for (size_t j = 0; j < lab->test_count; j++)
			test_free(&lab->tests[j]);
		for (size_t j = 0; j < lab->deliverable_count; j++)
			free(lab->deliverables[j]);
		for (size_t j = 0; j < lab->check_count; j++)
			test_free(&lab->checks[j]);
		for (size_t j = 0; j < lab->untested_count; j++) {
			free(lab->untested[j].reason);
			quotes_free(&lab->untested[j].quotes);
		}
		free(lab->checks);
		free(lab->untested);
		free(lab->tests);
		free(lab->deliverables);
		free(lab->forbidden);
		free(lab->dir);
		free(lab->root);
		free(lab->title);
	}
	free(labs->all);
	labs->count = 0;
	labs->all = NULL;
}

struct lab *labs_find(const struct labs *labs, const char *name)
{
	const char *digits = strncmp(name, "lab", 3) ? name : name + 3;
	size_t len = strlen(digits);
	bool number = len >= 1 && len <= 2 &&
		      strspn(digits, "0123456789") == len;

	for (size_t i = 0; i < labs->count; i++) {
		struct lab *lab = &labs->all[i];

		if (!strcmp(lab->dir, name))
			return lab;
		if (number && lab->number == atoi(digits))
			return lab;
	}
	return NULL;
}

const char *lab_short(const struct lab *lab)
{
	static char names[4][8];
	static size_t next;
	char *name = names[next++ % ARRAY_LEN(names)];

	snprintf(name, sizeof(names[0]), "lab%02d", lab->number % 100);
	return name;
}

struct test *lab_find_test(const struct lab *lab, const char *id)
{
	for (size_t i = 0; i < lab->test_count; i++) {
		if (!strcmp(lab->tests[i].id, id))
			return &lab->tests[i];
	}
	return NULL;
}

const struct test *lab_find_check(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->check_count; i++) {
		if (!strcmp(lab->checks[i].id, name))
			return &lab->checks[i];
	}
	return NULL;
}

bool lab_test_matches(const struct lab *lab, const struct test *test,
		      const char *name)
{
	const char *slash;
	size_t len;

	if (!name || !strcmp(test->id, name))
		return true;
	len = strlen(name);
	if (!strchr(name, '/'))
		return !strncmp(test->id, name, len) && test->id[len] == '/';
	slash = strchr(name, '/');
	len = slash - name;
	if (strlen(lab_short(lab)) == len &&
	    !strncmp(name, lab_short(lab), len))
		return lab_test_matches(lab, test, slash + 1);
	if (strlen(lab->dir) == len && !strncmp(name, lab->dir, len))
		return lab_test_matches(lab, test, slash + 1);
	return false;
}

bool lab_test_is_here(const struct lab *lab, const struct test *test)
{
	char *path;
	bool here;

	if (!test->hidden)
		return true;
	path = lab_path(lab, "tests/hidden");
	here = access(path, R_OK) == 0;
	free(path);
	return here;
}

int lab_points(const struct lab *lab, bool challenge)
{
	int sum = 0;

	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];

		if (t->challenge == challenge && lab_test_is_here(lab, t))
			sum += t->points;
	}
	return sum;
}

char *lab_path(const struct lab *lab, const char *name)
{
	return mem_printf("%s/%s/%s", lab->root, lab->dir, name);
}

/* Whether LINE is a heading with "Task N" in it. */
static bool is_task_heading(const char *line, int task)
{
	const char *at;
	char *end;

	if (*line != '#')
		return false;
	at = strcasestr(line, "task ");
	if (!at || !isdigit((unsigned char)at[5]))
		return false;
	return strtol(at + 5, &end, 10) == task &&
	       !isdigit((unsigned char)*end);
}

/* README.md from the heading of task TASK on, to be freed; NULL if none. */
static char *task_text(const struct lab *lab, int task)
{
	char *path = lab_path(lab, "README.md");
	char *text = mem_read_file(path, 1 << 20, NULL);
	char *found = NULL;

	free(path);
	for (char *line = text; line && !found;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		if (is_task_heading(line, task)) {
			if (end)
				*end = '\n';
			found = mem_strdup(line);
		}
		line = end ? end + 1 : NULL;
	}
	free(text);
	return found;
}

char *lab_task_heading(const struct lab *lab, int task)
{
	char *text = task_text(lab, task);
	char *heading = NULL;
	char *points;

	if (text)
		heading = mem_strndup(text + strspn(text, "# "),
				      strcspn(text + strspn(text, "# "), "\n"));
	/* Without "(20 points)": the points are shown by themselves. */
	points = heading ? strrchr(heading, '(') : NULL;
	if (points > heading && strstr(points, " points"))
		points[-1] = '\0';
	free(text);
	return heading;
}

char *lab_task_files(const struct lab *lab, int task)
{
	char *text = task_text(lab, task);
	char *files = mem_strdup("");
	char *begin = text ? text + strcspn(text, "\n") : NULL;
	char *end;

	if (begin)
		begin += strspn(begin, "\n");
	end = begin ? strstr(begin, "\n\n") : NULL;
	if (end)
		*end = '\0';
	for (size_t i = 0; begin && i < lab->deliverable_count; i++) {
		char *quoted = mem_printf("`%s`", lab->deliverables[i]);
		char *before = files;

		if (strstr(begin, quoted)) {
			files = mem_printf("%s%s%s", before,
					   *before ? ", " : "",
					   lab->deliverables[i]);
			free(before);
		}
		free(quoted);
	}
	free(text);
	return files;
}

size_t lab_test_module(const struct lab *lab, const struct test *test)
{
	size_t module = lab->deliverable_count;
	size_t suite = strcspn(test->id, "/");
	char *files;

	for (size_t i = 0; i < lab->deliverable_count; i++) {
		const char *name = lab->deliverables[i];

		if (strcspn(name, ".") == suite &&
		    !strncmp(name, test->id, suite))
			return i;
	}
	files = lab_task_files(lab, test->task);
	for (size_t i = 0; i < lab->deliverable_count; i++) {
		if (strstr(files, lab->deliverables[i]))
			module = i;
	}
	free(files);
	return module;
}
