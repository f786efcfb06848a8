/* SPDX-License-Identifier: MIT */
/*
 * A handler, and no signalfd(2): that would have to be read, and the main thread
 * may be in a write(2) to a pipe or a terminal that takes nothing. What the
 * handler interrupts goes on (SA_RESTART).
 */
#include "interrupt.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "signals.h"

static const int signos[] = { SIGINT, SIGTERM, 0 };

static volatile sig_atomic_t first;
static volatile sig_atomic_t told = -1; /* eventfd(2) of the run */

static void on_signal(int signo)
{
	const uint64_t one = 1;
	int error = errno;

	if (first || told < 0)
		_exit(128 + (first ? first : signo));
	first = signo;
	if (write(told, &one, sizeof(one)) < 0)
		_exit(128 + signo);
	errno = error;
}

void interrupt_init(void)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_RESTART };

	/* One handler at a time: it looks at what the other has noted. */
	for (size_t i = 0; signos[i]; i++)
		sigaddset(&action.sa_mask, signos[i]);
	for (size_t i = 0; signos[i]; i++)
		sigaction(signos[i], &action, NULL);
}

int interrupt_open(void)
{
	int fd;

	if (signals_block(signos, NULL) < 0)
		return -1;
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	told = fd;
	return fd;
}

void interrupt_unblock(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; signos[i]; i++)
		sigaddset(&set, signos[i]);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int interrupt_first(void)
{
	return first;
}
