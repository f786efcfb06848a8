/* SPDX-License-Identifier: MIT */
/*
 * daemon - a program that goes to the background, and says when it is there.
 *
 *	shell --- starter            waits for a status
 *	             |  fork
 *	             `-- middle      setsid(2), ends at once
 *	                    |  fork
 *	                    `-- daemon    no terminal, and can never get one
 *
 * setsid(2) makes a new session without a terminal. Its leader could still get
 * one by opening it (credentials(7), O_NOCTTY in open(2)), so the leader forks
 * once more and ends: the daemon is in the session and does not lead it.
 *
 * The starter does not end before the daemon serves, or has failed: whoever
 * types `framed && client` finds a server. (systemd.service(5), Type=forking,
 * asks for the same.)
 *
 * All functions are for a process with one thread.
 */
#ifndef LAB07_DAEMON_H
#define LAB07_DAEMON_H

#include <sys/types.h>

/*
 * Goes to the background. The starter never returns: it waits, and ends with
 * the status that the daemon reports with daemon_report(), or with 1 if the
 * daemon ends without a report. The middle process is reaped by the starter.
 *
 * Returns in the daemon only: the descriptor for daemon_report(), close-on-
 * exec. Standard input, output and error are still the starter's, so that what
 * goes wrong can be said. The umask is 027 and the working directory is "/".
 *
 * -1 with errno if there is no daemon (EAGAIN, EMFILE, ENOMEM): then it is the
 * caller that returns, still in the foreground. Where the second fork(2) fails, the
 * starter waits already: that is a daemon that ends without a report.
 */
int daemon_start(void);

/*
 * Connects descriptor FD (0, 1 or 2) to /dev/null. Returns 0, or -1 with
 * errno, and FD is what it was.
 */
int daemon_silence(int fd);

/*
 * Has the starter end with STATUS, 0 to 255, and closes END, the descriptor of
 * daemon_start(). A starter that was killed meanwhile is no error: nothing is
 * raised, SIGPIPE neither.
 */
void daemon_report(int end, int status);

/*
 * Creates the file PATH (mode 0644 less the umask), or takes one that a process
 * left behind, locks it, and writes this process's pid and a newline into it.
 * The lock is fcntl(2)'s F_SETLK, for writing, over the whole file: it belongs
 * to this process alone, is not inherited by children, and is gone with it,
 * however it ends. The owner before may remove its file at any moment: what is
 * locked in the end is the file that has the name PATH then. A symbolic link of
 * that name is followed: the file is the one that it leads to, or is created
 * there.
 *
 * Returns a descriptor, close-on-exec, to be kept open for as long as the lock
 * is to be held; or -1 with errno
 *   EEXIST	a living process holds the lock; its pid is in *OWNER, and the
 *		file is as it was
 *   EINVAL	PATH is no regular file (a device, a pipe), and is left alone
 *   others	of open(2) (EISDIR: a directory), ftruncate(2), write(2); no
 *		lock is held
 */
int pidfile_create(const char *path, pid_t *owner);

/*
 * Removes the file and gives the lock up, in that order, so that nobody can
 * lock a file that is about to go. Where PATH is a symbolic link, that is what
 * goes, and the file that it leads to stays. FD is closed. -1 for FD: no effect.
 */
void pidfile_remove(const char *path, int fd);

#endif
