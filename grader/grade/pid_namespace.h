/* SPDX-License-Identifier: MIT */
/*
 * pid_namespace - a process tree that cannot see, signal or outlive what is
 * around it (pid_namespaces(7)): kill(-1) in it ends itself.
 *
 *	keeper ──clone──► init (pid 1) ──fork──► command
 *	   ▲                │ adopts and reaps orphans
 *	   └── wait status ─┘ ends with the command; the kernel kills the rest
 *
 * Root may make one; a user may where user namespaces are allowed.
 */
#ifndef GRADE_PID_NAMESPACE_H
#define GRADE_PID_NAMESPACE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether it can be had here. Tries it once, in a child. */
bool pid_namespace_works(void);

/*
 * Whether RLIMIT_NPROC counts what is in the namespace alone: for a user it does
 * since Linux 5.14, and root it never holds (setrlimit(2)). Tries it once.
 */
bool pid_namespace_counts(void);

/*
 * Has COMMAND(ARG), which does not return, called in a namespace of its own,
 * with /proc to match. Returns init's pid, as it is outside, for waitpid(2), and
 * in *STATUS_FD, which the caller closes, the read end of a pipe that the
 * command's wait status, an int, comes by. Or -1 with errno.
 */
pid_t pid_namespace_start(void (*command)(void *arg), void *arg,
			  int *status_fd);

#endif
