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

#include "lab.h"
#include "mem.h"
#include "util.h"

#define LINE_MAX_BYTES	  196
#define SECTION_MAX_BYTES 49
#define TASK_MAX	  99

struct parser {
	struct lab *lab;
	FILE *file;
	char *error;
	char **seen; /* "SECTION KEY", every one so far */
	size_t seen_count;
	bool goes_on; /* the line is indented */
	int line;
};

static int bad(struct parser *p, int line, const char *fmt, ...)
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
static void check_line(struct parser *p, const char *s)
{
	size_t len = strcspn(s, "\r\n");
	const char *start = s + strspn(s, " \t");

	if (len > LINE_MAX_BYTES)
		bad(p, p->line, "expected at most %d bytes in a line, got %zu",
		    LINE_MAX_BYTES, len);
	else if (*s == '[' && strcspn(s, "]") - 1 > SECTION_MAX_BYTES)
		bad(p, p->line, "expected a section name of at most %d bytes",
		    SECTION_MAX_BYTES);
	else if (p->goes_on && (*start == ';' || *start == '#'))
		bad(p, p->line,
		    "expected text: an indented line goes on with "
		    "the value above and cannot be a comment");
	else if (*start != ';' && *start != '#' &&
		 (strstr(s, " ;") || strstr(s, "\t;")))
		bad(p, p->line,
		    "expected no \" ;\" in a value: a comment "
		    "needs a line of its own");
}

static char *read_line(char *str, int num, void *stream)
{
	struct parser *p = stream;
	char line[1024];

	if (p->error || !fgets(line, sizeof(line), p->file))
		return NULL;
	p->line++;
	p->goes_on = (*line == ' ' || *line == '\t') &&
		     line[strspn(line, " \t\r\n")];
	check_line(p, line);
	if (p->error)
		return NULL;
	snprintf(str, num, "%s", line);
	return str;
}

static int set_number(struct parser *p, const char *key, const char *value,
		      int lo, int hi, int *to)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || n < lo ||
	    n > hi)
		return bad(p, p->line,
			   "%s: expected a number from %d to %d, got \"%s\"",
			   key, lo, hi, value);
	*to = (int)n;
	return 1;
}

static int set_choice(struct parser *p, const char *key, const char *value,
		      const char *yes, const char *no, bool *to)
{
	*to = !strcmp(value, yes);
	if (*to || !strcmp(value, no))
		return 1;
	return bad(p, p->line, "%s: expected %s or %s, got \"%s\"", key, yes,
		   no, value);
}

/* Sets a text, or adds a line to it. */
static int set_text(struct parser *p, const char *value, char **to)
{
	char *longer;

	if (!p->goes_on || !*to || !**to) {
		mem_replace(to, value);
		return 1;
	}
	longer = mem_printf("%s %s", *to, value);
	free(*to);
	*to = longer;
	return 1;
}

static int set_deliverables(struct parser *p, const char *value)
{
	struct lab *lab = p->lab;
	char *copy = mem_strdup(value);
	char *save = NULL;

	for (char *name = strtok_r(copy, " \t,", &save); name;
	     name = strtok_r(NULL, " \t,", &save)) {
		if (strchr(name, '/'))
			bad(p, p->line,
			    "deliverables: expected file names, got \"%s\"",
			    name);
		lab->deliverables = mem_resize(lab->deliverables,
					       lab->deliverable_count + 1,
					       sizeof(char *));
		lab->deliverables[lab->deliverable_count++] = mem_strdup(name);
	}
	free(copy);
	return !p->error;
}

static int lab_key(struct parser *p, const char *key, const char *value)
{
	struct lab *lab = p->lab;

	if (!strcmp(key, "title"))
		return set_text(p, value, &lab->title);
	if (!strcmp(key, "deliverables"))
		return set_deliverables(p, value);
	if (!strcmp(key, "starter_points"))
		return set_number(p, key, value, 0, LAB_POINTS,
				  &lab->starter_points);
	return bad(p, p->line,
		   "unknown key \"%s\" in [lab], expected one of: title, "
		   "deliverables, starter_points",
		   key);
}

static int test_key(struct parser *p, struct test *t, const char *key,
		    const char *value)
{
	if (!strcmp(key, "title"))
		return set_text(p, value, &t->title);
	if (!strcmp(key, "concept"))
		return set_text(p, value, &t->concept);
	if (!strncmp(key, "hint", 4) && key[4] >= '1' &&
	    key[4] <= '0' + LAB_HINTS && !key[5])
		return set_text(p, value, &t->hints[key[4] - '1']);
	if (!strcmp(key, "points"))
		return set_number(p, key, value, 1, LAB_POINTS, &t->points);
	if (!strcmp(key, "task"))
		return set_number(p, key, value, 1, TASK_MAX, &t->task);
	if (!strcmp(key, "visibility"))
		return set_choice(p, key, value, "hidden", "visible",
				  &t->hidden);
	if (!strcmp(key, "challenge"))
		return set_choice(p, key, value, "yes", "no", &t->challenge);
	if (!strcmp(key, "alone"))
		return set_choice(p, key, value, "yes", "no", &t->alone);
	return bad(p, p->line,
		   "unknown key \"%s\" in [test:%s], expected one of: title, "
		   "points, task, concept, visibility, challenge, alone, "
		   "hint1, hint2, hint3",
		   key, t->id);
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

static struct test *section_test(struct parser *p, const char *id)
{
	struct lab *lab = p->lab;
	struct test *t = lab_find_test(lab, id);

	if (t)
		return t;
	lab->tests = mem_resize(lab->tests, lab->test_count + 1, sizeof(*t));
	t = &lab->tests[lab->test_count++];
	memset(t, 0, sizeof(*t));
	t->id = mem_strdup(id);
	t->line = p->line;
	if (!is_test_id(id))
		bad(p, p->line,
		    "expected a section [test:SUITE/NAME], got [test:%s]", id);
	return t;
}

/* Whether a value of KEY may go on in the next line. */
static bool is_text(const char *key)
{
	return !strcmp(key, "title") || !strcmp(key, "concept") ||
	       !strcmp(key, "deliverables") || !strncmp(key, "hint", 4);
}

/* Remembers the key; 0 after an error if it was there before. */
static int see(struct parser *p, const char *section, const char *key)
{
	char *name = mem_printf("%s %s", section, key);
	size_t last = p->seen_count - 1;

	for (size_t i = 0; i < p->seen_count; i++) {
		if (strcmp(p->seen[i], name))
			continue;
		free(name);
		if (!p->goes_on || i != last)
			return bad(p, p->line, "[%s]: expected %s only once",
				   section, key);
		if (!is_text(key))
			return bad(p, p->line, "expected %s in one line", key);
		return 1;
	}
	p->seen = mem_resize(p->seen, p->seen_count + 1, sizeof(*p->seen));
	p->seen[p->seen_count++] = name;
	return 1;
}

static int handle(void *user, const char *section, const char *key,
		  const char *value)
{
	struct parser *p = user;
	struct test *t;

	if (p->error || !see(p, section, key))
		return 0;
	if (!strcmp(section, "lab"))
		return lab_key(p, key, value);
	if (strncmp(section, "test:", 5))
		return bad(p, p->line,
			   "expected a section [lab] or [test:SUITE/NAME], "
			   "got [%s]",
			   section);
	t = section_test(p, section + 5);
	return p->error ? 0 : test_key(p, t, key, value);
}

static void check_test(struct parser *p, const struct test *t)
{
	const char *lacks = NULL;

	for (size_t i = LAB_HINTS; i-- > 0;) {
		if (!t->hints[i] || !*t->hints[i])
			lacks = &"hint1\0hint2\0hint3"[i * 6];
	}
	if (!t->concept || !*t->concept)
		lacks = "concept";
	if (!t->task)
		lacks = "task";
	if (!t->points)
		lacks = "points";
	if (!t->title || !*t->title)
		lacks = "title";
	if (lacks)
		bad(p, t->line, "[test:%s] lacks %s", t->id, lacks);
}

/* What must be there when the file has been read. */
static void check_whole(struct parser *p)
{
	const struct lab *lab = p->lab;

	if (!lab->title || !*lab->title)
		bad(p, 1, "[lab] lacks title");
	if (!lab->deliverable_count)
		bad(p, 1, "[lab] lacks deliverables");
	if (!lab->test_count)
		bad(p, p->line, "expected a section [test:SUITE/NAME]");
	for (size_t i = 0; i < lab->test_count; i++)
		check_test(p, &lab->tests[i]);
}

int grading_load(struct lab *lab, char **error)
{
	struct parser p = { .lab = lab };
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
		bad(&p, rc > 0 ? rc : p.line,
		    "expected [SECTION] or KEY = VALUE");
	check_whole(&p);
	for (size_t i = 0; i < p.seen_count; i++)
		free(p.seen[i]);
	free(p.seen);
	free(path);
	*error = p.error;
	return p.error ? -1 : 0;
}
