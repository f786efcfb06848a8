/* SPDX-License-Identifier: MIT */
/*
 * Fault injection into a program, and the counters of its calls: libchaos.so
 * is preloaded into it, told what to do in $CHAOS, and counts in a file that it
 * has mapped and the judge reads. See grader/chaos/chaos.h.
 */
#include "faults_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../chaos/chaos.h"
#include "failure_internal.h"
#include "paths_internal.h"
#include "random_internal.h"

/* All of it is written, so that there is room when libchaos counts. */
static void make_table(struct prog *p)
{
	const struct chaos_table empty = { .magic = CHAOS_MAGIC };

	p->table_path = judge_format("%s/calls-%u", judge_tmp(), p->number);
	p->table = open(p->table_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			0666);
	if (p->table < 0 ||
	    write(p->table, &empty, sizeof(empty)) != sizeof(empty))
		judge_infra("%s", p->table_path);
}

/* Not mapped: whoever looks at a mapping of a file cut short gets a SIGBUS. */
static void read_table(struct prog *p, struct chaos_table *t)
{
	if (pread(p->table, t, sizeof(*t), 0) != sizeof(*t) ||
	    t->magic != CHAOS_MAGIC)
		judge_fail(OUTCOME_FAIL,
			   "the program to leave libchaos's counters alone",
			   "they are gone");
}

/* Whoever reads the trace must know why read() returned so little. */
static void tell(const struct prog *p, const struct chaos *c)
{
	char text[300] = "";
	const struct {
		const char *name;
		unsigned int value;
	} faults[] = {
		{ "short reads", c->short_read },
		{ "short writes", c->short_write },
		{ "EINTR", c->eintr },
		{ "EINTR from connect", c->eintr_connect },
		{ "EAGAIN", c->eagain },
		{ "ECONNABORTED", c->econnaborted },
		{ "EMFILE", c->emfile },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		size_t used = strlen(text);

		if (faults[i].value)
			snprintf(text + used, sizeof(text) - used, "%s%s %u%%",
				 used ? ", " : "", faults[i].name,
				 faults[i].value);
	}
	if (c->fail_alloc)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%sallocation %u fails", *text ? ", " : "",
			 c->fail_alloc);
	if (c->signal)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%s right %s its call %u of %s", *text ? ", " : "",
			 strsignal(c->signal),
			 c->signal_before ? "before" : "behind", c->signal_call,
			 c->signal_before ?: c->signal_behind);
	judge_step("faults injected into %s: %s", p->name, text);
}

void faults_environment(struct prog *p, const char *path, const char *env[])
{
	static const struct chaos none;
	const struct chaos *c = p->opts.chaos ? p->opts.chaos : &none;

	if (!p->opts.chaos && !p->opts.count_calls)
		return;
	make_table(p);
	if (p->opts.chaos)
		tell(p, c);
	env[0] = judge_format("LD_PRELOAD=%s", judge_chaos());
	env[1] = judge_format("CHAOS=seed=%llu,short_read=%u,short_write=%u,"
			      "eintr=%u,"
			      "eintr_connect=%u,eagain=%u,econnaborted=%u,"
			      "emfile=%u,"
			      "fail_alloc=%u,signal=%d,signal_call=%u,signal_"
			      "before=%s,"
			      "signal_behind=%s,exe=%s,table=%s",
			      (unsigned long long)random_seed_for(p->number),
			      c->short_read, c->short_write, c->eintr,
			      c->eintr_connect, c->eagain, c->econnaborted,
			      c->emfile, c->fail_alloc, c->signal,
			      c->signal_call, c->signal_before ?: "",
			      c->signal_behind ?: "", path, p->table_path);
}

void faults_check(struct prog *p)
{
	struct chaos_table t;

	if (p->table < 0)
		return;
	read_table(p, &t);
	if (!t.attached)
		judge_fail(OUTCOME_FAIL,
			   "the program to run as it was started, with "
			   "libchaos.so in it",
			   "%s without it", p->name);
}

static struct chaos_count find(struct prog *p, const char *function)
{
	static const char *const names[] = {
#define CALLS_NAME(name) #name,
		CHAOS_FUNCTIONS(CALLS_NAME)
#undef CALLS_NAME
	};
	struct chaos_table t;

	errno = 0;
	if (p->table < 0)
		judge_infra("%s's calls are not counted: the test must set"
			    " .chaos or .count_calls",
			    p->name);
	faults_check(p);
	read_table(p, &t);
	for (size_t i = 0; i < CHAOS_FUNCTION_COUNT; i++)
		if (strcmp(names[i], function) == 0)
			return t.count[i];
	judge_infra("calls of %s are not counted (see chaos.h)", function);
}

uint64_t prog_calls(struct prog *p, const char *function)
{
	return find(p, function).calls;
}

uint64_t prog_calls_eagain(struct prog *p, const char *function)
{
	return find(p, function).eagain;
}

uint64_t prog_calls_faulty(struct prog *p, const char *function)
{
	return find(p, function).faults;
}

unsigned int prog_allocations(struct prog *p)
{
	return (unsigned int)(prog_calls(p, "malloc") +
			      prog_calls(p, "calloc") +
			      prog_calls(p, "realloc") +
			      prog_calls(p, "aligned_alloc") +
			      prog_calls(p, "memalign") +
			      prog_calls(p, "posix_memalign"));
}
