/* SPDX-License-Identifier: MIT */
/*
 * machine - official grades on one machine take turns: a test that measures
 * (`alone = yes`) has the machine to itself, whoever grades what beside it.
 *
 * There are two files, locked with flock(2), in a folder that all users of the
 * machine may write to:
 *
 *	room   shared by those that run tests or build, or held by one alone
 *	gate   held for the moment of entering the room
 *
 * A grade stays in the room until all its tests are done but those that measure.
 * For one of these it first waits outside, for MACHINE_PATIENCE_MS: others may come
 * and go meanwhile, and whoever has as many tests left as itself is soon done. Then
 * it waits in the gate. Nobody enters any more, so the room gets empty, however
 * many run.
 *
 *	  ┌──────── machine_enter(false) ────────► IN
 *	 OUT ◄───── machine_leave() ─────────────── │
 *	  │  ▲                                      │ the last has ended
 *	  │  └───── machine_leave() ─────┐          ▼
 *	  └──────── machine_enter(true) ─┴─► POLITE ──► GATE
 *	                                       └► ALONE ◄┘
 *
 * A lock is gone with the processes that have it: with grade and its keepers.
 * Call from one thread.
 */
#ifndef GRADE_MACHINE_H
#define GRADE_MACHINE_H

#include <stdbool.h>

#define MACHINE_PATIENCE_MS 30000

/* The paths of the gate and of the room. */
const char *machine_gate(void);
const char *machine_room(void);

/* Makes both files if need be, and opens them. 0, or -1 with errno. */
int machine_open(void);

/*
 * Asks for a turn that is ALONE, while none of our own is under way, or beside
 * others. True: it may start. False: not now; ask again for the same soon, which
 * keeps the place in the gate. True at once if machine_open() did not work.
 */
bool machine_enter(bool alone);

/* Nothing of ours runs or waits any more. */
void machine_leave(void);

#endif
