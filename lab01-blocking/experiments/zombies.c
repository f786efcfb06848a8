/* SPDX-License-Identifier: MIT */
/*
 * The default action of SIGCHLD is to be ignored, and yet SIG_IGN is another
 * thing: do_notify_parent() looks for it (or for SA_NOCLDWAIT), and then lets
 * the child vanish at once. Under SIG_DFL the child stays a zombie, its exit
 * status, until somebody waits for it. And SIGCHLD is one bit, not a queue
 * (legacy_queue()): while it is pending, further ones are dropped.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { CHILDREN = 5, DEADLINE_MS = 5000 };

static volatile sig_atomic_t signals;

static void on_sigchld(int signo)
{
	(void)signo;
	signals++;
}

static pid_t exiting_child(void)
{
	pid_t pid = exp_fork();

	if (!pid)
		_exit(0);
	return pid;
}

/* Returns when PID has exited, and leaves it for wait(2). */
static void wait_for_exit(pid_t pid)
{
	siginfo_t info;

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		exp_die("waitid");
}

/* The letter that ps shows, 'Z' for a zombie; '-' if there is no PID. */
static char process_state(pid_t pid)
{
	char path[64], state = '-';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return '-';
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '-';
	fclose(file);
	return state;
}

static void by_default(void)
{
	pid_t pid;
	char state;

	signal(SIGCHLD, SIG_DFL);
	pid = exiting_child();
	wait_for_exit(pid);
	state = process_state(pid);
	exp_did("SIG_DFL: a child exits");
	exp_saw("its state in /proc is %c", state);
	exp_expect(state == 'Z', "Z, a zombie");
	waitpid(pid, NULL, 0);
}

static void ignored(void)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;
	pid_t pid;
	int error;

	signal(SIGCHLD, SIG_IGN);
	pid = exiting_child();
	while (!kill(pid, 0) && exp_tick(deadline))
		;
	error = waitpid(pid, NULL, 0) < 0 ? errno : 0;
	exp_did("SIG_IGN: a child exits");
	exp_saw("it is gone by itself; waitpid(): %s", strerror(error));
	exp_expect(error == ECHILD, "ECHILD: there is nothing to wait for");
}

static void many_at_once(void)
{
	sigset_t chld, before;
	pid_t pids[CHILDREN];
	int reaped = 0;

	signal(SIGCHLD, on_sigchld);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &before);
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = exiting_child();
	for (int i = 0; i < CHILDREN; i++)
		wait_for_exit(pids[i]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
	exp_did("a handler, SIGCHLD blocked while %d children exit", CHILDREN);
	exp_saw("%d SIGCHLD; waitpid() in a loop reaps %d", (int)signals,
		reaped);
	exp_expect(signals == 1 && reaped == CHILDREN, "1 signal, %d children",
		   CHILDREN);
}

int main(void)
{
	exp_begin("zombies", "ignoring SIGCHLD is the same as its default");
	by_default();
	ignored();
	many_at_once();
	return exp_end(EXP_FALSE, "SIG_IGN reaps by itself, the default leaves "
				  "zombies; several exits share one signal, so "
				  "waitpid() in a loop");
}
