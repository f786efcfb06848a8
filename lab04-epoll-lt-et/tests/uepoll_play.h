/* SPDX-License-Identifier: MIT */
/*
 * uepoll_play - a script with answers, played on the driver.
 */
#ifndef UEPOLL_PLAY_H
#define UEPOLL_PLAY_H

#include <string.h>

#include "judge.h"

/* Sends each line up to its "=>", and wants what stands behind it. */
static inline void play_on(struct prog *driver, const char *script)
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
	prog_finish(driver);
}

static inline void play(const char *script)
{
	play_on(prog_driver("uepoll-driver"), script);
}

static inline void play_valgrind(const char *script)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };

	play_on(prog_start_opts(&opts, "drivers/uepoll-driver"), script);
}

#endif
