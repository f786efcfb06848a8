/* SPDX-License-Identifier: MIT */
/*
 * cgroup - a control group for one test and all that it starts (cgroups(7)):
 * the kernel refuses it more than so many processes and threads, CGROUP_TASKS for
 * most, and ends a process of it that takes more than CGROUP_MIB of memory. Both
 * are more than a test may have (quota.h), whose looks come too late for a fork
 * bomb.
 *
 * A group is made below the one that grade is in or, where groups that have
 * processes may have none below, beside it. Root may do that, and a user where
 * systemd has given such a group away. Version 1 and version 2 both do.
 */
#ifndef GRADE_CGROUP_H
#define GRADE_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#define CGROUP_TASKS 640
#define CGROUP_MIB   2048

struct cgroup;

/* Whether groups that limit processes can be made and entered. Tries it once. */
bool cgroup_works(void);

/* Whether they limit memory, too: not where the kernel was started without that. */
bool cgroup_holds_memory(void);

/*
 * A group for TASKS processes and threads that has a name, and is not made yet;
 * cgroup_remove() frees it.
 */
struct cgroup *cgroup_new(int tasks);

/*
 * Makes G. False if no group can be made that limits processes; memory is
 * limited only where that can be had, too. One that is there, made by another
 * process with this G, is taken as it is.
 */
bool cgroup_make(struct cgroup *g);

/* Moves the calling process into G. 0, or -1 with errno. */
int cgroup_enter(const struct cgroup *g);

/* Whether the kernel refused a process of G, or ended one for its memory. */
bool cgroup_was_crowded(const struct cgroup *g);
bool cgroup_was_starved(const struct cgroup *g);

/*
 * Removes G. Its processes have ended; the kernel may be about to notice, and G
 * is then removed by the next call, or by cgroup_remove_rest().
 */
void cgroup_remove(struct cgroup *g);

/* Removes what is left of all groups, and waits for LIMIT_MS at most. */
void cgroup_remove_rest(int64_t limit_ms);

#endif
