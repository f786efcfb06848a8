/* SPDX-License-Identifier: MIT */
/*
 * ps(1) reads /proc/PID/cmdline, and the kernel answers that from the memory
 * that execve(2) filled: from arg_start to arg_end, and on into the environment
 * if the byte before arg_end is no longer NUL (fs/proc/base.c,
 * get_mm_cmdline()). So a pointer put into argv[0] changes nothing, and a text
 * is seen as far as the two pieces reach.
 *
 * The program runs itself once more, with an environment of a known size.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiment.h"

static char shown[8192];

/* What ps would show of this process, without the zeros at the end. */
static size_t read_cmdline(void)
{
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, shown, sizeof(shown) - 1);

	if (n < 0)
		exp_die("/proc/self/cmdline");
	close(fd);
	while (n > 0 && !shown[n - 1])
		n--;
	shown[n] = '\0';
	return (size_t)n;
}

/* Bytes from argv[0] to the end of the last string that follows. */
static size_t room(char *argv[], char *envp[])
{
	char *end = argv[0];

	for (char **p = argv; *p; p++)
		end = *p + strlen(*p) + 1;
	for (char **p = envp; *p; p++)
		end = *p + strlen(*p) + 1;
	return (size_t)(end - argv[0]);
}

static void fill(char *at, size_t n)
{
	memset(at, 't', n);
}

/* In the second run: argv is "short", and the environment one long string. */
static int try_titles(char *argv[])
{
	static char other[] = "another string, somewhere else";
	size_t arguments = strlen(argv[0]) + 1, all = room(argv, environ), n;
	char *first = argv[0];

	exp_begin("proctitle", "argv[0] can be set to any text");
	argv[0] = other;
	n = read_cmdline();
	exp_did("argv[0] points to another string");
	exp_saw("ps shows \"%s\"", shown);
	exp_expect(!strcmp(shown, "short"), "the old name");
	argv[0] = first;

	/* Elsewhere, or it would be overwritten; nobody here needs it. */
	clearenv();
	fill(first, arguments - 1);
	n = read_cmdline();
	exp_did("as many bytes as the arguments are written over them");
	exp_saw("ps shows %zu bytes of %zu", n, arguments - 1);
	exp_expect(n == arguments - 1, "all of them");

	fill(first, all - 1);
	n = read_cmdline();
	exp_did("the environment is moved, and its place is used as well");
	exp_saw("ps shows %zu bytes; arguments %zu, environment %zu", n,
		arguments, all - arguments);
	exp_expect(n == all - 1, "%zu", all - 1);
	return exp_end(EXP_HALF, "only into the bytes that argv and environ "
				 "own: move environ first");
}

int main(int argc, char *argv[])
{
	char *again[] = { (char *)"short", NULL };
	char *env[3] = { NULL };
	const char *table = getenv("EXPERIMENT_TABLE");
	char large[600], keep[4096];

	(void)argc;
	if (!strcmp(argv[0], "short"))
		return try_titles(argv);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	memcpy(large, "LARGE=", 6);
	env[0] = large;
	if (table) {
		snprintf(keep, sizeof(keep), "EXPERIMENT_TABLE=%s", table);
		env[1] = keep;
	}
	fflush(stdout);
	execve("/proc/self/exe", again, env);
	exp_die("execve");
}
