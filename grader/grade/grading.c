/* SPDX-License-Identifier: MIT */
/*
 * grading.ini, read strictly: a typo there would silently cost points, so
 * what is not understood is an error with file and line.
 *
 * inih does the parsing. As Debian builds it, it cuts lines at 200 bytes and
 * section names at 50, says no line numbers, and drops what follows " ;". So
 * it gets its lines from a reader of ours, which counts them and turns down
 * what inih would quietly shorten.
 */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grading.h"
#include "mem.h"
#include "util.h"

#define LINE_MAX_BYTES	  196
#define SECTION_MAX_BYTES 49

int grading_bad(struct grading *p, int line, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (p->error)
		return 0;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = mem_strdup("out of memory");
	va_end(ap);
	p->error = mem_printf("%s/grading.ini:%d: %s", p->lab->dir, line, text);
	free(text);
	return 0;
}

/* What inih would shorten without a word. */
static void check_line(struct grading *p, const char *s)
{
	size_t len = strcspn(s, "\r\n");
	const char *start = s + strspn(s, " \t");

	if (len > LINE_MAX_BYTES)
		grading_bad(p, p->line,
			    "expected at most %d bytes in a line, got %zu",
			    LINE_MAX_BYTES, len);
	else if (*s == '[' && strcspn(s, "]") - 1 > SECTION_MAX_BYTES)
		grading_bad(p, p->line,
			    "expected a section name of at most %d bytes",
			    SECTION_MAX_BYTES);
	else if (p->goes_on && (*start == ';' || *start == '#'))
		grading_bad(p, p->line,
			    "expected text: an indented line goes on with "
			    "the value above and cannot be a comment");
	else if (*start != ';' && *start != '#' &&
		 (strstr(s, " ;") || strstr(s, "\t;")))
		grading_bad(p, p->line,
			    "expected no \" ;\" in a value: a comment "
			    "needs a line of its own");
}

static char *read_line(char *str, int num, void *stream)
{
	struct grading *p = stream;
	char line[1024];

	if (p->error || !fgets(line, sizeof(line), p->file))
		return NULL;
	p->line++;
	if (*line == '[')
		p->section_line = p->line;
	p->goes_on = (*line == ' ' || *line == '\t') &&
		     line[strspn(line, " \t\r\n")];
	check_line(p, line);
	if (p->error)
		return NULL;
	snprintf(str, num, "%s", line);
	return str;
}

/* Whether ID is SUITE/NAME, two C identifiers. */
static bool is_test_id(const char *id)
{
	const char *slash = strchr(id, '/');
	size_t slashes = 0;

	for (const char *c = id; *c; c++) {
		if (*c == '/')
			slashes++;
		else if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	}
	return slashes == 1 && slash != id && slash[1];
}

/* The last of *ALL, which has *COUNT, or a new one if that is not ID. */
static struct test *last_section(struct grading *p, struct test **all,
				 size_t *count, const char *id)
{
	struct test *t;

	for (size_t i = 0; i < *count; i++) {
		if (!strcmp((*all)[i].id, id))
			return &(*all)[i];
	}
	*all = mem_resize(*all, *count + 1, sizeof(*t));
	t = &(*all)[(*count)++];
	memset(t, 0, sizeof(*t));
	t->id = mem_strdup(id);
	t->line = p->section_line;
	return t;
}

static struct test *section_test(struct grading *p, const char *id)
{
	struct lab *lab = p->lab;
	struct test *t = last_section(p, &lab->tests, &lab->test_count, id);

	if (!is_test_id(id))
		grading_bad(p, p->section_line,
			    "expected a section [test:SUITE/NAME], got "
			    "[test:%s]",
			    id);
	return t;
}

/* Whether a value of KEY may go on in the next line. */
static bool is_text(const char *section, const char *key)
{
	return !strcmp(section, "untested") || !strcmp(key, "title") ||
	       !strcmp(key, "concept") || !strcmp(key, "deliverables") ||
	       !strcmp(key, "promise") || !strncmp(key, "hint", 4);
}

/* Remembers the key; 0 after an error if it was there before. */
static int see(struct grading *p, const char *section, const char *key)
{
	char *name = mem_printf("%s %s", section, key);
	size_t last = p->seen_count - 1;

	for (size_t i = 0; i < p->seen_count; i++) {
		if (strcmp(p->seen[i], name))
			continue;
		free(name);
		if (!p->goes_on || i != last)
			return grading_bad(p, p->line,
					   "[%s]: expected %s only once",
					   section, key);
		if (!is_text(section, key))
			return grading_bad(p, p->line,
					   "expected %s in one line", key);
		return 1;
	}
	p->seen = mem_resize(p->seen, p->seen_count + 1, sizeof(*p->seen));
	p->seen[p->seen_count++] = name;
	return 1;
}

static int handle(void *user, const char *section, const char *key,
		  const char *value)
{
	struct grading *p = user;
	struct test *t;

	if (p->error || !see(p, section, key))
		return 0;
	if (!strcmp(section, "lab"))
		return grading_lab_key(p, key, value);
	if (!strcmp(section, "untested"))
		return grading_untested_key(p, key, value);
	if (!strncmp(section, "check:", 6)) {
		t = last_section(p, &p->lab->checks, &p->lab->check_count,
				 section + 6);
		return grading_check_key(p, t, key, value);
	}
	if (strncmp(section, "test:", 5))
		return grading_bad(p, p->section_line,
				   "expected a section [lab], "
				   "[test:SUITE/NAME], [check:NAME] or "
				   "[untested], got [%s]",
				   section);
	t = section_test(p, section + 5);
	return p->error ? 0 : grading_test_key(p, t, key, value);
}

/* The first hint that is not there, or NULL. */
static const char *lacks_hint(const struct test *t)
{
	for (size_t i = 0; i < LAB_HINTS; i++) {
		if (!t->hints[i] || !*t->hints[i])
			return &"hint1\0hint2\0hint3"[i * 6];
	}
	return NULL;
}

static void check_check(struct grading *p, const struct test *t)
{
	const char *lacks = lacks_hint(t);

	if (!t->title || !*t->title)
		lacks = "title";
	if (lacks)
		grading_bad(p, t->line, "[check:%s] lacks %s", t->id, lacks);
}

static void check_test(struct grading *p, const struct test *t)
{
	const char *lacks = lacks_hint(t);

	if (!t->concept || !*t->concept)
		lacks = "concept";
	if (!t->task)
		lacks = "task";
	if (!t->points)
		lacks = "points";
	if (!t->title || !*t->title)
		lacks = "title";
	if (lacks)
		grading_bad(p, t->line, "[test:%s] lacks %s", t->id, lacks);
}

/* What must be there when the file has been read. */
static void check_whole(struct grading *p)
{
	const struct lab *lab = p->lab;

	if (!lab->title || !*lab->title)
		grading_bad(p, 1, "[lab] lacks title");
	if (!lab->deliverable_count)
		grading_bad(p, 1, "[lab] lacks deliverables");
	if (!lab->test_count)
		grading_bad(p, p->line, "expected a section [test:SUITE/NAME]");
	for (size_t i = 0; i < lab->test_count; i++)
		check_test(p, &lab->tests[i]);
	for (size_t i = 0; i < lab->check_count; i++)
		check_check(p, &lab->checks[i]);
}

int grading_load(struct lab *lab, char **error)
{
	struct grading p = { .lab = lab };
	char *path = lab_path(lab, "grading.ini");
	int rc;

	lab->starter_points = -1;
	p.file = fopen(path, "re");
	if (!p.file) {
		*error = mem_printf("%s: %s", path, strerror(errno));
		free(path);
		return -1;
	}
	rc = ini_parse_stream(read_line, &p, handle, &p);
	fclose(p.file);
	if (rc)
		grading_bad(&p, rc > 0 ? rc : p.line,
			    "expected [SECTION] or KEY = VALUE");
	check_whole(&p);
	for (size_t i = 0; i < p.seen_count; i++)
		free(p.seen[i]);
	free(p.seen);
	free(path);
	*error = p.error;
	return p.error ? -1 : 0;
}
