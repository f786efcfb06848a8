/* SPDX-License-Identifier: MIT */
/*
 * master - the process that starts the workers, and sees to it that there are
 * always as many as there should be.
 *
 * It serves nobody. It waits for a signal, a report of a worker, or the time of
 * something put off, and does what has to be done:
 *
 *	SIGCHLD		reaps every child that has ended, and starts another in
 *			its seat
 *	SIGHUP		reload: a new generation of workers, then the old leave
 *	SIGTERM SIGINT	stops: workers are told STOP, and answer what has come.
 *			A second one, or drain_ms later: they are told CUT
 *	SIGQUIT		ends at once
 *	SIGUSR1		logs are opened anew, by it and by its workers
 *	SIGUSR2		statistics now
 *
 * The signals are blocked all the time and read from a descriptor (signalfd(2))
 * in the same poll(2) that waits for everything else. So none can arrive
 * between a look and the wait that follows it, and none interrupts anything.
 * Several signals of a kind may have become one: SIGCHLD says that somebody has
 * ended, never how many.
 *
 * A reload starts a new generation of workers (crew.h). The old one is told to
 * leave when all of the new one serve, so there is no moment in which a seat is
 * empty. If the new one never serves, the old one goes on. A reload during a
 * reload is one more generation.
 *
 * A worker that has ended, or reports LEAVING, is replaced in the same turn that
 * learns of it, or after the delay of crew.h.
 */
#ifndef LAB07_MASTER_H
#define LAB07_MASTER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MASTER_KILL_MS 1000 /* from CHANNEL_CUT to SIGKILL */

struct master_config {
	size_t workers;	  /* 1 to CREW_SEATS_MAX (crew.h) */
	int64_t drain_ms; /* from TERM until the rest is cut */
	int64_t stats_ms; /* from one statistics line to the next */
};

/* What a worker is given. */
struct master_seat {
	size_t seat;	/* 0 to workers - 1 */
	size_t workers; /* of its generation */
	int commands;	/* from the master: channel_receive() */
	int reports;	/* to the master: channel_tell() */
};

/*
 * What the program does itself; none may be NULL. All but work() are called in
 * the master, with ARG.
 */
struct master_ops {
	/*
	 * About to start a worker in SEAT. After this, in the master,
	 * started() is called with its pid, or with -1 if fork(2) failed.
	 */
	void (*starting)(void *arg, size_t seat);
	void (*started)(void *arg, size_t seat, pid_t pid);
	/*
	 * The worker's life, in the new process, which ends with the status
	 * that it returns (exit(3)). Of the master's descriptors, those that
	 * master.c opened are closed. `commands` and `reports` are closed after
	 * it has returned: it only uses them. The signals of the table above
	 * are still blocked: one that comes early waits until the worker looks.
	 */
	int (*work)(void *arg, const struct master_seat *seat);
	/*
	 * The worker PID was reaped; STATUS is as waitpid(2) says. How it ended
	 * is in the log already (log.h): "worker 24284 was killed by signal 9".
	 */
	void (*reaped)(void *arg, pid_t pid, int status);
	/*
	 * All workers of the first generation serve. A reload before that makes
	 * another generation the first: this is called for it, and not
	 * reloaded().
	 */
	void (*ready)(void *arg);
	/*
	 * Reads the configuration again, and writes what it says to *CONFIG.
	 * Returns 0, or -1: refused, and everything stays as it is.
	 */
	int (*reload)(void *arg, struct master_config *config);
	/* All workers of the generation of the last reload() serve. */
	void (*reloaded)(void *arg);
	void (*reopen)(void *arg);
	void (*stats)(void *arg);
	/* The workers are about to be told to stop: from now on nobody is to
	 * be let in. Not after SIGQUIT, when they are told nothing. */
	void (*stopping)(void *arg);
};

/*
 * Starts the workers and lives as the master until they have all ended after
 * SIGTERM, SIGINT or SIGQUIT. *CONFIG is read at the start. For a process with
 * one thread; it ignores SIGPIPE.
 *
 * SIGCHLD gets its default action. Where it is ignored, as execve(2) may have
 * left it, the kernel reaps each child itself, and tells nobody (signal(7)).
 *
 * When the time is up, and after a second SIGTERM, workers are told CUT, and
 * killed (SIGKILL) if they have not ended MASTER_KILL_MS later. After SIGQUIT
 * they are killed without a word. All are reaped before this returns.
 *
 * Returns 0, or -1 with errno: what pipe2(2), signalfd(2) or fork(2) failed
 * with, or ECHILD: a worker ended before all of the first generation served. No
 * worker is left then.
 */
int master_run(const struct master_config *config, const struct master_ops *ops,
	       void *arg);

#endif
