/* SPDX-License-Identifier: MIT */
/*
 * program - all of the forwarder: its workers, the table that is in force, and
 * what is counted for the whole of it.
 *
 *	the first SIGTERM or SIGINT	drain: nobody is accepted, management is
 *					closed, connections have --drain seconds
 *	the second one, or time is up	the connections that are left are reset
 *	SIGHUP				the rules file is read again
 *
 * The lock is held for what takes no time: to choose a server, to count. No
 * system call is made while it is held, but where a comment says so.
 */
#ifndef LAB08_PROGRAM_H
#define LAB08_PROGRAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/tally.h"
#include "relay.h"
#include "server/options.h"
#include "server/table.h"
#include "server/worker.h"
#include "text/document.h"

#define PROGRAM_REASONS (RELAY_DRAIN + 1)
/* Descriptors that are not for sessions. */
#define PROGRAM_SPARE_FDS 64

struct connection;

struct program {
	const struct options *options;
	struct worker *workers;
	size_t opened; /* workers */
	int64_t started_ns;
	/* The first worker's own. */
	struct document document;
	struct list managers; /* management connections, see manage.h */
	int signal_fd;
	struct loop_fd signals;
	struct loop_timer bans;	 /* the next one that is over */
	struct loop_timer drain; /* the end of patience */
	struct loop_task ban;	 /* posted: there is a new one */
	struct loop_task crowd; /* posted: too many managers for the sessions */
	struct loop_task shortage; /* posted: managers have to make room */
	bool draining;
	/* When want of descriptors was last complained of, by any worker. */
	_Atomic int64_t complained_ns;
	/* Guarded by the lock. */
	pthread_mutex_t lock;
	struct table table;
	struct tally addresses; /* sessions of each client address */
	unsigned int maxsessions_per_ip;
	size_t sessions; /* pairs */
	size_t max_sessions;
	size_t manager_count;
	size_t descriptors; /* as many as may be open */
	bool paused; /* some worker may accept nobody, for sessions are full */
	bool stopping;	   /* the loops end with the last session */
	uint64_t begun;	   /* sessions */
	uint64_t bytes[2]; /* of those that are over */
	uint64_t reasons[PROGRAM_REASONS]; /* why they ended, refused ones too */
};

static inline void program_lock(struct program *p)
{
	pthread_mutex_lock(&p->lock);
}

static inline void program_unlock(struct program *p)
{
	pthread_mutex_unlock(&p->lock);
}

/*
 * Forwards by the rules in O->rules until a signal ends it. With O->check the rules are only checked. Once in
 * a process, by its main thread.
 *
 * Returns the exit status; what is wrong has been said on standard error.
 */
int program_run(const struct options *o);

/* A session begins; it is over because of REASON. The lock is held. */
void program_session_begun(struct program *p);
void program_session_over(struct program *p, enum relay_reason reason);

/* Somebody has been banned: the end of it is to be said. The lock is held. */
void program_watch_bans(struct program *p);

/*
 * Ends the connections that MATCHES says, with REASON. Of other workers, soon.
 * The first worker's thread; without the lock.
 */
void program_end_matching(struct program *p, enum relay_reason reason,
			  bool (*matches)(const struct connection *c,
					  const void *what),
			  const void *what);

/* The handlers of the timer and of the task. */
void program_on_bans(struct loop_timer *timer);
void program_on_ban(struct loop_task *task);

/* The result of a check of C's upstream. For upstream_check(). */
void program_checked(struct health_check *c, bool good);

#endif
