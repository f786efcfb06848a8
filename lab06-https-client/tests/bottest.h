/* SPDX-License-Identifier: MIT */
/*
 * bottest - bot against an origin, and its report. All host names lead to the
 * origin (--connect-to) unless a test says otherwise; bot trusts its root.
 */
#ifndef LAB06_TESTS_BOTTEST_H
#define LAB06_TESTS_BOTTEST_H

#include <jansson.h>

#include "origintest.h"

/*
 * Starts bot with --json and these words. A word that begins with "http" or
 * "GET " is a URL, and "@" in it stands for the origin's address.
 */
#define bot_start(origin, ...) \
	bot_startv(NULL, origin, (const char *[]){ __VA_ARGS__, NULL })
struct prog *bot_startv(const struct prog_opts *opts, struct prog *origin,
			const char *const *words);

/*
 * Waits for its end: this exit status, and a report, of which all that was
 * counted must agree with itself. With BOT_AS_REPORTED the status is 1 if a
 * request has failed. The caller json_decref()s the report.
 */
#define BOT_AS_REPORTED (-1)
json_t *bot_report(struct prog *bot, int status);

/*
 * As judge_promise(), for the next bot_report() while it waits for what bot says:
 * one that hangs may break another promise than one whose requests fail.
 */
void bot_wait_promise(const char *words);

/* Both together. */
#define bot_run(origin, status, ...) \
	bot_report(bot_start(origin, __VA_ARGS__), status)

/* The number at PATH, "requests.done"; of a member that is not there: 0. */
long bot_number(const json_t *report, const char *path);

/* That number must be N. */
void bot_expect(const json_t *report, const char *path, long n);

/* So many requests are done, and so many failed with this kind; no others. */
void bot_expect_done(const json_t *report, long done);
void bot_expect_failed(const json_t *report, long done, const char *kind,
		       long failed);

/* The file of request I, from 0, in DIR holds LEN bytes of what the origin sends. */
void bot_expect_file(const char *dir, int i, size_t len);

/* names.c: parts of worker/fetches. */
void names_one_address_after_the_other(void);
void names_phases_follow_each_other(void);
void names_given_up_while_resolved(void);

#endif
