/* SPDX-License-Identifier: MIT */
#include "vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANDOM_RUNS 4
#define SPLITS_MAX  6
#define ANSWER_MAX  (256 * 1024)

/* As the driver reads it; returns how many characters that is. */
static size_t put_byte(char *to, char c)
{
	if (c == '\r')
		return sprintf(to, "\\r");
	if (c == '\n')
		return sprintf(to, "\\n");
	if (c == '\\')
		return sprintf(to, "\\\\");
	if (c < ' ' || c > '~')
		return sprintf(to, "\\x%02x", (unsigned char)c);
	return sprintf(to, "%c", c);
}

void vector_command(struct prog *driver, const char *command, const char *bytes,
		    size_t len)
{
	char *text = malloc(4 * len + 1), *p = text;

	if (!text)
		judge_infra("%zu bytes of memory", 4 * len + 1);
	*p = '\0';
	for (size_t i = 0; i < len; i++)
		p += put_byte(p, bytes[i]);
	prog_input(driver, "%s %s", command, text);
	free(text);
}

const char *vector_answer(struct prog *driver)
{
	static char answer[ANSWER_MAX];
	const char *line;
	size_t len = 0, n;

	answer[0] = '\0';
	while (strcmp(line = prog_line(driver), ".") != 0) {
		n = strlen(line);
		judge_check(len + n + 2 < ANSWER_MAX, "an answer of some lines",
			    "more than %d bytes", ANSWER_MAX);
		if (len)
			answer[len++] = '\n';
		memcpy(answer + len, line, n + 1);
		len += n;
	}
	return answer;
}

static void check_answer(struct prog *driver, const struct vector *v)
{
	const char *got = vector_answer(driver);

	if (strcmp(got, v->want) != 0)
		judge_fail(OUTCOME_FAIL, v->want, "%s", got);
}

/* "at N,N,...", ascending; some may be equal: nothing new came. */
static void random_splits(char *command, size_t len)
{
	size_t at = 0, splits = judge_random_between(1, SPLITS_MAX);
	char *p = command + sprintf(command, "at ");

	for (size_t i = 0; i < splits; i++) {
		at = judge_random_between(at, len);
		p += sprintf(p, "%s%zu", i ? "," : "", at);
	}
}

void vector_check(struct prog *driver, const struct vector *v)
{
	char command[SPLITS_MAX * 21 + 4];
	const char *before = NULL;

	if (v->promise)
		before = judge_promise(v->promise);
	judge_step("%s: whole", v->story);
	vector_command(driver, "whole", v->bytes, v->len);
	check_answer(driver, v);
	judge_step("%s: byte by byte", v->story);
	vector_command(driver, "each", v->bytes, v->len);
	check_answer(driver, v);
	for (int i = 0; v->len && i < RANDOM_RUNS; i++) {
		random_splits(command, v->len);
		judge_step("%s: %s", v->story, command);
		vector_command(driver, command, v->bytes, v->len);
		check_answer(driver, v);
	}
	if (v->promise)
		judge_promise(before);
}

void vectors_check_by(struct prog *driver, const struct vector *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vector_check(driver, &v[i]);
	prog_finish(driver);
}

void vectors_check(const char *driver, const struct vector *v, size_t n)
{
	vectors_check_by(prog_driver(driver), v, n);
}
