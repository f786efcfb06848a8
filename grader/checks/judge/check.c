/* SPDX-License-Identifier: MIT */
/*
 * The judge's tests. Most graded tests in inner.c fail on purpose, so they are
 * a program of their own, and what is looked at here is the report that each
 * leaves behind: the outcome, what the student would read, and whether any
 * process survived it.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[PATH_MAX - 64], report[PATH_MAX];

static void find_folder(void)
{
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

	cr_assert_gt(n, 0);
	folder[n] = '\0';
	*strrchr(folder, '/') = '\0';
	snprintf(report, sizeof(report), "%s/report.%d", folder, getpid());
}

static void set_environment(const char *slack, const char *seed)
{
	char path[PATH_MAX];

	unsetenv("BXFI_MAP"); /* or it takes itself for our worker */
	setenv("JUDGE_BIN", folder, 1);
	setenv("JUDGE_INSTRUMENTED", "yes", 1); /* echo-asan is */
	setenv("JUDGE_REPORT", report, 1);
	setenv("JUDGE_SLACK", slack, 1);
	setenv("TMPDIR", folder, 1);
	snprintf(path, sizeof(path), "%s/../../chaos/libchaos.so", folder);
	setenv("JUDGE_CHAOS", path, 1);
	/* What somebody may have in a shell, and no grade may depend on. */
	setenv("ASAN_OPTIONS", "detect_leaks=0:exitcode=0", 1);
	setenv("LSAN_OPTIONS", "exitcode=0", 1);
	setenv("VALGRIND_OPTS", "--tool=none", 1);
	if (seed)
		setenv("JUDGE_SEED", seed, 1);
}

/* Runs one inner test; its exit status. */
static int run(const char *test, const char *slack, const char *seed)
{
	char inner[PATH_MAX];
	int status, left;
	pid_t pid;

	find_folder();
	unlink(report);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	snprintf(inner, sizeof(inner), "%s/inner", folder);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		set_environment(slack, seed);
		if (!freopen("/dev/null", "w", stderr))
			_exit(126);
		execl(inner, inner, "--filter", test, "-j1", NULL);
		_exit(127);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	/* Whoever outlived the test is our child by now, and dead or dying. */
	while (waitpid(-1, &left, 0) > 0)
		cr_assert(WIFSIGNALED(left) && WTERMSIG(left) == SIGKILL);
	return WEXITSTATUS(status);
}

static json_t *load(void)
{
	json_error_t error;
	json_t *root = json_load_file(report, 0, &error);

	cr_assert(root, "report: %s, line %d", error.text, error.line);
	unlink(report);
	return root;
}

static const char *text(json_t *root, const char *key)
{
	const char *s = json_string_value(json_object_get(root, key));

	cr_assert(s, "the report has no \"%s\"", key);
	return s;
}

/* TEST is SUITE/NAME and its outcome SUITE; GOT is part of what it tells. */
static void check(const char *test, const char *slack, const char *got)
{
	int status = run(test, slack, NULL);
	json_t *root = load();
	const char *outcome = text(root, "outcome");
	size_t len = strcspn(test, "/");

	cr_assert(strlen(outcome) == len && memcmp(outcome, test, len) == 0,
		  "outcome %s: got %s", outcome, text(root, "got"));
	cr_assert_eq(status == 0, strcmp(outcome, "pass") == 0);
	cr_assert(strstr(text(root, "got"), got), "got \"%s\", not \"%s\"",
		  text(root, "got"), got);
	cr_assert(json_is_array(json_object_get(root, "trace")));
	cr_assert(json_is_integer(json_object_get(root, "seed")));
	text(root, "expected");
	text(root, "errors");
	json_decref(root);
}

#define INNER(suite, name, got)                    \
	Test(suite, name, .timeout = 200)          \
	{                                          \
		check(#suite "/" #name, "1", got); \
	}
/* The same for what is known to last until the deadline. */
#define INNER_IMPATIENT(suite, name, got)             \
	Test(suite, name, .timeout = 200)             \
	{                                             \
		check(#suite "/" #name, "0.05", got); \
	}

INNER(pass, good, "")
INNER(pass, flood, "")
INNER(pass, exchange, "")
INNER(pass, small, "")
INNER(pass, numbers, "")
INNER(pass, seed_is_kept, "")
INNER(pass, memory_asan, "")
INNER(pass, driver, "")
INNER(pass, output, "")
INNER(pass, limits, "")
INNER(pass, killed, "")
INNER(pass, valgrind_good, "")
INNER(pass, valgrind_fork, "")
INNER(pass, valgrind_child_stopped, "")
INNER(pass, valgrind_asan, "")
INNER(pass, chaos, "")
INNER(pass, chaos_fork, "")
INNER(pass, chaos_valgrind, "")
INNER(pass, chaos_accept, "")
INNER(pass, chaos_signal, "")
INNER(pass, chaos_edges, "")
INNER(pass, chaos_asan, "")
INNER(pass, chaos_connect, "")
INNER(pass, counts, "")
INNER(pass, alloc, "")
INNER(fail, child_crash, "EOF (the program closed or half-closed)")
INNER(fail, exit, "ended: exit status 3")
INNER(fail, babble, "\"hello there\"")
INNER(fail, orphan, "1 left, one of them process")
INNER(fail, half_dead, "1 left, one of them process")
INNER(fail, status, "exit status 3")
INNER(fail, default_action, "killed by SIGTERM")
INNER(fail, wrong, "byte 1000 is 0x")
INNER(fail, short_, "after 17 bytes")
INNER(fail, line, "good day")
INNER(fail, escaped, "2 a\\n")
INNER(fail, nobody_connects, "before its end; tell had ended: exit status 0")
INNER(fail, output, "its end after 0 bytes")
INNER(fail, closed, "closed by the program")
INNER(fail, assertion, "see the messages of Criterion")
INNER(crash, crash, "echo was killed by SIGSEGV")
INNER(crash, exit, "tell was killed by SIGSEGV")
INNER(crash, unnoticed, "tell was killed by SIGABRT")
INNER(crash, asan, "echo-asan was stopped by AddressSanitizer: heap-buffer-")
INNER(crash, asan_in_child,
      "echo-asan was stopped by AddressSanitizer: heap-buffer-")
INNER(leak, lost,
      "100 bytes in 1 blocks are definitely lost, at "
      "programs/echo.c:")
INNER(leak, lost_in_child, "(misbehave)")
INNER(leak, crash_in_child,
      "1 found by Valgrind: Process terminating with default action of signal"
      " 11 (SIGSEGV)")
INNER(leak, descriptor,
      "Open file descriptor 6: /dev/null, at "
      "programs/echo.c:")
INNER(leak, overrun, "Invalid write of size 1")
INNER(leak, memory, "KiB more")
INNER(leak, asan, "100 byte(s) leaked")
INNER(pass, runnable, "")
INNER(pass, put_off, "")
INNER_IMPATIENT(pass, busy, "")
INNER_IMPATIENT(timeout, busy, "no whole line on tell's standard output")
INNER_IMPATIENT(timeout, hang, "0 bytes, then nothing for ")
INNER_IMPATIENT(timeout, deaf, "still running after 0.5 s")
INNER_IMPATIENT(timeout, silent, "no whole line on echo's standard output")
INNER_IMPATIENT(timeout, until, "not so after 0.5 s")
/* Not after the whole deadline of 5 s; a busy machine may add to the 1 s. */
Test(timeout, answered, .timeout = 200)
{
	check("timeout/answered", "0.05", "; echo has said: 3 of 5");
	check("timeout/answered", "0.5", "3 bytes, then nothing for 1");
}
INNER_IMPATIENT(timeout, until_detail, "90% of it are white after 0.5 s")
INNER_IMPATIENT(timeout, zombies, "1 are zombies, and 0 still run, after 0.5 s")
INNER_IMPATIENT(timeout, connect, "no connection to 127.0.0.1:")
INNER(timeout, spin, "still running when its time was over")
INNER(infra, no_program, "must be built first")
INNER(infra, not_counted, "calls are not counted")

Test(report, trace_is_bounded, .timeout = 200)
{
	json_t *root, *trace;
	const char *line;

	cr_assert_eq(run("fail/many_steps", "1", "77"), 1);
	root = load();
	trace = json_object_get(root, "trace");
	cr_assert_eq(json_array_size(trace), 201);
	line = json_string_value(json_array_get(trace, 60));
	cr_assert_str_eq(line, "... steps left out here: 802");
	line = json_string_value(json_array_get(trace, 61));
	cr_assert_str_eq(line, "step 860");
	line = json_string_value(json_array_get(trace, 200));
	cr_assert_str_eq(line, "step 999");
	cr_assert_eq(json_integer_value(json_object_get(root, "seed")), 77);
	cr_assert_eq(json_integer_value(json_object_get(root, "steps_passed")),
		     2);
	/* A byte that is no UTF-8, and a quotation mark. */
	cr_assert_eq(strncmp(text(root, "got"), "\xef\xbf\xbd\"", 4), 0);
	json_decref(root);
}

/* The last step of a wait in vain is what the program did instead. */
Test(report, what_was_done_instead, .timeout = 200)
{
	json_t *root, *trace;
	const char *line;

	run("timeout/hang", "0.05", NULL);
	root = load();
	trace = json_object_get(root, "trace");
	line = json_string_value(
		json_array_get(trace, json_array_size(trace) - 1));
	cr_assert(strstr(line, "when the time was over, echo (process "), "%s",
		  line);
	/* Not every kernel says in which call. */
	cr_assert(strstr(line, ": in ") || strstr(line, ": asleep"), "%s",
		  line);
	json_decref(root);
}

Test(report, errors_are_the_tail, .timeout = 200)
{
	json_t *root;

	run("crash/crash", "1", NULL);
	root = load();
	cr_assert_str_eq(text(root, "errors"), "about to go wrong\n");
	json_decref(root);
}

/* The line that "tell" printed about its reads, as the trace shows it. */
static json_t *reads_with(const char *seed)
{
	json_t *root, *line;

	cr_assert_eq(run("pass/same_seed", "1", seed), 0);
	root = load();
	line = json_incref(json_array_get(json_object_get(root, "trace"), 3));
	cr_assert(strstr(json_string_value(line), "reads "));
	json_decref(root);
	return line;
}

Test(chaos, same_seed_same_faults, .timeout = 200)
{
	json_t *a = reads_with("4711"), *b = reads_with("4711");
	json_t *c = reads_with("4712");

	cr_assert(json_equal(a, b));
	cr_assert_not(json_equal(a, c));
}
