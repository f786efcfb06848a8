/* SPDX-License-Identifier: MIT */
/*
 * experiment - the frame of a program that proves a claim about the kernel.
 *
 *	int main(void)
 *	{
 *		exp_begin("backlog", "listen(n): n bounds both queues");
 *		...
 *		exp_did("listen(4), then 10 connects, no accept");
 *		exp_saw("%d connections are ESTABLISHED", n);
 *		exp_expect(n == 5, "n + 1 = 5");
 *		return exp_end(EXP_FALSE, "n + 1 fit the accept queue");
 *	}
 *
 * A set-up call that fails ends the program with exp_skip() or exp_die(). A
 * watchdog ends a run that hangs, 30 s after exp_begin().
 *
 * Exit status: 0 the kernel agrees with the course, 1 it does not, 77 it could
 * not be tried here, 2 the experiment itself failed or hung.
 *
 * Standard output is for people. For programs: if the environment variable
 * EXPERIMENT_TABLE names a file, one line is appended to it when the run ends,
 * of six fields with a tab between them, none of which holds a tab or newline:
 *
 *	name	as told to exp_begin(): "backlog"
 *	result	"agrees", "disagrees", "skipped" or "failed"
 *	verdict	of the course: "true", "false" or "half"; "-" if skipped, failed
 *	claim	as told to exp_begin()
 *	saw	all lines of exp_saw(), joined by "; "; may be empty
 *	note	agrees: the truth; disagrees: the expectation that was not met;
 *		skipped, failed: why
 *
 * A program that dies of a signal writes no line; its exit status says so.
 */
#ifndef COMMON_EXPERIMENT_H
#define COMMON_EXPERIMENT_H

#include <stdbool.h>
#include <sys/types.h>

/* What the course says of the claim. */
enum exp_verdict { EXP_TRUE, EXP_FALSE, EXP_HALF };

/* Prints the name and the claim. Once, first. */
void exp_begin(const char *name, const char *claim);

/* A line of what was done, or of what was seen. */
void exp_did(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void exp_saw(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * What the course expects of the kernel here. If OK is false, the experiment
 * goes on, but ends with status 1. WANT says what should have been seen.
 */
void exp_expect(bool ok, const char *want_fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The verdict and the truth in a sentence; returns main's exit status. */
int exp_end(enum exp_verdict verdict, const char *truth);

/* Ends the program: it cannot be tried here (status 77), and why. */
_Noreturn void exp_skip(const char *why_fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Ends the program: a call of the set-up failed (status 2); adds errno. */
_Noreturn void exp_die(const char *what);

/*
 * fork(2), but the child is killed when the parent ends in whatever way, so
 * that no experiment leaves a process behind. Never returns -1. The child ends
 * with _exit(2); the parent reaps it.
 */
pid_t exp_fork(void);

/*
 * Makes room for N descriptors: raises the soft limit (RLIMIT_NOFILE) if it is
 * lower. Ends with exp_skip() if the hard limit does not allow it.
 */
void exp_need_descriptors(unsigned long n);

#endif
