/* SPDX-License-Identifier: MIT */
/*
 * Starting a program, up to the line that says where it listens.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "faults_internal.h"
#include "launch_internal.h"
#include "own_address_internal.h"
#include "paths_internal.h"
#include "program_internal.h"
#include "sanitizer_internal.h"
#include "valgrind_internal.h"
#include "wait_internal.h"

#define STARTER_MS 5000 /* from its last word to its end */

static char *command_line(const char *name, const char *const args[])
{
	char *line = judge_format("%s", name);

	for (; *args; args++) {
		char *longer = judge_format("%s %s", line, *args);

		free(line);
		line = longer;
	}
	return line;
}

static struct prog *prog_new(const struct prog_opts *opts, const char *name,
			     const char *const args[])
{
	struct prog *p = judge_alloc(sizeof(*p));
	const char *slash = strrchr(name, '/');

	if (nprogs == PROGS_MAX) {
		errno = 0;
		judge_infra("a test starts more than %d programs", PROGS_MAX);
	}
	p->opts = *opts;
	if (opts->chaos) {
		p->chaos = *opts->chaos;
		p->opts.chaos = &p->chaos;
	}
	p->name = judge_format("%s", slash ? slash + 1 : name);
	p->title = command_line(name, args);
	p->pidfd = p->in = p->out = p->err = p->log = p->table = -1;
	p->number = (unsigned int)nprogs;
	return p;
}

/* The whole command line: Valgrind's part, the program's path, ARGS. */
static char **whole_argv(struct prog *p, char *path, const char *const args[])
{
	static const char *const none[] = { NULL };
	const char *const *front = p->opts.valgrind ? valgrind_argv(p) : none;
	size_t n = 2;
	char **argv;

	for (size_t i = 0; front[i]; i++)
		n++;
	for (size_t i = 0; args[i]; i++)
		n++;
	argv = judge_alloc(n * sizeof(*argv));
	n = 0;
	while (*front)
		argv[n++] = judge_format("%s", *front++);
	argv[n++] = path;
	while (*args)
		argv[n++] = judge_format("%s", *args++);
	return argv;
}

static void set_address(struct prog *p, const char *text)
{
	static const char *const expected = "the line \"listening on "
					    "HOST:PORT\" on standard output";

	if (strlen(text) >= sizeof(p->address) ||
	    addr_parse(text, &p->to) < 0 || addr_port(&p->to.sa) <= 0)
		judge_fail(OUTCOME_FAIL, expected,
			   "\"listening on %.100s\", which is no address",
			   text);
	strcpy(p->address, text);
	p->port = addr_port(&p->to.sa);
	/* "Any address" is where it listens, not where to connect to. */
	if (p->to.sa.sa_family == AF_INET) {
		if (p->to.in.sin_addr.s_addr == htonl(INADDR_ANY))
			p->to.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else if (IN6_IS_ADDR_UNSPECIFIED(&p->to.in6.sin6_addr)) {
		p->to.in6.sin6_addr = in6addr_loopback;
	}
	if (!is_loopback(&p->to))
		judge_fail(OUTCOME_FAIL,
			   "an address of this machine's own, "
			   "127.0.0.1 or ::1",
			   "\"listening on %.100s\"", text);
}

/* A daemon's starter announces what the daemon listens on, and ends. */
static bool is_ended_starter(struct prog *p)
{
	if (prog_ended(p))
		return true;
	judge_wait_fd(p->pidfd, POLLIN, judge_deadline_in(STARTER_MS));
	prog_reap(p);
	return prog_ended(p);
}

static void wait_for_listening(struct prog *p)
{
	static const char begin[] = "listening on ";
	const char *line = prog_line(p);

	if (strncmp(line, begin, strlen(begin)) != 0)
		judge_fail(OUTCOME_FAIL,
			   "the line \"listening on HOST:PORT\" first on"
			   " standard output",
			   "%s", excerpt(line, strlen(line)));
	/* Behind HOST:PORT there may be a word on what listens there. */
	set_address(p, judge_format("%.*s",
				    (int)strcspn(line + strlen(begin), " "),
				    line + strlen(begin)));
	faults_check(p);
	if (!is_own_address(p) && !is_ended_starter(p))
		judge_fail(OUTCOME_FAIL,
			   "the program itself to listen on the "
			   "address that it announces",
			   "\"listening on %.100s\", where it does not",
			   p->address);
}

/*
 * What is short before the program starts is the grader's trouble; after that
 * it is the program's.
 */
static void need_free_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		if (nprogs)
			judge_fail(OUTCOME_FAIL,
				   "a port to be free for the next program",
				   "none is, while %s runs", progs[0]->name);
		judge_infra("no port is free on this machine");
	}
	close(fd);
}

/* A sanitizer does not run under Valgrind, nor in little address space. */
static void adjust_options(struct prog *p)
{
	if ((!p->opts.valgrind && !p->opts.nproc_mem_mib) || !p->sanitized)
		return;
	judge_step("%s is built with a sanitizer: no Valgrind, no limit of"
		   " memory",
		   p->name);
	p->opts.valgrind = false;
	p->opts.nproc_mem_mib = 0;
}

struct prog *prog_spawn(const struct prog_opts *opts, const char *name,
			const char *const args[])
{
	char *path = judge_format("%s/%s", judge_bin(), name);
	char *real = realpath(path, NULL);
	const char *extra[5] = { NULL };
	struct prog *p;
	char **env;

	if (!real || access(real, X_OK) < 0)
		judge_infra("no program %s: it must be built first", path);
	p = prog_new(opts, name, args);
	p->sanitized = is_sanitized(real);
	p->puts_signals_off = puts_signals_off(real);
	adjust_options(p);
	judge_step("start %s%s", p->title,
		   p->opts.valgrind ? " (under Valgrind)" : "");
	if (p->opts.valgrind)
		judge_slack_at_least(VALGRIND_SLACK);
	faults_environment(p, real, extra);
	env = launch_environment(extra);
	if (!opts->no_listen)
		need_free_port();
	launch(p, whole_argv(p, real, args), env);
	progs[nprogs++] = p;
	free(env);
	free(path);
	if (!opts->no_listen)
		wait_for_listening(p);
	return p;
}

struct prog *prog_start_optsv(const struct prog_opts *opts,
			      const char *const argv[])
{
	return prog_spawn(opts, argv[0], argv + 1);
}

struct prog *prog_startv(const char *const argv[])
{
	return prog_start_optsv(&(struct prog_opts){ 0 }, argv);
}

struct prog *prog_driverv(const char *const argv[])
{
	char *name = judge_format("drivers/%s", argv[0]);
	struct prog_opts opts = { .no_listen = true, .keep_stdin = true };

	return prog_spawn(&opts, name, argv + 1);
}
