/* SPDX-License-Identifier: MIT */
/*
 * From a command line to a running process. fork() and exec() by hand, since
 * posix_spawn(3) knows no limits: between the two only what is allowed after a
 * fork in a program with threads (signal-safety(7)). The program gets a process
 * group, default signals, three descriptors and nothing of the judge's.
 */
#include "launch_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box_filter_internal.h"
#include "box_internal.h"
#include "failure_internal.h"
#include "finding_internal.h"

#define FILE_BYTES (256L << 20)

extern char **environ;

struct pipes {
	int in[2], out[2], err[2];
	int report[2]; /* a socket: finding_internal.h */
};

/*
 * What is the judge's, and what would change how a sanitizer, Valgrind or malloc
 * look at the program: the same code gets the same grade in anybody's shell.
 */
static bool is_left_out(const char *var)
{
	static const char *const prefixes[] = {
		"JUDGE_",	 "CRITERION_",	   "BXF",
		"LD_PRELOAD=",	 "CHAOS=",	   "MAKE",
		"MFLAGS=",	 "ASAN_OPTIONS=",  "LSAN_OPTIONS=",
		"TSAN_OPTIONS=", "UBSAN_OPTIONS",  "VALGRIND_",
		"MALLOC_",	 "GLIBC_TUNABLES="
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(var, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

static bool is_replaced(const char *var, const char *const extra[])
{
	for (; *extra; extra++)
		if (strncmp(var, *extra, strcspn(*extra, "=") + 1) == 0)
			return true;
	return false;
}

/*
 * Where a sanitizer's process ends with FINDING_EXIT the judge hears of it. A
 * thread's report ends the process as well, lest a child leaves without.
 */
static void add_sanitizers(char **env)
{
	env[0] = judge_format("ASAN_OPTIONS=verify_asan_link_order=0:"
			      "exitcode=%d",
			      FINDING_EXIT | 1);
	env[1] = judge_format("LSAN_OPTIONS=exitcode=%d", FINDING_EXIT | 23);
	env[2] = judge_format("TSAN_OPTIONS=halt_on_error=1:exitcode=%d",
			      FINDING_EXIT | 66);
	/* Else it says the line of a mistake, and not the function. */
	env[3] = judge_format("UBSAN_OPTIONS=print_stacktrace=1");
	env[4] = NULL;
}

/* ENVP, in which the sanitizers open a file: where the judge does that for them. */
static char **with_reports(char *const envp[])
{
	static const char end[] = "SAN_OPTIONS";
	size_t n = 0;
	char **env;

	while (envp[n])
		n++;
	env = judge_alloc((n + 1) * sizeof(*env));
	for (size_t i = 0; i < n; i++) {
		const char *at = strstr(envp[i], end);

		env[i] = envp[i];
		if (at && at[strlen(end)] == '=' && at < strchr(envp[i], '='))
			env[i] = judge_format("%s:" FINDING_LOG, envp[i]);
	}
	env[n] = NULL;
	return env;
}

char **launch_environment(const char *const extra[])
{
	size_t n = 0;
	char **env;

	while (environ[n])
		n++;
	env = judge_alloc((n + 12) * sizeof(*env));
	n = 0;
	for (char **e = environ; *e; e++)
		if (!is_left_out(*e) && !is_replaced(*e, extra))
			env[n++] = *e;
	for (size_t i = 0; extra[i] && i < 6; i++)
		env[n++] = judge_format("%s", extra[i]);
	add_sanitizers(env + n);
	return env;
}

static void limit(int resource, rlim_t value, bool soft_only)
{
	struct rlimit r;

	getrlimit(resource, &r);
	if (r.rlim_max != RLIM_INFINITY && value > r.rlim_max)
		value = r.rlim_max;
	r.rlim_cur = value;
	if (!soft_only)
		r.rlim_max = value;
	setrlimit(resource, &r);
}

/* Between fork and exec nothing is looked up. */
static rlim_t processes;

static void set_limits(const struct prog_opts *opts)
{
	limit(RLIMIT_CORE, 0, false);
	limit(RLIMIT_FSIZE, FILE_BYTES, false);
	if (processes)
		limit(RLIMIT_NPROC, processes, false);
	/* Valgrind needs memory and a few descriptors of its own. */
	if (opts->nofile)
		limit(RLIMIT_NOFILE, opts->nofile, opts->valgrind);
	if (opts->nproc_mem_mib && !opts->valgrind)
		limit(RLIMIT_AS, (rlim_t)opts->nproc_mem_mib << 20, false);
}

/*
 * Descriptors that are under way on sockets count for a user and all that he runs:
 * at RLIMIT_NOFILE of who sends one more it is too many (unix(7), ETOOMANYREFS).
 * Programs in boxes have a lower one (box_leave_place()).
 */
static int send_findings(int to, int fd)
{
	struct rlimit was, most;
	int rc;

	getrlimit(RLIMIT_NOFILE, &was);
	most = was;
	most.rlim_cur = most.rlim_max;
	setrlimit(RLIMIT_NOFILE, &most);
	rc = finding_send(to, fd);
	setrlimit(RLIMIT_NOFILE, &was);
	return rc;
}

static void close_others(void)
{
	/* CLOSE_RANGE_CLOEXEC: our report pipe must live until exec. */
	if (syscall(SYS_close_range, 3, ~0u, 4) == 0)
		return;
	for (int fd = 3; fd < 1024; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void default_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void child(const struct prog_opts *opts, const struct pipes *p,
			    char *const argv[], char *const envp[],
			    pid_t parent, char *const reporting[])
{
	int err, findings = -1;

	setpgid(0, 0);
	default_signals();
	if (box_enter(opts->valgrind, reporting ? &findings : NULL) < 0 ||
	    (findings >= 0 && send_findings(p->report[1], findings) < 0))
		goto failed;
	box_leave_place();
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a new user takes it away */
	if (getppid() != parent)
		_exit(127);
	if (dup2(p->in[0], 0) >= 0 && dup2(p->out[1], 1) >= 0 &&
	    dup2(p->err[1], 2) >= 0) {
		close_others();
		set_limits(opts);
		execvpe(argv[0], argv, findings >= 0 ? reporting : envp);
	}
failed:
	err = errno;
	if (write(p->report[1], &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Both become a number above 2, so that dup2 in the child cannot clash. */
static void move_up(int fds[2], const int raw[2])
{
	for (int i = 0; i < 2; i++) {
		fds[i] = raw[i] > 2 ? raw[i]
				    : fcntl(raw[i], F_DUPFD_CLOEXEC, 3);
		if (fds[i] < 0)
			judge_infra("pipe");
		if (fds[i] != raw[i])
			close(raw[i]);
	}
}

static void make_pipe(int fds[2])
{
	int raw[2];

	if (pipe2(raw, O_CLOEXEC) < 0)
		judge_infra("pipe");
	move_up(fds, raw);
}

static void make_socket_pair(int fds[2])
{
	int raw[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, raw) < 0)
		judge_infra("socketpair");
	move_up(fds, raw);
}

static void make_pipes(struct pipes *p, bool keep_stdin)
{
	make_pipe(p->in);
	make_pipe(p->out);
	make_pipe(p->err);
	make_socket_pair(p->report);
	if (!keep_stdin) {
		close(p->in[1]);
		p->in[1] = -1; /* it reads the end at once */
	}
	if (p->in[1] >= 0)
		fcntl(p->in[1], F_SETFL, O_NONBLOCK);
	fcntl(p->out[0], F_SETFL, O_NONBLOCK);
	fcntl(p->err[0], F_SETFL, O_NONBLOCK);
}

/* Without a kernel that tells, its standard error has all of it. */
static void close_report(struct prog *p)
{
	for (int i = 0; i < 2; i++) {
		if (p->report[i] >= 0)
			close(p->report[i]);
		p->report[i] = -1;
	}
}

void launch(struct prog *p, char *const argv[], char *const envp[])
{
	pid_t parent = getpid();
	char **reporting = p->sanitized ? with_reports(envp) : NULL;
	struct pipes pipes;
	int err;

	p->report[0] = p->report[1] = -1;
	if (reporting)
		finding_file(&p->report[0], &p->report[1]);
	processes = strtoul(getenv("JUDGE_PROCESSES") ?: "0", NULL, 10);
	make_pipes(&pipes, p->opts.keep_stdin);
	p->pid = fork();
	if (p->pid < 0)
		judge_infra("fork");
	if (p->pid == 0)
		child(&p->opts, &pipes, argv, envp, parent, reporting);
	setpgid(p->pid, p->pid); /* both sides do, so neither is late */
	close(pipes.in[0]);
	close(pipes.out[1]);
	close(pipes.err[1]);
	close(pipes.report[1]);
	p->in = pipes.in[1];
	p->out = pipes.out[0];
	p->err = pipes.err[0];
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (p->pidfd < 0)
		judge_infra("pidfd_open");
	p->findings = finding_receive(pipes.report[0], &err);
	if (p->findings < 0)
		close_report(p);
	if (err) {
		errno = err;
		judge_infra("%s cannot be started", argv[0]);
	}
	close(pipes.report[0]);
}
