/* SPDX-License-Identifier: MIT */
/*
 * Programs under Valgrind: the command line, and what the logs say afterwards.
 * A forked child writes to the log of its parent, each line with its number, so a
 * log is read for each number in it: paragraphs, and a finding is one of these:
 *
 *	Invalid write of size 1			an error: anything with a stack
 *	   at 0x10922D: main (/.../f.c:8)
 *
 *	4 bytes in 1 blocks are definitely lost in loss record 1 of 1
 *	   at 0x48417B4: malloc (in /usr/libexec/valgrind/...)
 *	   by 0x109220: main (/.../f.c:8)
 *
 *	Open file descriptor 6: /etc/passwd	"<inherited from parent>": none
 *	   at 0x4955011: open (./io/../sysdeps/unix/sysv/linux/open64.c:41)
 *	   by 0x109256: main (/.../f.c:9)
 *
 * A process that a signal ended had no chance to close what it had open, so
 * its descriptors are not held against it:
 *
 *	Process terminating with default action of signal 15 (SIGTERM)
 *	   at 0x4981220: __read_nocancel (read_nocancel.c:26)
 *
 * is no finding itself, unless the signal says that the process went wrong
 * (SIGSEGV). With --quiet Valgrind keeps this paragraph to itself, so here it
 * is not quiet; its summaries have no stacks and are passed over.
 */
#include "valgrind_internal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure_internal.h"
#include "report_internal.h"
#include "valgrind_log_internal.h"

#define SHOWN	    3 /* findings told in full */
#define PARAGRAPH   4096
#define FINDING_MAX 400

struct findings {
	size_t count;
	size_t descriptors; /* so many of them are of descriptors left open */
	bool killed;	    /* the process of this log */
	bool any;	    /* a line of a stack in this paragraph */
	char text[PARAGRAPH];
	char told[SHOWN * (FINDING_MAX + 2)];
};

const char *const *valgrind_argv(struct prog *p)
{
	static const char *argv[] = {
		"valgrind",
		/* and nothing of ~/.valgrindrc */
		"--command-line-only=yes", "--leak-check=full",
		"--show-leak-kinds=definite,indirect",
		"--errors-for-leak-kinds=none", "--track-fds=yes",
		"--trace-children=yes", "--child-silent-after-fork=no",
		"--fullpath-after=", "--num-callers=16", "--error-limit=no",
		"--fair-sched=try", "--vgdb=no", NULL, /* the log */
		NULL
	};

	argv[sizeof(argv) / sizeof(argv[0]) - 2] =
		judge_format("--log-socket=127.0.0.1:%d", valgrind_log_open(p));
	return argv;
}

/*
 * "   by 0x109256: main (/home/me/lab01-blocking/io.c:9)" becomes
 * "lab01-blocking/io.c:9 (main)"; false if the frame is not of our making.
 */
static bool own_frame(const char *line, char *where, size_t size)
{
	const char *open = strstr(line, " (/"), *end = strrchr(line, ')');
	const char *name = strstr(line, ": "), *from = end, *colon;
	int slashes = 0;

	if (!open || !end || !name || name > open || open > end)
		return false;
	colon = memchr(open, ':', (size_t)(end - open));
	if (!colon || strncmp(open, " (/usr/", 7) == 0 ||
	    strncmp(open, " (/build/", 9) == 0)
		return false;
	while (from > open + 2 && slashes < 2)
		slashes += *--from == '/';
	if (*from == '/')
		from++;
	snprintf(where, size, "%.*s (%.*s)", (int)(end - from), from,
		 (int)(open - name - 2), name + 2);
	return true;
}

/* Where in the student's files the paragraph's first stack passes. */
static void find_place(const char *text, char *where, size_t size)
{
	const char *line = text;

	snprintf(where, size, "no line of yours in its stack");
	while ((line = strchr(line, '\n'))) {
		char one[1024];

		line++;
		snprintf(one, sizeof(one), "%.*s", (int)strcspn(line, "\n"),
			 line);
		if (own_frame(one, where, size))
			return;
	}
}

static void tell_steps(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		judge_step("valgrind: %.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

/* The length of what the paragraph is about. */
static size_t headline(const char *text)
{
	size_t len = strcspn(text, "\n");
	const char *tail = memmem(text, len, " in loss record", 15);

	return tail ? (size_t)(tail - text) : len;
}

static void add_finding(struct findings *f)
{
	size_t used = strlen(f->told);
	char where[256];

	if (f->count++ >= SHOWN)
		return;
	find_place(f->text, where, sizeof(where));
	snprintf(f->told + used, FINDING_MAX, "%s%.*s, at %s", used ? "; " : "",
		 (int)headline(f->text), f->text, where);
	tell_steps(f->text);
}

/* The signal that ended the process, if the paragraph is about that, or 0. */
static int ended_by(const char *text)
{
	static const char begin[] = "Process terminating with default action "
				    "of signal ";

	if (strncmp(text, begin, strlen(begin)) != 0)
		return 0;
	return atoi(text + strlen(begin));
}

/* A signal that a process brings on itself; others are sent to stop it. */
static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE ||
	       sig == SIGILL || sig == SIGABRT || sig == SIGTRAP ||
	       sig == SIGSYS;
}

/*
 * Valgrind from 3.21 on tells of calls on descriptors that are not open, each
 * release of more. They are no error of memory, and poll(2) may well be asked
 * about such a descriptor: POLLNVAL is its answer.
 */
static bool about_use_of_descriptor(const char *text)
{
	return strncmp(text, "File descriptor ", 16) == 0;
}

/*
 * Standard input, output and error are everybody's, and stay open. Those that a
 * program has put in their place with dup2(2) are told by some releases.
 */
static bool is_standard(const char *text)
{
	int fd;

	return sscanf(text, "Open file descriptor %d:", &fd) == 1 && fd <= 2;
}

static void end_of_paragraph(struct findings *f)
{
	char *text = f->text;
	int sig;
	bool fd;

	if (strncmp(text, "FILE DESCRIPTORS", 16) == 0)
		memmove(text, text + strcspn(text, "\n") + 1,
			strlen(text + strcspn(text, "\n")));
	fd = strncmp(text, "Open ", 5) == 0;
	sig = ended_by(text);
	f->killed |= sig != 0;
	if (f->any && !(sig && !is_fault(sig)) &&
	    !(fd &&
	      (f->killed || is_standard(text) || strstr(text, "<inherited"))) &&
	    !about_use_of_descriptor(text)) {
		add_finding(f);
		f->descriptors += fd;
	}
	text[0] = '\0';
	f->any = false;
}

static void add_line(struct findings *f, const char *line)
{
	size_t used = strlen(f->text);

	snprintf(f->text + used, sizeof(f->text) - used, "%s%s",
		 used ? "\n" : "", line);
	f->any |= strncmp(line, "   at 0x", 8) == 0 ||
		  strncmp(line, "Open ", 5) == 0;
}

/* The number of the process that a line is of, "==123== text"; 0 if of none. */
static long line_of(const char *line, const char **text)
{
	char *end;
	long pid = 0;

	if (strncmp(line, "==", 2) == 0)
		pid = strtol(line + 2, &end, 10);
	if (pid <= 0 || strncmp(end, "==", 2) != 0)
		return 0;
	*text = end + 2 + (end[2] == ' ');
	return pid;
}

/* The lines of LOG that are the process PID's. */
static void read_lines(struct findings *f, const char *log, long pid)
{
	const char *text;

	f->killed = false;
	for (; *log; log += strcspn(log, "\n"), log += *log == '\n') {
		size_t len;

		if (line_of(log, &text) != pid)
			continue;
		len = strcspn(text, "\n");
		if (strspn(text, " ") >= len)
			end_of_paragraph(f);
		else
			add_line(f, judge_format("%.*s", (int)len, text));
	}
	end_of_paragraph(f);
}

/* Is LINE the first one of its process in LOG? */
static bool is_first(const char *log, const char *line, long pid)
{
	const char *text;

	for (; log < line; log += strcspn(log, "\n"), log += *log == '\n')
		if (line_of(log, &text) == pid)
			return false;
	return true;
}

static void read_log(struct findings *f, const char *log)
{
	const char *line = log, *text;
	long last = 0;

	for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		long pid = line_of(line, &text);

		if (pid && pid != last && is_first(log, line, pid))
			read_lines(f, log, pid);
		last = pid ?: last;
	}
}

bool valgrind_gave_up(struct prog *p)
{
	const struct valgrind_log *first;

	if (!p->opts.valgrind)
		return false;
	first = valgrind_logs(p);
	return first && (strstr(first->text, "I can't recover.  Giving up") ||
			 strstr(first->text, "the 'impossible' happened"));
}

/*
 * Whether the process of LOG's first line has said how many errors there were. A
 * program may cut Valgrind's connection, though not take away what it has said.
 */
static bool is_whole(const char *log)
{
	static const char summary[] = "ERROR SUMMARY: ";
	const char *text;
	long first = 0;

	for (; *log; log += strcspn(log, "\n"), log += *log == '\n') {
		long pid = line_of(log, &text);

		first = first ?: pid;
		if (pid && pid == first &&
		    strncmp(text, summary, sizeof(summary) - 1) == 0)
			return true;
	}
	return false;
}

void valgrind_check(struct prog *p)
{
	struct findings *f = judge_alloc(sizeof(*f));
	const struct valgrind_log *log = valgrind_logs(p);

	if (!log)
		judge_infra("Valgrind has said nothing of %s", p->name);
	if (!is_whole(log->text))
		judge_fail(OUTCOME_FAIL,
			   "Valgrind to say in the end what it has found",
			   "its connection was cut before");
	for (; log; log = log->next)
		read_log(f, log->text);
	judge_step("Valgrind has found %zu errors in %s", f->count, p->name);
	report_checking_end(f->descriptors < f->count ? "memory"
						      : "descriptors");
	if (f->count)
		judge_fail(OUTCOME_LEAK,
			   "no memory error, no leak, no descriptor left open",
			   "%zu found by Valgrind: %s%s", f->count, f->told,
			   f->count > SHOWN ? "; and more" : "");
	free(f);
}
