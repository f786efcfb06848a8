/* SPDX-License-Identifier: MIT */
/*
 * crew - the workers that there are, and the seats that there should be.
 *
 * A seat, 0 to seats - 1, is what stays when a worker ends: its share of the
 * listening sockets. Workers come in generations, one for each reload, and each
 * generation has a worker in every seat:
 *
 *	crew_fork      READY                 told LEAVE, STOP, CUT
 *	─────► STARTING ─────► SERVING ────────────────────────────► LEAVING
 *	          │               │  reports LEAVING                    │
 *	          │ ends          │  or ends                            │ ends
 *	          ▼               ▼                                     ▼
 *	      the seat is empty again, if the worker is of         forgotten,
 *	      the present generation; see DELAY                    that is all
 *
 * DELAY. An empty seat is due at once. Only if its worker lived for less than
 * CREW_SHORT_MS, it is due after CREW_DELAY_MS, twice as long after each such
 * life in a row, at most CREW_DELAY_MAX_MS. A life ends for the seat with the
 * report LEAVING, if there is one.
 *
 * Nothing here waits, or says anything to the user. Times are of clock_ms(). One
 * thread.
 */
#ifndef LAB07_CREW_H
#define LAB07_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "channel/channel.h"
#include "list.h"

#define CREW_SEATS_MAX 256

#define CREW_SHORT_MS	  1000
#define CREW_DELAY_MS	  100
#define CREW_DELAY_MAX_MS 5000

enum crew_state { CREW_STARTING, CREW_SERVING, CREW_LEAVING };

struct crew_worker {
	struct list link;
	pid_t pid;
	size_t seat;
	unsigned int generation;
	enum crew_state state;
	int commands; /* the writing end of its channel */
	int64_t born_ms;
};

struct crew_seat {
	bool empty;
	int64_t due_ms;	  /* when it is to be filled, if empty */
	int64_t delay_ms; /* after a short life; 0: the last was no short one */
};

struct crew {
	size_t count; /* of seats */
	unsigned int generation;
	struct list workers;
	struct crew_seat seats[CREW_SEATS_MAX];
};

/* No workers, no seats. */
void crew_init(struct crew *c);

/* A new generation: from now on there are COUNT seats, all empty and due. */
void crew_renew(struct crew *c, size_t count);

/* A seat that is due at NOW_MS, or -1. */
int crew_due(const struct crew *c, int64_t now_ms);

/* When the next seat is due, INT64_MAX if none is empty. */
int64_t crew_due_ms(const struct crew *c);

/*
 * Forks a worker for SEAT, which is empty, with a channel of its own. Returns
 *   in the master	the pid; or -1 with errno, and the seat is due after a
 *			delay, as after a short life
 *   in the worker	0, and *COMMANDS is the reading end of its channel. *C
 *			is empty: what it held is closed and freed, so that no
 *			worker holds another's channel open
 */
pid_t crew_fork(struct crew *c, size_t seat, int *commands);

/*
 * The child PID was reaped. Its seat is empty, unless it had given it up before;
 * what there was of it is closed and freed. Returns whether it was a worker.
 */
bool crew_reaped(struct crew *c, pid_t pid);

/*
 * A worker reports. READY: it serves. LEAVING: its seat is empty, though it has
 * not ended yet. No effect for one that is LEAVING already, or is unknown.
 */
void crew_reported(struct crew *c, const struct channel_report *report);

/*
 * Sends COMMAND to all workers, or only to those of older generations that are
 * not LEAVING. All commands but REOPEN make them LEAVING.
 */
void crew_tell_all(struct crew *c, enum channel_command command);
void crew_tell_older(struct crew *c, enum channel_command command);

/* kill(2) with SIGKILL, all of them. They have yet to be reaped. */
void crew_kill(struct crew *c);

/* Whether every seat has a worker of this generation that serves. */
bool crew_serves(const struct crew *c);

/* Whether there is no worker left, of any generation. */
bool crew_empty(const struct crew *c);

#endif
