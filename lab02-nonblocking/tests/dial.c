/* SPDX-License-Identifier: MIT */
/* Tasks 4 and 5: dial.c, by way of dial-driver. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "ends.h"
#include "lab02.h"

static void dial_end(struct prog *d)
{
	judge_checking("dial_gives_back");
	judge_promise(NULL);
	prog_ask(d, "0 descriptors, 0 lists of addresses", "held");
	judge_checking(NULL);
	prog_finish(d);
}

/*
 * It has failed, wherever: in the name, before there was a socket, too. Giving it
 * up then is allowed, and more than once. The driver's struct was full of rubbish
 * before dial_start().
 */
static void has_nothing_left(struct prog *d)
{
	judge_checking("dial_failed_at_once");
	judge_promise("Once there is a result it is -1.");
	prog_ask(d, "-1", "watch");
	judge_promise("later it does nothing, for a connection that");
	for (int i = 0; i < 2; i++)
		prog_ask(d, "cancelled", "cancel");
	judge_promise("Once there is a result it is -1.");
	prog_ask(d, "-1", "watch");
	judge_checking(NULL);
}

/* What was given away is no longer the dial's, and stays open. */
static void the_result_is_the_callers(struct prog *d, struct peer *c)
{
	judge_checking("dial_keeps_nothing");
	judge_promise("Once there is a result it is -1.");
	prog_ask(d, "-1", "watch");
	judge_promise("later it does nothing, for a connection that");
	prog_ask(d, "cancelled", "cancel");
	prog_ask(d, "said", "say still here");
	peer_expectf(c, "still here");
	judge_checking(NULL);
}

/* connect(2) need not say EINPROGRESS, and then there is nothing to wait for. */
static void connected_at_once(struct prog *d, struct peer_listener *l)
{
	char expected[128];
	struct peer *c;

	snprintf(expected, sizeof(expected), "connected %s",
		 peer_listener_address(l));
	judge_checking("dial_connected_at_once");
	judge_promise("Returns a connected socket, non-blocking");
	prog_ask(d, "ok", "connect -1");
	prog_ask(d, expected, "count 1 %s 60000", peer_listener_address(l));
	c = peer_accept(l);
	prog_ask(d, "said", "say hello at once");
	peer_expectf(c, "hello at once");
	prog_ask(d, "ok", "connect 0");
	judge_checking(NULL);
	the_result_is_the_callers(d, c);
}

/* Descriptors have no upper end: only those of an fd_set have. */
static void beyond_an_fd_set(void)
{
	struct prog *d = prog_driver("dial-driver");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct peer *c;

	judge_checking("dial_beyond_an_fd_set");
	judge_promise(NULL);
	/* Fewer are a machine's own limit, and no fault of dial.c. */
	if (strcmp(prog_answer(d, "crowd"), "ok")) {
		judge_checking(NULL);
		dial_end(d);
		return;
	}
	prog_answer(d, "start %s 60000", peer_listener_address(l));
	c = peer_accept(l);
	judge_check(!strncmp(prog_answer(d, "finish"), "connected ", 10),
		    "connected", "something else");
	prog_ask(d, "said", "say hello");
	peer_expectf(c, "hello");
	judge_checking(NULL);
	dial_end(d);
}

GRADED(dial, connects)
{
	struct prog *d = prog_driver("dial-driver");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char expected[128];
	struct peer *c;

	snprintf(expected, sizeof(expected), "connected %s",
		 peer_listener_address(l));
	judge_promise("Returns a connected socket, non-blocking");
	prog_ask(d, expected, "count 1 %s 60000", peer_listener_address(l));
	c = peer_accept(l);
	prog_ask(d, "said", "say hello");
	peer_expectf(c, "hello");

	judge_step("by a name, too");
	judge_promise("Begins to connect to HOST_PORT");
	prog_ask(d, "ok", "name server.test 127.0.0.1");
	prog_ask(d, expected, "count 1 server.test:%d 60000",
		 peer_listener_port(l));
	c = peer_accept(l);
	prog_ask(d, "said", "say hello again");
	peer_expectf(c, "hello again");
	the_result_is_the_callers(d, c);
	connected_at_once(d, l);
	dial_end(d);
	beyond_an_fd_set();
}

GRADED(dial, refused_is_not_connected)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();

	for (int i = 0; i < 3; i++)
		prog_ask(d, "-1 ECONNREFUSED", "count 1 %s 60000",
			 ends.refusing);
	judge_checking("dial_keeps_nothing");
	judge_promise("Once there is a result it is -1.");
	prog_ask(d, "-1", "watch");
	judge_checking(NULL);
	judge_promise("ECONNREFUSED, EHOSTUNREACH, ...: the last");
	prog_ask(d, "-1 ENETUNREACH", "count 1 255.255.255.255:%d 60000",
		 ends.port);
	has_nothing_left(d);
	dial_end(d);
	ends_close(&ends);
}

GRADED(dial, not_before_it_is_so)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();
	long left;

	judge_promise("or -1 with errno EINPROGRESS: go on with");
	prog_ask(d, "under way", "start %s 60000", ends.silent);
	for (int i = 0; i < 20; i++) {
		const char *said;

		judge_promise("`dial_continue` never waits, and may be");
		said = prog_answer(d, "continue");
		judge_promise("Looks at what became of it.");
		prog_said(d, said, "under way");
	}
	judge_promise("How long to wait for dial_fd() at most");
	prog_input(d, "left");
	left = strtol(prog_line(d), NULL, 10);
	judge_check(left > 0 && left <= 60000, "1 to 60000 ms to be left",
		    "%ld", left);
	prog_ask(d, "cancelled", "cancel");
	dial_end(d);
	ends_close(&ends);
}

/* The answer was there in time; only the caller came late. */
static void late_look(struct prog *d, const struct ends *ends)
{
	char expected[128];
	int64_t begin;

	judge_checking("dial_late_look");
	judge_promise("with errno ETIMEDOUT if the last address gave");
	snprintf(expected, sizeof(expected), "connected %s", ends->serving);
	if (!strcmp(prog_answer(d, "start %s 20", ends->serving),
		    "under way")) {
		begin = clock_ms();
		judge_until(clock_ms() - begin >= 50, "the time is over");
		prog_ask(d, expected, "continue");
	}
	judge_checking(NULL);
}

GRADED(dial, no_answer_ends_in_time)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();
	int64_t begin = clock_ms(), took;

	judge_promise("with errno ETIMEDOUT if the last address gave");
	prog_ask(d, "-1 ETIMEDOUT", "count 1 %s 300", ends.silent);
	took = clock_ms() - begin;
	judge_check(took >= 300, "300 ms, as was asked for", "%lld ms",
		    (long long)took);

	judge_checking("dial_left_is_never_negative");
	judge_promise(NULL);
	prog_ask(d, "under way", "start %s 20", ends.silent);
	begin = clock_ms();
	judge_until(clock_ms() - begin >= 50, "the time is over");
	prog_ask(d, "0", "left");
	judge_checking(NULL);
	judge_promise("with errno ETIMEDOUT if the last address gave");
	prog_ask(d, "-1 ETIMEDOUT", "continue");
	late_look(d, &ends);
	dial_end(d);
	ends_close(&ends);
}

GRADED(dial, errors_of_names)
{
	static const char *const table[][2] = {
		{ "EAI_NONAME", "-1 ENOENT" },
		{ "EAI_NODATA", "-1 ENOENT" },
		{ "EAI_AGAIN", "-1 EIO" },
		{ "EAI_FAIL", "-1 EIO" },
		{ "EAI_MEMORY", "-1 ENOMEM" },
		{ "EAI_SYSTEM", "-1 EMFILE" },
		{ "EAI_SERVICE", "-1 ENOENT" },
		{ "EAI_ADDRFAMILY", "-1 ENOENT" },
	};
	static const char *const malformed[] = {
		"nocolon", "127.0.0.1:", "127.0.0.1:99999", ":80", "::1:80",
	};
	struct prog *d = prog_driver("dial-driver");

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		/* dial.h has the common ones, the handout has all. */
		judge_promise("Its errors are no errno values and become");
		if (!strcmp(table[i][0], "EAI_NONAME") ||
		    !strcmp(table[i][0], "EAI_NODATA"))
			judge_promise("ENOENT the name does not exist or has");
		else if (!strcmp(table[i][0], "EAI_AGAIN"))
			judge_promise("EIO the resolver did not answer");
		prog_ask(d, "ok", "name n%zu.test %s", i, table[i][0]);
		prog_ask(d, table[i][1], "count 1 n%zu.test:80 60000", i);
		has_nothing_left(d);
	}
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		judge_promise("EINVAL HOST_PORT is malformed; ENAMETOOLONG");
		prog_ask(d, "-1 EINVAL", "count 1 %s 60000", malformed[i]);
		has_nothing_left(d);
	}
	judge_promise("EINVAL HOST_PORT is malformed; ENAMETOOLONG");
	prog_ask(d, "-1 ENAMETOOLONG", "count 1 %0256d:80 60000", 0);
	has_nothing_left(d);
	dial_end(d);
}

GRADED(dial, addresses_in_turn)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();
	char expected[128];

	judge_promise("A name may have several addresses; they are");
	snprintf(expected, sizeof(expected), "connected %s", ends.serving);
	prog_ask(d, "ok", "name many.test 255.255.255.255 %s %s %s",
		 ends.refusing_host, ends.refusing_host, ends.serving_host);
	prog_ask(d, expected, "count 1 many.test:%d 60000", ends.port);

	judge_step("the first that answers is taken");
	prog_ask(d, "ok", "name first.test %s %s", ends.serving_host,
		 ends.refusing_host);
	prog_ask(d, expected, "count 1 first.test:%d 60000", ends.port);

	judge_checking("dial_no_socket");
	judge_promise(NULL);
	prog_ask(d, "ok", "name six.test ::1 %s", ends.serving_host);
	prog_ask(d, "ok", "no_ipv6");
	prog_ask(d, expected, "count 1 six.test:%d 60000", ends.port);
	judge_checking(NULL);
	dial_end(d);
	ends_close(&ends);
}

#define MANY_MS	 1200000
#define SLACK_MS 60000 /* far more than any machine takes for a few lines */
#define MANY	 6

/*
 * Some addresses that fail on the spot, one that is silent, and whatever comes
 * behind it: its share is that of what is left, which is all of it.
 */
static void any_share(struct prog *d, const struct ends *ends, int game)
{
	size_t failing = judge_random_between(0, MANY - 1);
	size_t behind = judge_random_between(0, MANY - 1 - failing);
	long share = MANY_MS / (long)(behind + 1), left;
	char hosts[512] = "";

	for (size_t i = 0; i < failing; i++)
		strcat(hosts, " 255.255.255.255");
	for (size_t i = 0; i <= behind; i++)
		strcat(strcat(hosts, " "), ends->silent_host);
	prog_ask(d, "ok", "name any%d.test%s", game, hosts);
	prog_ask(d, "under way", "start any%d.test:%d %d", game, ends->port,
		 MANY_MS);
	left = strtol(prog_answer(d, "left"), NULL, 10);
	judge_check(left > share - SLACK_MS && left <= share,
		    "an equal share of what is left, among the addresses that "
		    "are left",
		    "%ld ms instead of %ld: %zu have failed at once, %zu are "
		    "left with this one",
		    left, share, failing, behind + 1);
	prog_ask(d, "cancelled", "cancel");
}

/* On a busy machine the second one's share may not do; then there is more. */
static void the_next_one_has_time(struct prog *d, const char *want,
				  const char *host, int port)
{
	const char *line = "";

	for (int ms = 600; ms < 5000 && strcmp(line, want); ms *= 2)
		line = prog_answer(d, "count 1 %s:%d %d", host, port, ms);
	judge_check(!strcmp(line, want), want, "%s", line);
}

GRADED(dial, a_silent_address_leaves_time)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();
	char expected[128];
	long left;

	snprintf(expected, sizeof(expected), "connected %s", ends.serving);
	prog_ask(d, "ok", "name quiet.test %s %s", ends.silent_host,
		 ends.serving_host);
	the_next_one_has_time(d, expected, "quiet.test", ends.port);

	judge_step("each gets an equal share");
	prog_ask(d, "ok", "name three.test %s %s %s", ends.silent_host,
		 ends.silent_host, ends.serving_host);
	prog_ask(d, "under way", "start three.test:%d 90000", ends.port);
	prog_input(d, "left");
	left = strtol(prog_line(d), NULL, 10);
	judge_check(left > 15000 && left <= 30000,
		    "a third of 90000 ms for the first of three", "%ld", left);
	prog_ask(d, "under way", "continue");
	prog_ask(d, "cancelled", "cancel");
	judge_checking("dial_any_share");
	for (int i = 0; i < 20; i++)
		any_share(d, &ends, i);
	judge_checking(NULL);
	dial_end(d);
	ends_close(&ends);
}

/* Whatever connect(2) says, it is the error of that address. */
static void any_error(struct prog *d, const struct ends *ends)
{
	char expected[128];

	judge_checking("dial_any_error");
	judge_promise("ECONNREFUSED, EHOSTUNREACH, ...: the last");
	for (int error = 1; error < 134; error++) {
		const char *name = strerrorname_np(error);

		if (!name || error == EINPROGRESS || error == EINTR ||
		    error == EAGAIN || error == EALREADY || error == EISCONN)
			continue;
		snprintf(expected, sizeof(expected), "-1 %s", name);
		prog_ask(d, "ok", "connect %d", error);
		prog_ask(d, expected, "count 1 %s 60000", ends->serving);
	}
	judge_step("interrupted, it goes on by itself");
	judge_promise("or -1 with errno EINPROGRESS: go on with");
	prog_ask(d, "ok", "connect %d", EINTR);
	prog_ask(d, "under way", "start %s 60000", ends->serving);
	snprintf(expected, sizeof(expected), "connected %s", ends->serving);
	prog_ask(d, expected, "finish");
	prog_ask(d, "ok", "connect 0");
	judge_checking(NULL);
}

/* It was connected and reset before anybody looked; the reset may be late. */
static void reset_before_the_look(struct prog *d)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	const char *said = "";

	judge_checking("dial_reset_before_the_look");
	judge_promise("ECONNREFUSED, EHOSTUNREACH, ...: the last");
	for (int i = 0; i < 100 && strcmp(said, "-1 ECONNRESET"); i++) {
		said = prog_answer(d, "start %s 60000",
				   peer_listener_address(l));
		peer_reset(peer_accept(l));
		if (!strcmp(said, "under way"))
			said = prog_answer(d, "continue");
		judge_check(!strncmp(said, "connected ", 10) ||
				    !strcmp(said, "-1 ECONNRESET"),
			    "-1 ECONNRESET, once the reset has come", "%s",
			    said);
	}
	judge_checking(NULL);
	peer_listener_close(l);
}

GRADED(dial, the_last_error_is_told)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();

	any_error(d, &ends);
	reset_before_the_look(d);

	judge_promise("When all have failed, errno is the reason of");
	prog_ask(d, "ok", "name a.test %s %s", ends.silent_host,
		 ends.refusing_host);
	the_next_one_has_time(d, "-1 ECONNREFUSED", "a.test", ends.port);
	prog_ask(d, "ok", "name b.test %s %s", ends.refusing_host,
		 ends.silent_host);
	prog_ask(d, "-1 ETIMEDOUT", "count 1 b.test:%d 300", ends.port);
	prog_ask(d, "ok", "name c.test %s 255.255.255.255", ends.refusing_host);
	prog_ask(d, "-1 ENETUNREACH", "count 1 c.test:%d 60000", ends.port);
	dial_end(d);
	ends_close(&ends);
}

/* Descriptor 0 is one like any other. */
static void descriptor_zero(struct prog *d, const struct ends *ends)
{
	const char *held;

	judge_checking("dial_zero");
	judge_promise(NULL);
	prog_ask(d, "ok", "zero");
	prog_ask(d, "-1 ECONNREFUSED", "count 3 %s 60000", ends->refusing);
	prog_ask(d, "-1 ETIMEDOUT", "count 3 %s 1", ends->silent);
	prog_ask(d, "under way", "start %s 60000", ends->silent);
	prog_ask(d, "cancelled", "cancel");
	/* What is left of a list has nothing to do with the number. */
	held = prog_answer(d, "held");
	if (!strncmp(held, "0 descriptors,", 14)) {
		judge_checking(NULL);
		judge_promise("On each way out, and in `dial_cancel`");
	}
	prog_said(d, held, "0 descriptors, 0 lists of addresses");
	judge_checking(NULL);
}

GRADED(dial, leaves_nothing_behind)
{
	struct prog *d = prog_driver("dial-driver");
	struct ends ends = ends_open();

	judge_promise("or -1 with another errno, and nothing is left");
	prog_ask(d, "-1 ECONNREFUSED", "count 20 %s 60000", ends.refusing);
	prog_ask(d, "-1 ETIMEDOUT", "count 20 %s 1", ends.silent);
	prog_ask(d, "ok", "name gone.test EAI_NONAME");
	prog_ask(d, "-1 ENOENT", "count 20 gone.test:80 60000");
	prog_ask(d, "0 descriptors, 0 lists of addresses", "held");
	descriptor_zero(d, &ends);
	judge_promise("On each way out, and in `dial_cancel`");
	for (int i = 0; i < 3; i++) {
		prog_ask(d, "under way", "start %s 60000", ends.silent);
		prog_ask(d, "cancelled", "cancel");
	}
	judge_step("with no descriptor left");
	judge_promise("EMFILE, ENFILE, ENOMEM: no descriptor or");
	prog_ask(d, "ok", "hoard");
	prog_ask(d, "-1 EMFILE", "count 3 %s 60000", ends.serving);
	prog_ask(d, "ok", "release");
	judge_promise("Returns a connected socket, non-blocking");
	prog_input(d, "count 20 %s 60000", ends.serving);
	judge_check(!strncmp(prog_line(d), "connected ", 10),
		    "a connection, with descriptors to be had again",
		    "another answer");
	dial_end(d);
	ends_close(&ends);
}

GRADED(dial, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/dial-driver");
	struct ends ends = ends_open();

	prog_ask(d, "ok", "name many.test 255.255.255.255 %s %s",
		 ends.refusing_host, ends.serving_host);
	prog_input(d, "count 3 many.test:%d 60000", ends.port);
	prog_line(d);
	prog_ask(d, "-1 ECONNREFUSED", "count 3 %s 60000", ends.refusing);
	prog_ask(d, "-1 ETIMEDOUT", "count 1 %s 10", ends.silent);
	prog_ask(d, "under way", "start %s 60000", ends.silent);
	prog_ask(d, "cancelled", "cancel");
	prog_finish(d);
	ends_close(&ends);
}
