/* SPDX-License-Identifier: MIT */
/*
 * The keeper process. It waits for five things at once: the command's output,
 * its report, a child's end, a SIGTERM (from grade, or from the kernel when
 * grade dies), and the deadline.
 *
 *	running ──command ended, late, hung, flood, SIGTERM──► killing ──► message
 */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "mem.h"
#include "descendants.h"
#include "pid_namespace.h"
#include "util.h"

#define KILL_MS	 20000 /* for the end of all descendants */
#define GROUP_MS 2000  /* for the kernel to see that a group is empty */

struct keep {
	struct keeper_message msg;
	char *output;
	char *report;
	uint64_t printed;
	int64_t heard_ms; /* when something was reported last, or the start */
	pid_t command;	  /* or the init of its namespace */
	int status;	  /* where its wait status comes by; -1: waitpid(2) */
	int signals;	  /* signalfd */
	int out;	  /* read end of the command's output */
	int reports;	  /* and of its report; -1: it has none */
	bool running;
};

struct command {
	const struct keeper_job *job;
	const struct cgroup *group;
	int out;
	int report;
};

static void limit(int resource, rlim_t value)
{
	struct rlimit r;

	getrlimit(resource, &r);
	r.rlim_max = MIN(r.rlim_max, value);
	r.rlim_cur = r.rlim_max;
	setrlimit(resource, &r);
}

static void run_command(void *arg)
{
	const struct command *c = arg;
	const struct keeper_job *job = c->job;
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	dup2(null, STDIN_FILENO);
	dup2(c->out, STDOUT_FILENO);
	dup2(c->out, STDERR_FILENO);
	if (job->reports) /* instead of standard input */
		dup2(c->report, KEEPER_REPORT_FD);
	if (c->group && cgroup_enter(c->group)) {
		dprintf(STDERR_FILENO, "its control group: %s\n",
			strerror(errno));
		_exit(126);
	}
	if (job->compiles) {
		limit(RLIMIT_CORE, 0);
		limit(RLIMIT_FSIZE, (rlim_t)KEEPER_FILE_MIB << 20);
		limit(RLIMIT_AS, (rlim_t)KEEPER_BUILD_MIB << 20);
	}
	for (size_t i = 0; job->env && job->env[i]; i++) {
		if (strchr(job->env[i], '='))
			putenv((char *)job->env[i]);
		else
			unsetenv(job->env[i]);
	}
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (job->dir && chdir(job->dir))
		_exit(127);
	execvp(job->argv[0], (char *const *)job->argv);
	dprintf(STDERR_FILENO, "%s: %s\n", job->argv[0], strerror(errno));
	_exit(127);
}

/* Keeps the first KEEPER_OUTPUT_MAX bytes and drops the rest. */
static void read_output(struct keep *k)
{
	char buf[65536];
	size_t room;
	ssize_t n;

	while ((n = read(k->out, buf, sizeof(buf))) > 0) {
		k->printed += n;
		room = KEEPER_OUTPUT_MAX - k->msg.output_len;
		if ((size_t)n < room)
			room = n;
		memcpy(k->output + k->msg.output_len, buf, room);
		k->msg.output_len += room;
		if (k->printed > KEEPER_FLOOD) {
			k->msg.flood = 1;
			k->running = false;
			return;
		}
	}
	if (n == 0) {
		close(k->out);
		k->out = -1;
	}
}

/* What is beyond KEEPER_REPORT_MAX makes it no report. */
static void read_report(struct keep *k)
{
	size_t room = KEEPER_REPORT_MAX - k->msg.report_len;
	ssize_t n;

	while ((n = read(k->reports, k->report + k->msg.report_len, room)) >
	       0) {
		k->msg.report_len += (uint64_t)n;
		k->heard_ms = clock_ms();
		room -= (size_t)n;
	}
	if (n == 0) {
		close(k->reports);
		k->reports = -1;
	}
}

/* Reaps whoever ended; orphans that came to us are nobody's news. */
static void reap_children(struct keep *k)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != k->command)
			continue;
		k->msg.status = status;
		if (k->status >= 0 &&
		    read(k->status, &status, sizeof(status)) == sizeof(status))
			k->msg.status = status;
		k->running = false;
	}
}

static void read_signals(struct keep *k)
{
	struct signalfd_siginfo info;

	while (read(k->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			reap_children(k);
		} else {
			k->msg.ended = 1;
			k->running = false;
		}
	}
}

static void become_keeper(struct keep *k, pid_t parent)
{
	sigset_t set;

	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	k->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (k->signals < 0 || getppid() != parent)
		_exit(1);
}

static void start_command(struct keep *k, const struct keeper_job *job,
			  const struct cgroup *group)
{
	struct command c = { .job = job, .group = group };
	int pipefd[2], reportfd[2];

	if (pipe2(pipefd, O_CLOEXEC) || pipe2(reportfd, O_CLOEXEC))
		_exit(1);
	c.out = pipefd[1];
	c.report = reportfd[1];
	k->status = -1;
	if (job->own_pids)
		k->command = pid_namespace_start(run_command, &c, &k->status);
	else
		k->command = fork();
	if (k->command < 0)
		_exit(1);
	if (!k->command)
		run_command(&c);
	close(pipefd[1]);
	close(reportfd[1]);
	fcntl(pipefd[0], F_SETFL, O_NONBLOCK);
	fcntl(reportfd[0], F_SETFL, O_NONBLOCK);
	k->out = pipefd[0];
	k->reports = reportfd[0];
	k->running = true;
}

static void write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		p += n;
		len -= n;
	}
}

/*
 * Criterion's runner has a socket in /tmp, wherever TMPDIR may be, and takes it
 * away only if it comes to its own end. It is named after the process, which
 * was ours: no other can have that number so soon. (In a namespace, its number
 * is the one behind the keeper's.)
 */
static void remove_socket(const struct keep *k)
{
	pid_t runner = k->status < 0 ? k->command : getpid() + 1;

	char path[64];

	snprintf(path, sizeof(path), "/tmp/criterion_%d.sock", (int)runner);
	unlink(path);
}

/* All processes of USER, whoever started them: they cannot flee from this. */
static void end_user(uid_t user)
{
	pid_t pid = user ? fork() : -1;

	if (pid == 0) {
		if (!setresuid(user, user, user))
			kill(-1, SIGKILL);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* Tells what the kernel had to do in GROUP, and removes it. */
static void leave_group(struct keep *k, struct cgroup *group)
{
	k->msg.crowded = cgroup_was_crowded(group);
	k->msg.starved = cgroup_was_starved(group);
	cgroup_remove(group);
	cgroup_remove_rest(GROUP_MS);
}

/* When the command is to have done its next step. */
static int64_t next_deadline(const struct keep *k, const struct keeper_job *job,
			     int64_t start)
{
	int64_t deadline = start + job->deadline_ms;
	int64_t grant = k->msg.report_len == 0	? job->begin_ms
			: k->msg.report_len > 1 ? job->end_ms
						: 0;

	return grant ? MIN(deadline, k->heard_ms + grant) : deadline;
}

static void note_late(struct keep *k, const struct keeper_job *job,
		      int64_t start)
{
	if (clock_ms() >= start + job->deadline_ms)
		k->msg.late = 1;
	else
		k->msg.hung = 1;
}

_Noreturn void keeper_process(const struct keeper_job *job,
			      struct cgroup *group, pid_t grade, int fd)
{
	struct keep k = { .out = -1, .reports = -1 };
	int64_t start = clock_ms();

	k.heard_ms = start;
	become_keeper(&k, grade);
	k.output = mem_alloc(KEEPER_OUTPUT_MAX);
	k.report = mem_alloc(KEEPER_REPORT_MAX);
	if (group && !cgroup_make(group))
		group = NULL;
	start_command(&k, job, group);
	while (k.running) {
		struct pollfd p[3] = {
			{ .fd = k.signals, .events = POLLIN },
			{ .fd = k.out, .events = POLLIN },
			{ .fd = k.reports, .events = POLLIN },
		};

		if (poll(p, 3, clock_left_ms(next_deadline(&k, job, start))) ==
		    0) {
			note_late(&k, job, start);
			break;
		}
		if (p[1].revents)
			read_output(&k);
		if (p[2].revents)
			read_report(&k);
		if (p[0].revents)
			read_signals(&k);
	}
	k.msg.ms = clock_ms() - start;
	end_user(job->user);
	if (descendants_kill(KILL_MS))
		k.msg.late = 1;
	if (group)
		leave_group(&k, group);
	remove_socket(&k);
	if (k.out >= 0)
		read_output(&k);
	if (k.reports >= 0)
		read_report(&k);
	write_all(fd, &k.msg, sizeof(k.msg));
	write_all(fd, k.output, k.msg.output_len);
	write_all(fd, k.report, k.msg.report_len);
	_exit(0);
}
