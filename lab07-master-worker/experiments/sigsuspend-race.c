/* SPDX-License-Identifier: MIT */
/*
 * "If the flag is not set, pause": a signal that comes between the two sets the
 * flag, and then pause(2) waits for the next one, which may never come. To make
 * the moment certain, the program sends itself the signal just there.
 *
 * sigsuspend(2) lets the signal in and goes to sleep in one step: blocked until
 * then, it is still pending. signalfd(2) makes it readable, so that poll(2) can
 * wait for it beside everything else.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "signals.h"

enum { WAIT_MS = 500 };

static volatile sig_atomic_t flag;

static void set_flag(int signo)
{
	(void)signo;
	flag = 1;
}

/* Looks, is hit by the signal, and pauses. */
static void with_pause(void)
{
	if (!flag) {
		raise(SIGUSR1);
		pause();
	}
}

static void with_sigsuspend(void)
{
	sigset_t old;

	if (signals_block((const int[]){ SIGUSR1, 0 }, &old) < 0)
		_exit(2);
	if (!flag) {
		raise(SIGUSR1);
		sigsuspend(&old);
	}
}

static void with_signalfd(void)
{
	int fd = signals_open((const int[]){ SIGUSR1, 0 });

	if (fd < 0)
		_exit(2);
	raise(SIGUSR1);
	if (!exp_poll(fd, POLLIN, WAIT_MS * 10) ||
	    signals_read(fd, NULL) != SIGUSR1)
		_exit(2);
}

/* Whether WAITER, in a process of its own, comes back within WAIT_MS. */
static bool comes_back(void (*waiter)(void))
{
	int64_t deadline = clock_ms() + WAIT_MS;
	pid_t pid = exp_fork();
	bool back = false;

	if (pid == 0) {
		waiter();
		_exit(0);
	}
	while (!(back = waitpid(pid, NULL, WNOHANG) == pid) &&
	       exp_tick(deadline))
		;
	if (!back) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return back;
}

static const char *said(bool back)
{
	return back ? "it comes back" : "it sleeps on";
}

int main(void)
{
	bool paused, suspended, read;

	exp_begin("sigsuspend-race", "pause() after a check is enough");
	if (signals_handle(SIGUSR1, set_flag) < 0)
		exp_die("sigaction");
	paused = comes_back(with_pause);
	suspended = comes_back(with_sigsuspend);
	read = comes_back(with_signalfd);
	exp_did("a signal arrives between the look at the flag and the wait");
	exp_saw("pause(2): %s", said(paused));
	exp_expect(!paused, "it sleeps on");
	exp_saw("blocked, then sigsuspend(2): %s", said(suspended));
	exp_expect(suspended, "it comes back");
	exp_saw("blocked, then signalfd(2) and poll(2): %s", said(read));
	exp_expect(read, "it comes back");
	return exp_end(EXP_FALSE, "the signal between check and pause is "
				  "lost; sigsuspend or signalfd is not");
}
