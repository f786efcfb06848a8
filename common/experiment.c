/* SPDX-License-Identifier: MIT */
/*
 * What an experiment says goes to standard output at once, folded to 80
 * columns under its label, and is kept for the one line of the table at the
 * end. The line of a run that hangs is made in advance, since the watchdog is
 * a signal handler and may only call what signal-safety(7) lists.
 */
#include "experiment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LABEL_COLUMNS = 11, LINE_COLUMNS = 79, WATCHDOG_S = 30 };
enum { AGREES = 0, DISAGREES = 1, FAILED = 2, SKIPPED = 77 };

static const char *const verdicts[] = {
	[EXP_TRUE] = "true",
	[EXP_FALSE] = "false",
	[EXP_HALF] = "half",
};

static const char *name = "?";
static const char *claim = "?";
static const char *table;
static char saw[4096];
static char unmet[512];
static char hung_line[1024];
static size_t hung_length;

/*
 * Prints TEXT beside LABEL. A text that fits into the line keeps its spaces, so
 * that lines can make a table; one that does not is folded between words.
 */
static void say(const char *label, const char *text)
{
	int column = LABEL_COLUMNS;

	printf("  %-*s", LABEL_COLUMNS - 2, label);
	if (LABEL_COLUMNS + strlen(text) <= LINE_COLUMNS) {
		puts(text);
		return;
	}
	while (*text) {
		int word = (int)strcspn(text, " ");

		if (column > LABEL_COLUMNS &&
		    column + 1 + word > LINE_COLUMNS) {
			printf("\n%*s", LABEL_COLUMNS, "");
			column = LABEL_COLUMNS;
		} else if (column > LABEL_COLUMNS) {
			column += printf(" ");
		}
		column += printf("%.*s", word, text);
		text += word;
		text += strspn(text, " ");
	}
	printf("\n");
}

/* Called by the watchdog too. */
static bool append_line(const char *line, size_t length)
{
	bool done;
	int fd;

	if (!table || !*table)
		return true;
	fd = open(table, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	done = write(fd, line, length) == (ssize_t)length;
	close(fd);
	return done;
}

static size_t format_line(char *line, size_t size, const char *result,
			  const char *verdict, const char *note)
{
	int n = snprintf(line, size, "%s\t%s\t%s\t%s\t%s\t%s\n", name, result,
			 verdict, claim, saw, note);

	if (n < 0 || (size_t)n < size)
		return n < 0 ? 0 : (size_t)n;
	line[size - 2] = '\n';
	return size - 1;
}

static void report(const char *result, const char *verdict, const char *note)
{
	char line[8192];

	if (!append_line(line, format_line(line, sizeof(line), result, verdict,
					   note)))
		fprintf(stderr, "%s: cannot append to it: %s\n", table,
			strerror(errno));
}

static void on_watchdog(int signo)
{
	static const char text[] = "  failed   hung: ended by the watchdog\n";
	ssize_t ignored = write(STDOUT_FILENO, text, sizeof(text) - 1);

	(void)signo;
	(void)ignored;
	append_line(hung_line, hung_length);
	_exit(FAILED);
}

void exp_begin(const char *its_name, const char *its_claim)
{
	struct sigaction action = { .sa_handler = on_watchdog };

	name = its_name;
	claim = its_claim;
	/* A copy: what the environment holds may be written over. */
	table = getenv("EXPERIMENT_TABLE");
	if (table)
		table = strdup(table);
	hung_length = format_line(hung_line, sizeof(hung_line), "failed", "-",
				  "hung: ended by the watchdog");
	/* By lines, so that no child inherits half of one. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &action, NULL);
	alarm(WATCHDOG_S);
	printf("%s\n", name);
	say("claim", claim);
}

void exp_did(const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say("did", text);
}

void exp_saw(const char *fmt, ...)
{
	size_t used = strlen(saw);
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say("saw", text);
	snprintf(saw + used, sizeof(saw) - used, "%s%s", used ? "; " : "",
		 text);
}

void exp_expect(bool ok, const char *want_fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, want_fmt);
	vsnprintf(text, sizeof(text), want_fmt, args);
	va_end(args);
	say(ok ? "expected" : "NOT MET", text);
	if (!ok && !*unmet)
		memcpy(unmet, text, sizeof(unmet));
}

int exp_end(enum exp_verdict verdict, const char *truth)
{
	alarm(0);
	say("truth", truth);
	printf("  verdict  %s%s\n", verdicts[verdict],
	       verdict == EXP_HALF ? " true" : "");
	if (*unmet)
		printf("  THE KERNEL DISAGREES WITH THE COURSE\n");
	report(*unmet ? "disagrees" : "agrees", verdicts[verdict],
	       *unmet ? unmet : truth);
	return *unmet ? DISAGREES : AGREES;
}

void exp_skip(const char *why_fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, why_fmt);
	vsnprintf(text, sizeof(text), why_fmt, args);
	va_end(args);
	say("skipped", text);
	report("skipped", "-", text);
	exit(SKIPPED);
}

void exp_die(const char *what)
{
	char text[512];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	say("failed", text);
	report("failed", "-", text);
	exit(FAILED);
}

pid_t exp_fork(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		exp_die("fork");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have ended before prctl() was in force. */
	if (getppid() != parent)
		_exit(FAILED);
	return 0;
}

void exp_need_descriptors(unsigned long n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		exp_die("getrlimit");
	if (limit.rlim_cur >= n)
		return;
	if (limit.rlim_max < n)
		exp_skip("needs %lu descriptors, the hard limit is %lu", n,
			 (unsigned long)limit.rlim_max);
	limit.rlim_cur = n;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		exp_die("setrlimit");
}
