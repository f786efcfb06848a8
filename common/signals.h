/* SPDX-License-Identifier: MIT */
/*
 * signals - the three calm ways to deal with signals: ignore one, let it
 * interrupt a system call, or block it and read it from a descriptor.
 *
 * A list of signals is an array that ends with 0:
 *
 *	int fd = signals_open((const int[]){ SIGTERM, SIGINT, 0 });
 *
 * Every function returns 0 or -1 with errno (EINVAL: no such signal, or one
 * that cannot be caught), unless it says otherwise.
 *
 * What a child inherits: fork(2) keeps handlers, the mask and what is ignored;
 * execve(2) keeps the mask and what is ignored, and takes the handlers away
 * (signal(7)).
 */
#ifndef COMMON_SIGNALS_H
#define COMMON_SIGNALS_H

#include <signal.h>
#include <sys/signalfd.h>

/* Ignores SIGNO: with SIGPIPE, a write to a gone reader fails with EPIPE. */
int signals_ignore(int signo);

/*
 * Has HANDLER called for SIGNO, without SA_RESTART: a system call that sleeps
 * fails with EINTR, so that its caller can look at what the handler noted
 * down. The handler may do what signal-safety(7) allows: set a volatile
 * sig_atomic_t, or write to a pipe.
 */
int signals_handle(int signo, void (*handler)(int signo));

/*
 * Blocks the listed signals in the calling thread and the threads it then
 * makes: they wait instead of being delivered. OLD, if not NULL, gets the mask
 * from before, for pthread_sigmask(3) or sigsuspend(2).
 */
int signals_block(const int *signos, sigset_t *old);

/*
 * Blocks the listed signals as signals_block() does and opens a descriptor
 * that is readable while one of them waits (signalfd(2)): non-blocking,
 * close-on-exec. Call before there are other threads, or they may be chosen to
 * take the signal the old way. The caller closes it; the signals stay blocked.
 *
 * Returns the descriptor, or -1 with errno (EMFILE, ENFILE, ENOMEM, EINVAL).
 */
int signals_open(const int *signos);

/*
 * Takes the next signal from FD, a descriptor of signals_open(). Several
 * deliveries of one signal may have merged into one. INFO, if not NULL, gets
 * the particulars (who sent it, ...).
 *
 * Returns its number, 0 if none waits, -1 with errno.
 */
int signals_read(int fd, struct signalfd_siginfo *info);

#endif
