/* SPDX-License-Identifier: MIT */
/*
 * run - what the threads of a run share, and its course: set up, run, report.
 */
#ifndef LAB06_RUN_H
#define LAB06_RUN_H

#include <openssl/ssl.h>

#include "exchange/endpoint.h"
#include "exchange/message.h"
#include "options/options.h"
#include "plan/plan.h"
#include "report/stats.h"
#include "tasks.h"

/* Connects that may wait for the task thread. */
#define RUN_TASKS_MAX 4096

/*
 * Written by main before there are workers. After that, what is not a constant
 * has a lock of its own.
 */
struct run {
	const struct options *options;
	struct message_blocks messages;
	struct plan plan;
	struct tasks *tasks;
	struct endpoints *endpoints;
	struct endpoint **targets; /* of options->urls, one each */
	SSL_CTX *tls;
	int output_dir;	     /* -1: none */
	struct stats *stats; /* one a worker */
	int interrupted;     /* interrupt_open() */
	int ended_fd;	     /* eventfd(2): a worker adds 1 when it ends */
};

/*
 * Makes the run that O asks for ready: nothing is connected yet.
 *
 * Returns 0, or -1 after a line on standard error. run_free() in both cases.
 */
int run_prepare(struct run *r, const struct options *o);
void run_free(struct run *r);

/*
 * Runs it to its end, or until SIGINT or SIGTERM, and writes the report to
 * standard output. Returns the exit status.
 */
int run_all(struct run *r);

/* "bot: WHAT: WHY" on standard error. Always -1. */
int run_complain(const char *what, const char *why);

#endif
