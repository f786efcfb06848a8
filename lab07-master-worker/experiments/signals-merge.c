/* SPDX-License-Identifier: MIT */
/*
 * A standard signal that is pending is a bit, not a number: the second one of
 * its kind finds the bit set (signal(7), "Queueing and delivery semantics for
 * standard signals"). So SIGCHLD says that somebody has ended. How many is what
 * waitpid(2) is for, until it has nobody left.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { CHILDREN = 5, DEADLINE_MS = 5000 };

static volatile sig_atomic_t handled;

static void count(int signo)
{
	(void)signo;
	handled++;
}

/* Waits until CHILDREN children have ended, without taking any of them. */
static void wait_for_ends(const pid_t pids[CHILDREN])
{
	int64_t deadline = clock_ms() + DEADLINE_MS;
	siginfo_t info;

	for (int i = 0; i < CHILDREN; i++)
		do
			info.si_pid = 0;
		while (!waitid(P_PID, (id_t)pids[i], &info,
			       WEXITED | WNOWAIT | WNOHANG) &&
		       !info.si_pid && exp_tick(deadline));
}

static void make_children(pid_t pids[CHILDREN])
{
	for (int i = 0; i < CHILDREN; i++) {
		pids[i] = exp_fork();
		if (pids[i] == 0)
			_exit(0);
	}
}

static int reap_all(void)
{
	int n = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		n++;
	return n;
}

int main(void)
{
	struct sigaction action = { .sa_handler = count };
	sigset_t chld, old;
	pid_t pids[CHILDREN];
	int reaped;

	exp_begin("signals-merge", "one SIGCHLD per child");
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	if (sigaction(SIGCHLD, &action, NULL) < 0 ||
	    sigprocmask(SIG_BLOCK, &chld, &old) < 0)
		exp_die("signals");
	make_children(pids);
	wait_for_ends(pids);
	sigprocmask(SIG_SETMASK, &old, NULL);
	exp_did("%d children end while SIGCHLD is blocked; then it is let in",
		CHILDREN);
	exp_saw("the handler runs %d time(s)", (int)handled);
	exp_expect(handled == 1, "once");
	reaped = reap_all();
	exp_did("waitpid(-1, WNOHANG) until it finds nobody");
	exp_saw("%d children are reaped", reaped);
	exp_expect(reaped == CHILDREN, "%d", CHILDREN);
	return exp_end(EXP_FALSE, "a pending signal swallows the next of its "
				  "kind: reap in a loop");
}
