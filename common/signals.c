/* SPDX-License-Identifier: MIT */
/*
 * sigaction(2) and never signal(2): on Linux, signal(2) of the C library sets
 * SA_RESTART, and then a blocked accept(2) or read(2) goes on as if nothing
 * had happened.
 */
#include "signals.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int set_action(int signo, void (*handler)(int signo))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	return sigaction(signo, &action, NULL);
}

/* SET becomes the listed signals. SIGKILL and SIGSTOP cannot be blocked. */
static int fill_set(const int *signos, sigset_t *set)
{
	sigemptyset(set);
	for (; *signos; signos++) {
		if (*signos == SIGKILL || *signos == SIGSTOP) {
			errno = EINVAL;
			return -1;
		}
		if (sigaddset(set, *signos) < 0)
			return -1;
	}
	return 0;
}

/* pthread_sigmask(3) returns the error; here it goes to errno, like others. */
static int change_mask(int how, const int *signos, sigset_t *old)
{
	sigset_t set;
	int err;

	if (fill_set(signos, &set) < 0)
		return -1;
	err = pthread_sigmask(how, &set, old);
	if (err)
		errno = err;
	return err ? -1 : 0;
}

int signals_ignore(int signo)
{
	return set_action(signo, SIG_IGN);
}

int signals_handle(int signo, void (*handler)(int signo))
{
	return set_action(signo, handler);
}

int signals_block(const int *signos, sigset_t *old)
{
	return change_mask(SIG_BLOCK, signos, old);
}

int signals_open(const int *signos)
{
	sigset_t set;

	if (fill_set(signos, &set) < 0 || signals_block(signos, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int signals_read(int fd, struct signalfd_siginfo *info)
{
	struct signalfd_siginfo own;
	ssize_t n;

	if (!info)
		info = &own;
	do
		n = read(fd, info, sizeof(*info));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	return (int)info->ssi_signo;
}
