/* SPDX-License-Identifier: MIT */
/*
 * The parent never plays: it forks, and the child says in shared memory where
 * it is. Whatever ends the child, the parent knows at which operation. A script
 * follows from its seed, so the parent can make the same one again.
 */
#include "fuzz_case.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz_generate.h"
#include "util.h"

#define HANG_S	20  /* of time for a script */
#define HANG_MS 500 /* of processor time for a script, which takes some 5 */

/* Where the child is; in shared memory. */
static struct progress {
	struct fuzz_result result;
	size_t at;
} * child;

static void share(void)
{
	if (child)
		return;
	child = mmap(NULL, sizeof(*child), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (child == MAP_FAILED) {
		perror("fuzz-uepoll: mmap");
		exit(1);
	}
}

/* In the child: ends it if it hangs. Computing is counted, not waiting. */
static void limit_time(void)
{
	const struct itimerval limit = { .it_value.tv_usec = HANG_MS * 1000 };

	alarm(HANG_S);
	setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

/* In the child: does some answer differ? */
static bool differs(const struct uscript *s)
{
	char kernel_says[USCRIPT_TEXT], uepoll_says[USCRIPT_TEXT];
	void *kernel = uplayer_kernel.open(s);
	void *uepoll = uplayer_uepoll.open(s);
	bool found = false;

	limit_time();
	for (size_t i = 0; i < s->ops && !found; i++) {
		child->at = i;
		uplayer_play(&uplayer_kernel, kernel, &s->op[i], kernel_says);
		uplayer_play(&uplayer_uepoll, uepoll, &s->op[i], uepoll_says);
		found = strcmp(kernel_says, uepoll_says) != 0;
	}
	uplayer_kernel.close(kernel);
	uplayer_uepoll.close(uepoll);
	return found;
}

/* Forks; in the child, 0 is returned. In the parent: did the child fail? */
static int in_child(bool *failed)
{
	int status;
	pid_t pid;

	share();
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		return 0;
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("fuzz-uepoll: fork");
		exit(1);
	}
	*failed = !WIFEXITED(status) || WEXITSTATUS(status);
	return 1;
}

static void play_all(uint64_t seed, unsigned long long ops)
{
	struct fuzz_result *r = &child->result;
	uint64_t state = seed;

	r->inject = uplayer_kernel_can_inject();
	while (r->ops < ops) {
		struct uscript s = { .names = 0 };

		r->len = MIN(20 + fuzz_random(&state) % 280, ops - r->ops);
		r->seed = fuzz_random(&state);
		fuzz_generate(&s, r->seed, r->len, r->inject);
		r->scripts++;
		if (differs(&s))
			_exit(1);
		r->ops += s.ops;
		uscript_free(&s);
	}
	_exit(0);
}

struct fuzz_result fuzz_run(uint64_t seed, unsigned long long ops)
{
	bool failed;

	share();
	memset(child, 0, sizeof(*child));
	if (in_child(&failed) == 0)
		play_all(seed, ops);
	child->result.failed = failed;
	return child->result;
}

long fuzz_fails_at(const struct uscript *s)
{
	bool failed;

	if (in_child(&failed) == 0)
		_exit(differs(s));
	return failed ? (long)child->at : -1;
}

/* Is each name opened before it is used? Else nobody could read the script. */
static bool well_formed(const struct uscript *s)
{
	bool known[USCRIPT_NAMES] = { false };

	for (size_t i = 0; i < s->ops; i++) {
		const struct uop *op = &s->op[i];
		bool opens = op->verb < UV_DUP, dups = op->verb == UV_DUP;

		for (int n = 0; n < 2; n++) {
			if (op->name[n] < 0)
				continue;
			if (opens || (dups && n == 1))
				known[op->name[n]] = true;
			if (!known[op->name[n]])
				return false;
		}
		if (op->inject_name >= 0 && !known[op->inject_name])
			return false;
	}
	return true;
}

/* Tries S without LEN operations from AT on; keeps that if it still fails. */
static bool try_without(struct uscript *s, size_t at, size_t len)
{
	struct uscript shorter = *s;
	long end = -1;

	len = MIN(len, s->ops - at);
	shorter.ops = s->ops - len;
	shorter.op = malloc(shorter.ops * sizeof(struct uop) + 1);
	if (!shorter.op)
		return false;
	memcpy(shorter.op, s->op, at * sizeof(struct uop));
	memcpy(shorter.op + at, s->op + at + len,
	       (shorter.ops - at) * sizeof(struct uop));
	if (shorter.ops && well_formed(&shorter))
		end = fuzz_fails_at(&shorter);
	if (end < 0) {
		free(shorter.op);
		return false;
	}
	free(s->op);
	*s = shorter;
	s->ops = (size_t)end + 1;
	return true;
}

void fuzz_shrink(struct uscript *s)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t len = MAX(s->ops / 2, 1u); len; len /= 2)
			for (size_t at = 0; at < s->ops;)
				if (try_without(s, at, len))
					changed = true;
				else
					at += len;
	}
}

bool fuzz_in_child(void (*play)(const struct uscript *s),
		   const struct uscript *s)
{
	bool failed;

	if (in_child(&failed) == 0) {
		limit_time();
		play(s);
		_exit(0);
	}
	return !failed;
}

static void print_all(const struct uscript *s, FILE *out, bool both)
{
	char kernel_says[USCRIPT_TEXT], uepoll_says[USCRIPT_TEXT];
	void *kernel = uplayer_kernel.open(s);
	void *uepoll = both ? uplayer_uepoll.open(s) : NULL;
	char line[USCRIPT_TEXT];

	limit_time();
	for (size_t i = 0; i < s->ops; i++) {
		uop_print(s, &s->op[i], line, sizeof(line));
		uplayer_play(&uplayer_kernel, kernel, &s->op[i], kernel_says);
		if (s->op[i].verb == UV_NOTE)
			fprintf(out, "%s\n", line);
		else
			fprintf(out, "%-31s => %s\n", line, kernel_says);
		fflush(out);
		if (!both)
			continue;
		uplayer_play(&uplayer_uepoll, uepoll, &s->op[i], uepoll_says);
		if (strcmp(kernel_says, uepoll_says))
			fprintf(out, "%-31s    %s   <-- uepoll\n", "",
				uepoll_says);
	}
	uplayer_kernel.close(kernel);
	if (both)
		uplayer_uepoll.close(uepoll);
	fflush(out);
}

void fuzz_print(const struct uscript *s, FILE *out, bool both)
{
	bool failed;

	if (in_child(&failed) == 0) {
		print_all(s, out, both);
		_exit(0);
	}
	if (failed)
		fprintf(out, "%-31s    crashed or hung   <-- uepoll\n", "");
}
