/* SPDX-License-Identifier: MIT */
/*
 * uepoll_play - a script with answers, played on the driver.
 */
#ifndef UEPOLL_PLAY_H
#define UEPOLL_PLAY_H

#include <stdio.h>
#include <string.h>

#include "judge.h"

static inline struct prog *uepoll_driver(void)
{
	return prog_driver("uepoll-driver");
}

static inline struct prog *uepoll_driver_valgrind(void)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };

	return prog_start_opts(&opts, "drivers/uepoll-driver");
}

/* Sends each line up to its "=>", and wants what stands behind it. */
static inline void play_more(struct prog *driver, const char *script)
{
	while (*script) {
		size_t len = strcspn(script, "\n");
		const char *answer = strstr(script, " => ");
		int op = (int)(answer - script);
		const char *want = answer + strlen(" => ");

		prog_input(driver, "%.*s", op, script);
		prog_expect_line(driver, "%.*s", (int)(script + len - want),
				 want);
		script += len + 1;
	}
}

/*
 * The same, where one answer may break two promises: if less came than should, it
 * is about the one that was given to judge_promise(); if something else, OTHER.
 */
static inline void play_or(struct prog *driver, const char *other,
			   const char *script)
{
	const char *less = judge_promise(NULL);

	while (*script) {
		size_t len = strcspn(script, "\n");
		const char *answer = strstr(script, " => ");
		const char *from = answer + strlen(" => "), *line;
		char want[128];

		snprintf(want, sizeof(want), "%.*s", (int)(script + len - from),
			 from);
		judge_promise(less);
		line = prog_answer(driver, "%.*s", (int)(answer - script),
				   script);
		if (strlen(line) >= strlen(want))
			judge_promise(other);
		prog_said(driver, line, want);
		judge_promise(less);
		script += len + 1;
	}
}

static inline void play_on(struct prog *driver, const char *script)
{
	play_more(driver, script);
	prog_finish(driver);
}

static inline void play(const char *script)
{
	play_on(uepoll_driver(), script);
}

#endif
