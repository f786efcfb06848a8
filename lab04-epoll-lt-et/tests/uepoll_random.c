/* SPDX-License-Identifier: MIT */
/*
 * Random scripts, and the kernel decides: challenge points. Three drivers:
 *
 *	kernel-driver	makes scripts, and says what the kernel answers
 *	uepoll-driver	says what uepoll answers
 *	fuzz-driver	plays many more on both, quickly, in one process; makes what
 *			fails short, and draws what is inside
 *
 * What fuzz-driver says is only where to look, since the student's code is in
 * it: a test fails by an answer of uepoll-driver that is not kernel-driver's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

#define FUZZ_OPS   500000 /* that fuzz-driver tries */
#define SCRIPTS	   12	  /* played line by line, too ... */
#define OPS_LO	   20	  /* ... of so many operations */
#define OPS_HI	   160
#define SCRIPT_MAX 400

struct script {
	char *op[SCRIPT_MAX];
	char *answer[SCRIPT_MAX]; /* the kernel's */
	size_t ops;
};

static void script_free(struct script *s)
{
	while (s->ops) {
		free(s->op[--s->ops]);
		free(s->answer[s->ops]);
	}
}

/* Fills S with what KERNEL says up to "end"; false if it says otherwise. */
static bool read_script(struct prog *kernel, struct script *s)
{
	const char *line, *arrow;

	script_free(s);
	while (strcmp(line = prog_line(kernel), "end") != 0) {
		arrow = strstr(line, " => ");
		if (!arrow || s->ops == SCRIPT_MAX)
			return false;
		s->op[s->ops] = strndup(line, (size_t)(arrow - line));
		s->answer[s->ops++] = strdup(arrow + 4);
	}
	return true;
}

/* Plays it; the first operation with another answer, or s->ops. */
static size_t play(struct prog *driver, const struct script *s)
{
	prog_ask(driver, "ok", "new");
	for (size_t i = 0; i < s->ops; i++)
		if (strcmp(prog_answer(driver, "%s", s->op[i]), s->answer[i]))
			return i;
	return s->ops;
}

/* The script and FUZZ's picture, as steps; PICTURE is what it said last. */
static void show(struct prog *fuzz, const struct script *s)
{
	static struct script picture;
	const char *line;

	script_free(&picture);
	while (strcmp(line = prog_line(fuzz), "end") != 0 &&
	       picture.ops < SCRIPT_MAX) {
		picture.op[picture.ops] = strdup(line);
		picture.answer[picture.ops++] = NULL;
	}
	judge_step("the shortest script that fails, with the kernel's "
		   "answers:");
	for (size_t i = 0; i < s->ops; i++)
		judge_step("| %-31s => %s", s->op[i], s->answer[i]);
	for (size_t i = 0; i < picture.ops; i++)
		judge_step("%s", picture.op[i]);
	script_free(&picture);
}

/*
 * If FUZZ answers with a script, plays it, the last operation behind the
 * picture. Returns if it had none, or none that fails.
 */
static void play_shortest(struct prog *fuzz, struct prog *kernel)
{
	static struct script s;
	struct prog *driver;
	size_t n;

	if (sscanf(prog_line(fuzz), "shortest %zu", &n) != 1 || !n ||
	    n > SCRIPT_MAX)
		return;
	prog_input(kernel, "play %zu", n);
	for (size_t i = 0; i < n; i++)
		prog_input(kernel, "%s", prog_line(fuzz));
	if (!read_script(kernel, &s) || s.ops != n)
		return;
	driver = prog_driver("uepoll-driver");
	for (size_t i = 0; i < n; i++) {
		if (i == n - 1)
			show(fuzz, &s);
		prog_ask(driver, s.answer[i], "%s", s.op[i]);
	}
	prog_finish(driver);
}

/* A script that KERNEL makes and plays, on DRIVER. */
static void play_random(struct prog *kernel, struct prog *driver,
			struct prog *fuzz)
{
	static struct script s;
	char *expected, *got;
	size_t bad;

	prog_input(kernel, "random %ju %zu", (uintmax_t)judge_random(),
		   judge_random_between(OPS_LO, OPS_HI));
	if (!read_script(kernel, &s))
		judge_infra("the kernel cannot be asked");
	bad = play(driver, &s);
	if (bad == s.ops)
		return;
	prog_input(fuzz, "shrink %zu", bad + 1);
	for (size_t i = 0; i <= bad; i++)
		prog_input(fuzz, "%s", s.op[i]);
	play_shortest(fuzz, kernel);
	if (asprintf(&expected, "%s => %s", s.op[bad], s.answer[bad]) < 0)
		judge_infra("no memory");
	prog_ask(driver, "ok", "new");
	for (size_t i = 0; i < bad; i++)
		prog_answer(driver, "%s", s.op[i]);
	got = strdup(prog_answer(driver, "%s", s.op[bad]));
	judge_fail(OUTCOME_FAIL, expected, "%s", got);
}

/*
 * uepoll.h is about Linux 6.18, and older kernels answer otherwise in some places:
 * readers of a pipe were not called by every write before 5.14, its writers by
 * reads that free no page before 6.14, and the depth of nested epolls was counted
 * in another way before 6.17. (INSIDE.md, section 15)
 */
static void needs_this_kernel(struct prog *kernel)
{
	static const char *const known[][2] = {
		{ "epoll e1", "0" },	    { "pipe r w", "1 2" },
		{ "counter c 0", "3" },	    { "add e1 r IN|ET", "0" },
		{ "write w 4096", "4096" }, { "wait e1 4", "1 r:IN" },
		{ "write w 4096", "4096" }, { "wait e1 4", "1 r:IN" },
		{ "add e1 w OUT|ET", "0" }, { "add e1 c IN|ET", "0" },
		{ "read r 10", "10" },	    { "write c 1", "8" },
		{ "read r 5000", "5000" },  { "wait e1 4", "2 c:IN w:OUT" },
		{ "epoll e2", "4" },	    { "epoll e3", "5" },
		{ "epoll e4", "6" },	    { "epoll e5", "7" },
		{ "epoll e6", "8" },	    { "add e1 e2 IN", "0" },
		{ "add e2 e3 IN", "0" },    { "add e3 e4 IN", "0" },
		{ "add e4 e5 IN", "0" },    { "add e5 e6 IN", "-1 ELOOP" },
	};
	const size_t n = sizeof(known) / sizeof(known[0]);
	static struct script s;

	prog_input(kernel, "play %zu", n);
	for (size_t i = 0; i < n; i++)
		prog_input(kernel, "%s", known[i][0]);
	if (!read_script(kernel, &s) || s.ops != n)
		judge_infra("the kernel cannot be asked");
	for (size_t i = 0; i < n; i++)
		if (strcmp(s.answer[i], known[i][1]))
			judge_skip("a kernel that answers as Linux 6.18 does",
				   "This one answers %s with %s, not with %s.",
				   s.op[i], s.answer[i], known[i][1]);
	script_free(&s);
}

GRADED(uepoll, random_scripts)
{
	struct prog *kernel = prog_driver("kernel-driver");
	struct prog *fuzz = prog_driver("fuzz-driver");
	struct prog *driver = prog_driver("uepoll-driver");

	needs_this_kernel(kernel);
	judge_promise("It watches simulated files (ufile.h) and answers");
	judge_step("random scripts, %d operations in all", FUZZ_OPS);
	prog_input(fuzz, "run %ju %d", (uintmax_t)judge_random(), FUZZ_OPS);
	play_shortest(fuzz, kernel);
	for (int i = 0; i < SCRIPTS; i++)
		play_random(kernel, driver, fuzz);
	prog_finish(driver);
	prog_finish(fuzz);
	prog_finish(kernel);
}
