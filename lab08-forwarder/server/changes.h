/* SPDX-License-Identifier: MIT */
/*
 * changes - the rules that are in force become others: at the start, by a
 * reload, by a command. Each change is prepared whole, and then takes effect at
 * once; if anything is wrong, nothing has changed. No live connection is ended.
 *
 * All by the first worker's thread, without the lock. Those that return int
 * return 0, or -1 with WHY (SERVICE_WHY_MAX bytes).
 */
#ifndef LAB08_CHANGES_H
#define LAB08_CHANGES_H

#include "server/program.h"

/* Reads the rules file, also for the first time. */
int changes_reload(struct program *p, char *why);

/* Reads it and says whether it could come into force, as far as one can see
 * without listening. */
int changes_check(struct program *p, char *why);

/* TEXT is a rule as it stands in a file, its final ";" may be missing. */
int changes_add(struct program *p, const char *text, char *why);
int changes_modify(struct program *p, const char *text, char *why);
int changes_remove(struct program *p, const char *id, char *why);

/* Writes the rules in force to the file. */
int changes_dump(struct program *p, char *why);

/* Nobody can connect any more; the rules stay for those who have. */
void changes_shut_listeners(struct program *p);

/* The end: no rules, no checks. */
void changes_forget(struct program *p);

#endif
