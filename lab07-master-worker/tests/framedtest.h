/* SPDX-License-Identifier: MIT */
/*
 * framedtest - framed as a whole: its configuration, its log, and clients.
 */
#ifndef LAB07_TESTS_FRAMEDTEST_H
#define LAB07_TESTS_FRAMEDTEST_H

#include "judge.h"

#define FRAMED_LOG "log" /* in the test's working directory */

enum { PING = 0, REGISTER = 5, LOGIN = 6 };

/*
 * framed with two workers and port 0. SETTINGS are texts as -s takes them, up to
 * ten, the last one NULL: they come after the test's own.
 */
#define framed_start(...) \
	framed_startv(NULL, (const char *[]){ __VA_ARGS__, NULL })
struct prog *framed_startv(const struct prog_opts *opts,
			   const char *const *settings);

/* The pids of the workers that live now; how many. Room for 64. */
size_t framed_workers(struct prog *p, pid_t pids[64]);

/* Waits until N workers live. */
void framed_expect_workers(struct prog *p, size_t n);

/* How many lines of the log hold TEXT. */
size_t framed_log_lines(const char *text);

/* Waits until there are N of them. */
void framed_expect_log(const char *text, size_t n);

/* A figure of the statistics: asks for them with SIGUSR2, and waits. */
long long framed_figure(struct prog *p, const char *key);

/* Sends SIGHUP and waits until the new workers serve. */
void framed_reload(struct prog *p);

/* ---- clients ---- */

void framed_send_ping(struct peer *c);
void framed_send(struct peer *c, int code, const char *user,
		 const char *password);
void framed_expect_ping(struct peer *c);
/* The answer to CODE with that result, and USER: of 60 bytes, all right. */
void framed_expect(struct peer *c, int code, int result, const char *user);
/* The result of the answer to CODE, whose USER must be right. */
int framed_result(struct peer *c, int code, const char *user);

/* Both at once. */
void framed_ping(struct peer *c);

/* framed-load on P with these options; ends by itself. */
#define framed_load(p, ...) \
	framed_loadv(p, (const char *[]){ __VA_ARGS__, NULL })
struct prog *framed_loadv(struct prog *p, const char *const *options);

#endif
