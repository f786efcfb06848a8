/* SPDX-License-Identifier: MIT */
/*
 * Children are looked at, not waited for: nothing here blocks longer than the
 * caller says, so that a Ctrl-C is never far from being heard.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

#define LOOK_MS 10

static struct list running = { &running, &running };

int child_begin(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

/* In the child: never returns. */
static void become(const struct child *c, pid_t parent, char *const *argv)
{
	sigset_t none;
	int out = open(c->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err = open(c->err, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The demo may have died before that was said. */
	if (getppid() != parent || dup2(in, STDIN_FILENO) == -1 ||
	    dup2(out, STDOUT_FILENO) == -1 || dup2(err, STDERR_FILENO) == -1)
		_exit(126);
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

int child_start(struct child *c, const char *folder, const char *name,
		char *const *argv)
{
	pid_t parent = getpid();

	if (strlen(name) >= sizeof(c->name) ||
	    snprintf(c->out, sizeof(c->out), "%s/%s.out", folder, name) >=
		    (int)sizeof(c->out) ||
	    snprintf(c->err, sizeof(c->err), "%s/%s.err", folder, name) >=
		    (int)sizeof(c->err)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(c->name, name);
	/* What a run before has printed must not be taken for this one's. */
	unlink(c->out);
	c->pid = fork();
	if (c->pid == 0)
		become(c, parent, argv);
	if (c->pid == -1) {
		c->pid = 0;
		return -1;
	}
	list_append(&running, &c->link);
	return 0;
}

bool child_ended(struct child *c)
{
	if (c->pid != 0 && waitpid(c->pid, &c->status, WNOHANG) == c->pid) {
		c->pid = 0;
		list_remove(&c->link);
	}
	return c->pid == 0;
}

void child_signal(struct child *c, int signo)
{
	if (!child_ended(c))
		kill(c->pid, signo);
}

static size_t lines_of(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t n = 0;
	int ch;

	while (file != NULL && (ch = getc(file)) != EOF)
		n += ch == '\n';
	if (file != NULL)
		fclose(file);
	return n;
}

/* Whether a signal that is blocked has come. */
static bool signal_waits(void)
{
	sigset_t set;

	if (sigpending(&set) == -1)
		return false;
	for (int signo = 1; signo < SIGRTMIN; signo++)
		if (signo != SIGCHLD && sigismember(&set, signo) == 1)
			return true;
	return false;
}

int child_await_lines(struct child *c, size_t n, int timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;

	while (lines_of(c->out) < n) {
		errno = child_ended(c)		? ECHILD
			: signal_waits()	? EINTR
			: clock_ms() > deadline ? ETIMEDOUT
						: 0;
		if (errno != 0)
			return -1;
		pause_ms(LOOK_MS);
	}
	return 0;
}

bool child_await_end(struct child *c, int timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;

	while (!child_ended(c) && clock_ms() <= deadline)
		pause_ms(LOOK_MS);
	if (child_ended(c))
		return true;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, &c->status, 0);
	c->pid = 0;
	list_remove(&c->link);
	return false;
}

static long resident(long pid)
{
	char path[64];
	char line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL &&
	       sscanf(line, "VmRSS: %ld", &kib) != 1)
		;
	fclose(file);
	return kib * 1024;
}

/* The children of PID, opened to be read as numbers; NULL if it has gone. */
static FILE *children_of(long pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	return fopen(path, "re");
}

long child_memory(const struct child *c)
{
	long bytes, pid;
	FILE *file;

	if (c->pid == 0)
		return 0;
	bytes = resident(c->pid);
	file = children_of(c->pid);
	while (file != NULL && fscanf(file, "%ld", &pid) == 1)
		bytes += resident(pid);
	if (file != NULL)
		fclose(file);
	return bytes;
}

/* Kills what is left of the families of those that have ended. */
static void end_orphans(void)
{
	FILE *file;
	long pid;

	while (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD) {
		file = children_of(getpid());
		while (file != NULL && fscanf(file, "%ld", &pid) == 1)
			kill((pid_t)pid, SIGKILL);
		if (file != NULL)
			fclose(file);
		pause_ms(LOOK_MS);
	}
}

void child_end_all(int timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;
	struct list *link;

	/* One that is stopped must not miss its SIGTERM. */
	for (link = running.next; link != &running; link = link->next) {
		struct child *c = CONTAINER_OF(link, struct child, link);

		kill(c->pid, SIGTERM);
		kill(c->pid, SIGCONT);
	}
	while (!list_empty(&running))
		child_await_end(CONTAINER_OF(running.next, struct child, link),
				clock_left_ms(deadline));
	end_orphans();
}
