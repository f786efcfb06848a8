/* SPDX-License-Identifier: MIT */
/*
 * program - a program under test, and the list of those of this test.
 */
#ifndef JUDGE_PROGRAM_INTERNAL_H
#define JUDGE_PROGRAM_INTERNAL_H

#include "addr.h"
#include "judge.h"
#include "pipe_buffer_internal.h"

#define PROGS_MAX   64
#define STDERR_KEEP (64 * 1024)
#define STDOUT_KEEP (64 * 1024 * 1024)

struct valgrind_log;

/* A process seen before the program was stopped: it must go too. */
struct seen {
	pid_t pid;
	unsigned long long start; /* clock ticks since boot: no mix-ups */
};

struct prog {
	struct prog_opts opts;
	struct chaos chaos;
	char *title; /* the command line, for the trace */
	const char *name;
	pid_t pid;
	int pidfd;	  /* -1: it has ended */
	int in, out, err; /* our ends of the pipes, or -1 */
	struct pipe_buffer output, errors;
	int status;	       /* as of waitpid(2), once pidfd is -1 */
	uint64_t signals_sent; /* bit N: signal N was the test's doing */
	bool end_checked;      /* its end was wanted, and looked at */
	bool sanitized;	       /* it has a sanitizer's runtime */
	bool puts_signals_off; /* ThreadSanitizer's way, see prog_signal() */
	bool asked;	       /* its output is what is waited for */
	char address[80];
	int port;
	struct addr to; /* where peers connect to */
	struct seen *seen;
	size_t nseen;
	int table; /* file with the counters of libchaos; -1: none */
	char *table_path;
	unsigned int number; /* the how-maniest of this test */
	int findings;	     /* tells what a sanitizer finds, or -1 */
	bool found;	     /* it has */
	int report[2];	     /* to write what it finds, and to read it; or -1 */
	int log;	     /* where Valgrind connects, or -1 */
	struct valgrind_log *logs;
};

extern struct prog *progs[PROGS_MAX];
extern size_t nprogs;

static inline bool prog_ended(const struct prog *p)
{
	return p->pidfd < 0;
}

/* Looks whether it has ended, and takes note of how. */
void prog_reap(struct prog *p);
/* No program runs, nor any process that one has left: nothing will happen. */
bool progs_all_gone(void);

#endif
