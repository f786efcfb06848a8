/* SPDX-License-Identifier: MIT */
/* Task 2: the title, as ps(1) sees it: in /proc/PID/cmdline. */
#include "asking.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char shown[65536];

/* What ps shows: zeros within are spaces, those at the end are nothing. */
static const char *title(struct prog *d)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", prog_pid(d));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		judge_infra("%s", path);
	n = read(fd, shown, sizeof(shown) - 1);
	close(fd);
	n = n < 0 ? 0 : n;
	while (n > 0 && !shown[n - 1])
		n--;
	for (ssize_t i = 0; i < n; i++)
		if (!shown[i])
			shown[i] = ' ';
	shown[n] = '\0';
	return shown;
}

static void expect_title(struct prog *d, const char *expected)
{
	judge_check(!strcmp(title(d), expected), expected, "ps shows \"%s\"",
		    shown);
}

static struct prog *start(void)
{
	return prog_driver("title-driver", "first", "second argument");
}

GRADED(title, ps_shows_it)
{
	struct prog *d = start();

	judge_promise("No effect before title_init().");
	prog_ask(d, "ok", "set too_early");
	judge_check(strstr(title(d), "title-driver first second argument"),
		    "no effect before title_init()", "ps shows \"%s\"", shown);
	judge_promise("Makes TEXT the title.");
	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "set framed:_master_process");
	expect_title(d, "framed: master process");
	prog_ask(d, "ok", "set framed:_worker_process");
	expect_title(d, "framed: worker process");
	prog_finish(d);
}

/*
 * ps shows as many bytes as SHOULD be there. Where it shows fewer, the room is
 * too small; where it shows more, something was not cut, or not wiped.
 */
static size_t title_length(struct prog *d, long long should)
{
	size_t n = strlen(title(d));

	if ((long long)n < should)
		judge_promise("When they have been moved elsewhere, their");
	return n;
}

/* A title of N letters, and nothing else, is shown. */
static void expect_letters(struct prog *d, long long n)
{
	judge_promise("What does not fit is cut; what is left of");
	prog_ask(d, "ok", "long %lld", n);
	judge_check((long long)title_length(d, n) == n,
		    "the new title and nothing after it",
		    "a title of %lld bytes, and ps shows %zu: \"%.80s\"", n,
		    strlen(shown), shown);
}

static void short_after_long(void)
{
	struct prog *d = start();
	long long room, arguments;

	prog_ask(d, "ok", "init");
	room = ask_number(prog_answer(d, "room"));
	arguments = ask_number(prog_answer(d, "arguments"));
	expect_letters(d, room - 1);
	expect_letters(d, 40);
	judge_step("the last byte of the arguments is NUL: the kernel shows "
		   "all of them");
	expect_letters(d, room - 1);
	expect_letters(d, arguments - 1);
	expect_letters(d, 27);
	expect_letters(d, 1);
	expect_letters(d, 0);
	prog_finish(d);
}

static void a_gap_is_the_end(void)
{
	struct prog *d = start();
	long long arguments = ask_number(prog_answer(d, "arguments"));

	judge_step("the environment does not follow the arguments");
	judge_promise("Only memory that follows argv[0] without a gap");
	prog_ask(d, "ok", "gap");
	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "long 30000");
	judge_check((long long)strlen(title(d)) == arguments - 1,
		    "a title as long as the arguments, less their final NUL",
		    "%zu bytes are shown, with room for %lld", strlen(shown),
		    arguments);
	prog_finish(d);
}

static void a_later_gap_is_the_end(void)
{
	struct prog *d = start();
	long long room = ask_number(prog_answer(d, "later-gap"));

	judge_checking("title_later_gap");
	judge_step("a string in the middle of the environment lies elsewhere");
	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "long 30000");
	judge_check((long long)strlen(title(d)) == room - 1,
		    "a title that ends at the gap",
		    "%zu bytes are shown, with room for %lld", strlen(shown),
		    room);
	judge_checking(NULL);
	prog_finish(d);
}

/* How long the room is decides who starts the program: from one byte on. */
static void little_room(void)
{
	static const char *const kinds[] = { "bare", "nameless", "odd" };

	judge_checking("title_little_room");
	for (int i = 0; i < 3; i++) {
		struct prog *d = start();
		long long room;

		judge_step("a program that is started otherwise: \"%s\"",
			   kinds[i]);
		prog_input(d, "exec %s", kinds[i]);
		room = ask_number(prog_answer(d, "room"));
		prog_ask(d, "ok", "init");
		prog_ask(d, "ok", "long 30000");
		judge_check((long long)strlen(title(d)) == room - 1,
			    "a title as long as arguments and environment, "
			    "less its final NUL",
			    "%zu bytes are shown, with room for %lld",
			    strlen(shown), room);
		prog_ask(d, "ok", "set");
		expect_title(d, "");
		prog_finish(d);
	}
	judge_checking(NULL);
}

GRADED(title, long_and_short)
{
	struct prog *d = start();
	long long room;

	judge_promise("When they have been moved elsewhere, their");
	prog_ask(d, "ok", "init");
	room = ask_number(prog_answer(d, "room"));
	judge_promise("What does not fit is cut; what is left of");
	for (long long n = room - 2; n < room + 3; n++) {
		long long all = n < room - 1 ? n : room - 1;

		prog_ask(d, "ok", "long %lld", n);
		judge_check((long long)title_length(d, all) == all,
			    "a title as long as arguments and environment, "
			    "less its final NUL",
			    "%zu bytes are shown of %lld, with room for %lld",
			    strlen(shown), n, room);
	}
	prog_ask(d, "ok", "long 30000");
	judge_check((long long)title_length(d, room - 1) == room - 1,
		    "what does not fit is cut", "%zu bytes", strlen(shown));
	prog_finish(d);
	short_after_long();
	a_gap_is_the_end();
	a_later_gap_is_the_end();
	little_room();
}

/* What the environment holds is not title_init()'s to judge. */
static void odd_environment(const char *kind)
{
	struct prog *d = start();
	char before[64], value[64];

	judge_checking("title_odd_environment");
	judge_step("a program that is started otherwise: \"%s\"", kind);
	prog_input(d, "exec %s", kind);
	snprintf(before, sizeof(before), "%s", prog_answer(d, "environ"));
	snprintf(value, sizeof(value), "%s", prog_answer(d, "get A"));
	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "moved");
	prog_ask(d, "ok", "long 30000");
	prog_ask(d, before, "environ");
	prog_ask(d, value, "get A");
	prog_ask(d, "ok", "put FRAMED_IS_NEW yes");
	prog_ask(d, "yes", "get FRAMED_IS_NEW");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(title, environment_is_moved)
{
	struct prog *d = start();
	char before[64], path[4096];

	snprintf(before, sizeof(before), "%s", prog_answer(d, "environ"));
	snprintf(path, sizeof(path), "%s", prog_answer(d, "get PATH"));
	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "moved");
	prog_ask(d, "ok", "long 30000");
	prog_ask(d, before, "environ");
	prog_ask(d, path, "get PATH");
	prog_ask(d, "ok", "put PATH /elsewhere");
	prog_ask(d, "/elsewhere", "get PATH");
	prog_ask(d, "ok", "put FRAMED_IS_NEW yes");
	prog_ask(d, "yes", "get FRAMED_IS_NEW");
	prog_ask(d, "ok", "set x");
	prog_ask(d, "yes", "get FRAMED_IS_NEW");
	prog_finish(d);
	odd_environment("bare");
	odd_environment("odd");
}

GRADED(title, arguments_stay)
{
	struct prog *d = start();

	prog_ask(d, "ok", "init");
	prog_ask(d, "ok", "long 30000");
	prog_ask(d, "first", "argv 1");
	prog_ask(d, "second argument", "argv 2");
	prog_finish(d);
}

GRADED(title, nothing_changes_without_memory)
{
	for (int n = 1; n <= 4; n++) {
		struct prog *d = start();
		const char *result;

		prog_ask(d, "ok", "no-memory %d", n);
		result = prog_answer(d, "init");
		judge_check(!strcmp(result, "ok") || !strcmp(result, "ENOMEM"),
			    "ENOMEM, or success if it takes less memory", "%s",
			    result);
		if (!strcmp(result, "ENOMEM")) {
			prog_ask(d, "first", "argv 1");
			judge_checking("title_nothing_moves");
			prog_ask(d, "ok", "stayed");
			judge_checking(NULL);
			prog_ask(d, "ok", "set changed");
			judge_check(strstr(title(d), "second argument"),
				    "nothing is changed", "ps shows \"%s\"",
				    shown);
		} else {
			judge_check(n > 1, "ENOMEM", "success");
		}
		prog_finish(d);
	}
}
