/* SPDX-License-Identifier: MIT */
/*
 * Nothing here decides anything: the parser, uepoll and the photographs are
 * those of epoll-scope.
 */
#include "explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope_json.h"
#include "uepoll_script.h"

#define EXPORT __attribute__((used, visibility("default")))

static char *script_text;
static struct uscript script;
static struct scope_play play;
static size_t next_op;
static struct jout out;

EXPORT char *explorer_room(size_t size)
{
	free(script_text);
	script_text = malloc(size + 1);
	return script_text;
}

static const char *tell_error(int line, const char *text)
{
	jout_open(&out, NULL, '{');
	jout_open(&out, "error", '{');
	jout_number(&out, "line", line);
	jout_text(&out, "text", text);
	jout_close(&out, '}');
	jout_close(&out, '}');
	return out.text;
}

/* "script:3: expected ..." */
static const char *tell_parser_error(const char *message)
{
	char *text;
	long line = strtol(message + strcspn(message, ":") + 1, &text, 10);

	return tell_error((int)line, text + strspn(text, ": "));
}

static const char *tell_script(const char *title)
{
	int steps = 0;

	jout_open(&out, NULL, '{');
	jout_text(&out, "title", title);
	jout_open(&out, "notes", '[');
	for (size_t i = 0; i < script.ops; i++)
		if (script.op[i].verb == UV_NOTE)
			scope_json_note(&out, &script.op[i], steps);
		else
			steps++;
	jout_close(&out, ']');
	jout_number(&out, "steps", steps);
	jout_close(&out, '}');
	return out.text;
}

EXPORT const char *explorer_load(size_t size)
{
	char message[1024] = "", title[SCOPE_TITLE];
	FILE *in, *errors;
	int ret;

	jout_reset(&out);
	if (size == 0)
		return tell_error(1, "expected an operation, got nothing");
	in = fmemopen(script_text, size, "r");
	errors = fmemopen(message, sizeof(message), "w");
	if (!in || !errors)
		return tell_error(1, "expected more memory");
	scope_title(title, in);
	ret = uscript_read(&script, in, "script", errors);
	fclose(in);
	fclose(errors);
	message[strcspn(message, "\n")] = '\0';
	if (ret < 0)
		return tell_parser_error(message);
	if (script.ops > EXPLORER_OPS)
		return tell_error(
			script.op[EXPLORER_OPS].line,
			"expected at most 1000 operations and notes, got one more");
	scope_play_open(&play, &script);
	return tell_script(title);
}

EXPORT const char *explorer_step(void)
{
	char answer[USCRIPT_TEXT];
	const struct uop *op;

	while (next_op < script.ops && script.op[next_op].verb == UV_NOTE)
		next_op++;
	if (next_op == script.ops)
		return NULL;
	op = &script.op[next_op++];
	jout_reset(&out);
	scope_play_op(&play, op, answer);
	scope_json_step(&out, &play, op, NULL, answer);
	return out.text;
}

EXPORT const char *explorer_usage(int which)
{
	return which < UV_VERBS ? uscript_usage((enum uverb)which) : NULL;
}
