/* SPDX-License-Identifier: MIT */
#include "drivertest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *t, const void *bytes, size_t len)
{
	if (t->len + len + 1 > t->size) {
		t->size = 2 * (t->len + len + 1);
		t->data = realloc(t->data, t->size);
		if (!t->data)
			judge_infra("%zu bytes of memory", t->size);
	}
	memcpy(t->data + t->len, bytes, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void text_addf(struct text *t, const char *fmt, ...)
{
	char *piece = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&piece, fmt, ap);
	va_end(ap);
	if (n < 0)
		judge_infra("no memory");
	text_add(t, piece, (size_t)n);
	free(piece);
}

void text_clear(struct text *t)
{
	t->len = 0;
	text_add(t, "", 0);
}

static void add_byte(struct text *t, unsigned char c)
{
	if (c == '\\')
		text_add(t, "\\\\", 2);
	else if (c < ' ' || c > '~')
		text_addf(t, "\\x%02x", c);
	else
		text_add(t, &c, 1);
}

const char *driver_bytes(struct prog *driver, const char *name,
			 const void *bytes, size_t len)
{
	static struct text command, answer;
	const char *line;

	text_clear(&command);
	text_clear(&answer);
	text_addf(&command, "%s ", name);
	for (size_t i = 0; i < len; i++)
		add_byte(&command, ((const unsigned char *)bytes)[i]);
	text_add(&command, "\n", 1);
	prog_input_bytes(driver, command.data, command.len);
	while (strcmp(line = prog_line(driver), ".") != 0)
		text_addf(&answer, "%s%s", answer.len ? "\n" : "", line);
	return answer.data;
}

const char *driver_text(struct prog *driver, const char *name, const char *text)
{
	return driver_bytes(driver, name, text, strlen(text));
}

const char *driver_ask(struct prog *driver, const char *fmt, ...)
{
	char *command = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&command, fmt, ap) < 0)
		judge_infra("no memory");
	va_end(ap);
	prog_input(driver, "%s", command);
	free(command);
	return prog_line(driver);
}

/* What is printed, without what stands in parentheses. */
static void without_properties(struct text *to, const char *print)
{
	bool inside = false;

	text_clear(to);
	for (; *print && *print != '\n'; print++) {
		inside |= *print == '(';
		if (!inside)
			text_add(to, print, 1);
		else if (*print == ')') {
			inside = false;
			print += print[1] == ' ';
		}
	}
}

/* The promise of WANT, a line, if GOT tells which one it breaks. */
static void promise_of_line(const char *got, const char *want)
{
	const char *place = strstr(want, " line=");
	static struct text a, b;
	char mode[2][8];

	if (strncmp(got, "error ", 6) == 0)
		return;
	if (strncmp(got, want, strcspn(want, " ") + 1) != 0) {
		judge_promise("rule = id mode { property } client { client }");
		return;
	}
	if (strncmp(want, "print ", 6) == 0) {
		without_properties(&a, got);
		without_properties(&b, want);
		if (strcmp(a.data, b.data) == 0)
			judge_promise("Properties stand in one pair of");
		else
			judge_promise("Adds R to OUT as one line without a");
		return;
	}
	if (strncmp(want, "rule ", 5) != 0 || !place)
		return;
	if (strncmp(got, want, (size_t)(place - want)) == 0)
		judge_promise("Where it stands in the text: from its id to");
	else if (sscanf(got, "rule %*s %7s", mode[0]) == 1 &&
		 sscanf(want, "rule %*s %7s", mode[1]) == 1 &&
		 strcmp(mode[0], mode[1]) != 0)
		judge_promise("The name of MODE:");
}

void rules_answered(const char *got, const char *want)
{
	size_t same = 0, line = 0;

	if (strcmp(got, want) == 0)
		return;
	for (; got[same] && got[same] == want[same]; same++)
		if (got[same] == '\n')
			line = same + 1;
	/* Lines may be missing, and those that are there be right. */
	if (!strchr("\n", got[same]) || !strchr("\n", want[same]))
		promise_of_line(got + line, want + line);
	judge_fail(OUTCOME_FAIL, want, "%s", got);
}

/* An error of another kind than ERROR is about errno, and not about the limit. */
static void promise_of_error(const char *got, const char *error)
{
	char kind[32];

	snprintf(kind, sizeof(kind), "error %s ", error ? error : "");
	if (error && strncmp(got, "error ", 6) == 0 &&
	    strncmp(got, kind, strlen(kind)) != 0)
		judge_promise("E2BIG (past a limit)");
}

void rules_taken(struct prog *d, const char *what, const char *command,
		 const struct text *text, const char *error, size_t line)
{
	const char *got = driver_bytes(d, command, text->data, text->len);
	char want[64];

	if (error)
		snprintf(want, sizeof(want), "error %s %zu ", error, line);
	else
		snprintf(want, sizeof(want), "%s",
			 strcmp(command, "rule") ? "rules " : "rule ");
	promise_of_error(got, error);
	judge_check(strncmp(got, want, strlen(want)) == 0, want,
		    "%.120s, for %s", got, what);
}
