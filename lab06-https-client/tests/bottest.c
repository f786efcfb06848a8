/* SPDX-License-Identifier: MIT */
#include "bottest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 512

/* WORD with "@" replaced by the origin's address; the test's own. */
static const char *put_address(const char *word, const char *address)
{
	const char *at = strchr(word, '@');
	char *text;

	if (!at || (strncmp(word, "http", 4) != 0 && !strchr(word, ' ')))
		return word;
	if (asprintf(&text, "%.*s%s%s", (int)(at - word), word, address,
		     at + 1) < 0)
		judge_infra("no memory");
	return text;
}

struct prog *bot_startv(const struct prog_opts *opts, struct prog *origin,
			const char *const *words)
{
	struct prog_opts all = opts ? *opts : (struct prog_opts){ 0 };
	/* What a busy machine takes longer for is not to end by a time-out. */
	const char *args[WORDS_MAX] = {
		"--json", "--cacert",	   ORIGIN_CA, "--connect-timeout",
		"120",	  "--tls-timeout", "120",     "--first-byte-timeout",
		"120",	  "--timeout",	   "120"
	};
	static char to[128];
	size_t n = 11;

	while (*words && n < WORDS_MAX - 3)
		args[n++] = put_address(*words++, prog_address(origin));
	/* As curl has it: any host and port. The first that fits is taken. */
	snprintf(to, sizeof(to), "::%s", prog_address(origin));
	args[n++] = "--connect-to";
	args[n++] = to;
	all.no_listen = true;
	return prog_spawn(&all, "bot", args);
}

long bot_number(const json_t *report, const char *path)
{
	char copy[128], *rest = copy, *word;
	const json_t *at = report;

	snprintf(copy, sizeof(copy), "%s", path);
	while ((word = strsep(&rest, ".")))
		at = json_object_get(at, word);
	return json_integer_value(at);
}

void bot_expect(const json_t *report, const char *path, long n)
{
	char want[160];

	snprintf(want, sizeof(want), "\"%s\": %ld in bot's report", path, n);
	judge_check(bot_number(report, path) == n, want, "%ld",
		    bot_number(report, path));
}

/* Failures by kind add up to the failed ones. */
static void check_sums(const json_t *report)
{
	json_t *failures = json_object_get(report, "failures"), *value;
	const char *kind;
	long sum = 0;

	json_object_foreach(failures, kind, value)
	{
		judge_check(json_integer_value(value) > 0,
			    "in \"failures\" only kinds that occurred",
			    "\"%s\": %ld", kind,
			    (long)json_integer_value(value));
		sum += json_integer_value(value);
	}
	judge_check(sum == bot_number(report, "requests.failed"),
		    "failures that add up to \"failed\"", "%ld and %ld", sum,
		    bot_number(report, "requests.failed"));
}

static const char *wait_promise;

void bot_wait_promise(const char *words)
{
	wait_promise = words;
}

static char *said_by(struct prog *bot)
{
	const char *before = wait_promise ? judge_promise(wait_promise) : NULL;
	char *line = strdup(prog_line(bot));

	if (wait_promise)
		judge_promise(before);
	wait_promise = NULL;
	return line;
}

json_t *bot_report(struct prog *bot, int status)
{
	json_error_t error;
	char *line = said_by(bot);
	json_t *report = json_loads(line ? line : "", 0, &error);

	judge_check(json_is_object(report), "one JSON object", "%s: %s",
		    error.text, line);
	prog_expect_output(bot, "", 0);
	if (status == BOT_AS_REPORTED)
		status = bot_number(report, "requests.failed") > 0;
	prog_expect_exit(bot, status);
	judge_step("bot reports: %s", line);
	free(line);
	check_sums(report);
	return report;
}

void bot_expect_done(const json_t *report, long done)
{
	json_t *failures = json_object_get(report, "failures");
	char *text = json_dumps(failures, JSON_COMPACT);

	judge_check(bot_number(report, "requests.failed") == 0,
		    "no failed request", "failures: %s", text ? text : "none");
	free(text);
	bot_expect(report, "requests.done", done);
}

void bot_expect_failed(const json_t *report, long done, const char *kind,
		       long failed)
{
	char want[128], path[128];
	char *text =
		json_dumps(json_object_get(report, "failures"), JSON_COMPACT);

	snprintf(path, sizeof(path), "failures.%s", kind);
	snprintf(want, sizeof(want), "failures: {\"%s\":%ld}", kind, failed);
	judge_check(bot_number(report, path) == failed &&
			    bot_number(report, "requests.failed") == failed,
		    want, "failures: %s", text);
	free(text);
	bot_expect(report, "requests.done", done);
}

/* The origin's content: each line of eight bytes says where it begins. */
static void check_content(const char *path, const char *data, size_t len)
{
	char line[16], want[64];

	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0)
			sprintf(line, "%07zu\n", i % 10000000);
		snprintf(want, sizeof(want),
			 "byte %zu of the body as it was "
			 "sent",
			 i);
		judge_check(data[i] == line[i % 8], want,
			    "another one in %s: 0x%02x", path,
			    (unsigned char)data[i]);
	}
}

void bot_expect_file(const char *dir, int i, size_t len)
{
	char path[256], want[300];
	char *data = malloc(len + 2);
	size_t got = 0;
	FILE *f;

	if (!data)
		judge_infra("no memory");
	snprintf(path, sizeof(path), "%s/%06d.body", dir, i + 1);
	f = fopen(path, "r");
	if (f) {
		got = fread(data, 1, len + 1, f);
		fclose(f);
	}
	snprintf(want, sizeof(want), "%zu bytes in %s", len, path);
	judge_check(f && got == len, want, f ? "%zu%s bytes" : "no such file",
		    got, got > len ? " or more" : "");
	check_content(path, data, len);
	free(data);
}
