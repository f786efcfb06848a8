/* SPDX-License-Identifier: MIT */
/*
 * keeper - runs one command in a process tree of its own and lets nothing of
 * it survive.
 *
 *	grade ── keeper ── the command ── whatever it starts
 *
 * The keeper is a process: leader of its own session, subreaper of the tree,
 * and dead set on a deadline. When the command ends, or is late, or grade asks
 * or dies, the keeper kills all its descendants and sends grade one message:
 * how the command ended, what it printed, and what it reported.
 *
 * The report comes by a pipe that only the command has, as the descriptor
 * KEEPER_REPORT_FD. It has no name in the file system, so nobody else can write
 * one, or put another in its place. One byte before the report is the mark
 * that the command has begun what it is to report of.
 *
 * Call from one thread, with SIGPIPE ignored.
 */
#ifndef GRADE_KEEPER_H
#define GRADE_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cgroup.h"

#define KEEPER_OUTPUT_MAX (128 << 10)  /* bytes of output kept */
#define KEEPER_FLOOD	  (256L << 20) /* bytes of output that end it */
#define KEEPER_REPORT_MAX (1 << 20)    /* bytes of a report */
#define KEEPER_BUILD_MIB  2048	       /* address space of each compiler */
#define KEEPER_FILE_MIB	  256	       /* and of what it writes */
#define KEEPER_REPORT_FD  0	       /* Criterion's workers keep 0, 1, 2 */

struct keeper_job {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *const *env;	 /* "NAME=VALUE" to set, or "NAME" to unset */
	const char *dir;	 /* working directory, NULL: as it is */
	int64_t deadline_ms;	 /* from the start on */
	bool own_pids; /* in a pid namespace: pid_namespace_works() first */
	uid_t user;    /* whose processes end with it, too; 0: none */
	int tasks; /* in a control group of its own for so many; 0: in none */
	bool reports;  /* it has KEEPER_REPORT_FD */
	bool compiles; /* strangers' code: KEEPER_BUILD_MIB, KEEPER_FILE_MIB */
	int64_t begin_ms; /* with reports: from the start to the mark; 0: no limit */
	int64_t end_ms; /* with reports: from its report to its end; 0: no limit */
};

struct keeper; /* one that runs */

/* How a command ended. */
struct keeper_end {
	int status;   /* as of waitpid(2) */
	bool late;    /* the deadline passed */
	bool hung;    /* or begin_ms, or end_ms */
	bool flood;   /* printed more than KEEPER_FLOOD */
	bool ended;   /* by us, before its own end */
	bool crowded; /* the kernel refused it another process */
	bool starved; /* the kernel ended a process for its memory */
	bool lost;    /* the keeper itself was killed: nothing below is said */
	int64_t ms;   /* how long it ran */
	char *output; /* standard output and error, its first part */
	char *report; /* what it wrote to KEEPER_REPORT_FD, or "" */
	size_t report_len;
};

/* Frees what END points to. */
void keeper_end_free(struct keeper_end *end);

/* Starts JOB. NULL with errno set if there is no process or no pipe. */
struct keeper *keeper_start(const struct keeper_job *job);

/* Readable when keeper_finished() has something new to see; -1: not yet. */
int keeper_fd(const struct keeper *k);

/* The root of all that it started. */
pid_t keeper_pid(const struct keeper *k);

/* Reads what came from the keeper; true when the command has ended. */
bool keeper_finished(struct keeper *k);

/* Asks the keeper to kill everything now. It then finishes soon. */
void keeper_abort(struct keeper *k);

/*
 * Takes END from a keeper that has finished and frees the keeper. The caller
 * calls keeper_end_free(). A keeper that did not come to its own end has said
 * nothing, whatever came from it.
 */
void keeper_end(struct keeper *k, struct keeper_end *end);

/*
 * The keeper's own life (keeper_process.c), as a child of GRADE: makes GROUP,
 * unless that is NULL, runs JOB in it, removes it, and writes the message to FD.
 * For keeper_start() in the process that it forks.
 */
_Noreturn void keeper_process(const struct keeper_job *job,
			      struct cgroup *group, pid_t grade, int fd);

/* The head of the message; the output and the report follow. */
struct keeper_message {
	int32_t status;
	uint8_t late;
	uint8_t hung;
	uint8_t flood;
	uint8_t ended;
	uint8_t crowded;
	uint8_t starved;
	int64_t ms;
	uint64_t output_len;
	uint64_t report_len; /* behind the output */
};

#endif
