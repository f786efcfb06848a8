/* SPDX-License-Identifier: MIT */
/*
 * state - what is remembered between runs, in build/state/ below the tree's
 * top: LAB.json, a lab's last results, and hints/LAB.json, how many hints of
 * each test were shown. Files are replaced whole (rename(2)), never half
 * written. State that cannot be read counts as none.
 */
#ifndef GRADE_STATE_H
#define GRADE_STATE_H

#include "result.h"

/* Initialises LR and fills it with the lab's last results, if there are. */
void state_load(struct lab_result *lr, const struct lab *lab);

/* Keeps LR. 0, or -1 with errno. */
int state_save(const struct lab_result *lr);

/* Sets lr->finished to now. */
void state_stamp(struct lab_result *lr);

/* How many hints were shown of KEY, a test or SUITE/NAME#CHECK; keeping it. */
int state_hints(const struct lab *lab, const char *key);
int state_save_hints(const struct lab *lab, const char *key, int shown);

/*
 * Only one process at a time builds in a tree. Takes the lock: a descriptor
 * whose close() gives it back, or -1 with EWOULDBLOCK if another has it.
 */
int state_lock(const struct lab *lab);

/* A new folder for one run, to be freed (and removed); NULL with errno. */
char *state_scratch(const struct lab *lab);

#endif
