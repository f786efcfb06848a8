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
 * how the command ended and what it printed.
 *
 * Call from one thread, with SIGPIPE ignored.
 */
#ifndef GRADE_KEEPER_H
#define GRADE_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KEEPER_OUTPUT_MAX (128 << 10)  /* bytes of output kept */
#define KEEPER_FLOOD	  (256L << 20) /* bytes of output that end it */

struct keeper_job {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *const *env;	 /* "NAME=VALUE" to set, or "NAME" to unset */
	const char *dir;	 /* working directory, NULL: as it is */
	int64_t deadline_ms;	 /* from the start on */
	bool own_pids; /* in a pid namespace: pid_namespace_works() first */
};

struct keeper; /* one that runs */

/* How a command ended. */
struct keeper_end {
	int status;   /* as of waitpid(2) */
	bool late;    /* the deadline passed */
	bool flood;   /* printed more than KEEPER_FLOOD */
	bool lost;    /* the keeper itself was killed: status says nothing */
	int64_t ms;   /* how long it ran */
	char *output; /* standard output and error, its first part */
};

/* Starts JOB. NULL with errno set if there is no process or no pipe. */
struct keeper *keeper_start(const struct keeper_job *job);

/* Readable when keeper_finished() has something new to see; -1: not yet. */
int keeper_fd(const struct keeper *k);

/* Reads what came from the keeper; true when the command has ended. */
bool keeper_finished(struct keeper *k);

/* Asks the keeper to kill everything now. It then finishes soon. */
void keeper_abort(struct keeper *k);

/*
 * Takes END from a keeper that has finished and frees the keeper. The caller
 * frees end->output.
 */
void keeper_end(struct keeper *k, struct keeper_end *end);

/*
 * The keeper's own life (keeper_process.c), as a child of GRADE: runs JOB, then writes
 * the message to FD.
 * For keeper_start() in the process that it forks.
 */
_Noreturn void keeper_process(const struct keeper_job *job, pid_t grade,
			      int fd);

/* The head of the message; the output follows. */
struct keeper_message {
	int32_t status;
	uint8_t late;
	uint8_t flood;
	int64_t ms;
	uint64_t output_len;
};

#endif
