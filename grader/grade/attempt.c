/* SPDX-License-Identifier: MIT */
/*
 * The judge's report is believed when it and the runner's exit status agree.
 * Silence is the grader's failure, not the student's, unless time ran out.
 */
#include "attempt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "cell.h"
#include "cgroup.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "pid_namespace.h"
#include "quota.h"
#include "util.h"

#define ENV_MAX 12

/*
 * Criterion's runner and its worker wait for each other for ever, once in some
 * hundred starts on a busy machine. The submission has no part in it.
 */
#define BEGIN_MS 60000LL
#define END_MS	 30000LL

/* Six digits, short enough to be typed. */
static uint64_t random_seed(void)
{
	uint32_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint32_t)clock_ns();
	return seed % 1000000;
}

static char *reproduce_line(const struct lab *lab, const struct result *r,
			    enum variant v, const struct run_opts *opts)
{
	const char *option = opts->bin		  ? " --bin "
			     : v == VARIANT_PLAIN ? ""
						  : " --build ";

	return mem_printf("./course grade %s %s --seed %llu%s%s",
			  lab_short(lab), r->test->id,
			  (unsigned long long)r->seed, option,
			  opts->bin ? opts->bin
			  : *option ? variant_name(v)
				    : "");
}

/* Where things are for a test: as they are here, or as its cell has them. */
struct places {
	char *root;
	char *cwd;
	char *tmp;
};

static struct places places_of(const struct lab *lab,
			       const struct run_opts *opts, const char *dir)
{
	bool cell = opts->box == BOX_CELLS;
	const char *scratch = cell ? CELL_SCRATCH : dir;

	return (struct places){
		.root = mem_strdup(cell ? CELL_TREE : lab->root),
		.cwd = mem_printf("%s/cwd", scratch),
		.tmp = mem_printf("%s/tmp", scratch),
	};
}

/* Sticky where strangers write: nobody renames what others have made. */
static void make_places(const struct places *at, mode_t mode)
{
	const char *folders[] = { at->cwd, at->tmp };

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		mkdir(folders[i], 0755);
		chmod(folders[i], mode);
	}
}

static void places_free(struct places *p)
{
	free(p->root);
	free(p->cwd);
	free(p->tmp);
}

/* An absolute path for one that is meant from the tree's top. */
static char *below_root(const char *root, const char *path)
{
	if (*path == '/')
		return mem_strdup(path);
	return mem_printf("%s/%s", root, path);
}

/* What the judge is told, to be freed one by one; ends with NULL. */
static void fill_env(char **env, const struct lab *lab, const struct result *r,
		     enum variant v, const struct run_opts *opts,
		     const struct places *at, const char *box)
{
	const char *folder = opts->bin ?: variant_folder(v);
	char *variant = below_root(at->root, folder);

	*env++ = mem_printf("JUDGE_BIN=%s/%s", variant, lab->dir);
	*env++ = mem_printf("JUDGE_CHAOS=%s/build/gcc/grader/chaos/libchaos.so",
			    at->root);
	*env++ = mem_printf("TMPDIR=%s", at->tmp);
	*env++ = mem_printf("JUDGE_REPORT=/dev/fd/%d", KEEPER_REPORT_FD);
	*env++ = mem_printf("JUDGE_TEST=%s", r->test->id);
	*env++ = mem_printf("JUDGE_SEED=%llu", (unsigned long long)r->seed);
	*env++ = mem_printf("JUDGE_REPRODUCE=%s", r->reproduce);
	if (opts->bin || v != VARIANT_PLAIN)
		*env++ = mem_printf("JUDGE_INSTRUMENTED=%s", folder);
	if (opts->box || pid_namespace_counts())
		*env++ = mem_printf("JUDGE_PROCESSES=%d",
				    QUOTA_TASKS + r->test->threads);
	if (opts->box)
		*env++ = mem_printf("JUDGE_BOX=%s", box);
	if (r->attempts > 1)
		*env++ = mem_strdup("JUDGE_AGAIN=1");
	*env = NULL;
	free(variant);
}

int attempt_tasks(const struct result *r)
{
	return CGROUP_TASKS + r->test->threads;
}

static struct keeper *start_keeper(const struct lab *lab, struct result *r,
				   enum variant v, const struct run_opts *opts,
				   const char *dir)
{
	struct places at = places_of(lab, opts, dir);
	char *graded =
		mem_printf("%s/build/gcc/%s/tests/graded", at.root, lab->dir);
	const char *argv[] = { graded, NULL };
	const char **cell = opts->box == BOX_CELLS ? cell_argv(lab->root, argv)
						   : NULL;
	int64_t deadline_ms = (opts->deadline_s ?: RUN_DEADLINE_S) * 1000LL;
	static unsigned int tests;
	unsigned int user;
	char *box = cell_box(opts->box, tests++, &user);
	char *env[ENV_MAX];
	struct keeper_job job = {
		.argv = cell ?: argv,
		.env = (const char *const *)env,
		.dir = cell ? NULL : at.cwd,
		.deadline_ms = deadline_ms,
		.begin_ms = MIN(BEGIN_MS, deadline_ms / 2),
		.end_ms = MIN(END_MS, deadline_ms / 2),
		.tasks = attempt_tasks(r),
		.own_pids = !cell && pid_namespace_works(),
		.reports = true,
		.user = opts->box == BOX_BARE ? user : 0,
	};
	struct keeper *k;

	fill_env(env, lab, r, v, opts, &at, box);
	if (!cell)
		make_places(&at, opts->box == BOX_BARE ? 01777 : 0755);
	k = keeper_start(&job);
	for (size_t i = 0; env[i]; i++)
		free(env[i]);
	if (cell)
		cell_free(cell);
	free(graded);
	free(box);
	places_free(&at);
	return k;
}

struct keeper *attempt_start(const struct lab *lab, struct result *r,
			     enum variant v, int attempt,
			     const struct run_opts *opts, const char *dir)
{
	result_clear(r);
	r->fresh = true;
	r->attempts = attempt;
	r->seed = opts->has_seed ? opts->seed : random_seed();
	free(r->reproduce);
	r->reproduce = reproduce_line(lab, r, v, opts);
	return start_keeper(lab, r, v, opts, dir);
}

/* No report: what the runner's end says about the reason. */
static void explain_silence(struct result *r, const struct keeper_end *end)
{
	char *got;

	if (end->lost) {
		result_set(r, OUTCOME_INFRA, "the keeper to outlive the test",
			   "the keeper was killed");
		return;
	}
	if (end->hung) {
		result_set(r, OUTCOME_INFRA, "the runner to begin its test",
			   "it hung before");
		return;
	}
	if (end->late || end->ms >= RUN_JUDGE_S * 1000) {
		got = mem_printf("still running after %lld s",
				 (long long)end->ms / 1000);
		result_set(r, OUTCOME_TIMEOUT, "the test to come to its end",
			   got);
	} else {
		got = mem_printf("no report, wait status %#x: %.2000s",
				 (unsigned int)end->status, end->output);
		result_set(r, OUTCOME_INFRA, "a report from tests/graded", got);
	}
	free(got);
}

void attempt_judge(struct result *r, const struct keeper_end *end)
{
	char *reproduce = mem_strdup(r->reproduce);
	uint64_t seed = r->seed;
	int attempts = r->attempts;

	if (end->lost || json_read_report(end->report, end->report_len, r))
		explain_silence(r, end);
	else if (r->outcome == OUTCOME_PASS &&
		 (end->status || end->late || end->hung || end->flood ||
		  end->ended))
		result_set(r, OUTCOME_INFRA, "status 0 beside a report of pass",
			   end->late || end->hung ? "the runner did not end"
			   : end->flood ? "the runner was ended for its output"
			   : end->ended ? "the runner was ended"
					: "the runner failed");
	else if (r->outcome == OUTCOME_BUILD)
		result_set(r, OUTCOME_INFRA, "a report from tests/graded",
			   "one with the outcome build");
	free(r->reproduce);
	r->reproduce = reproduce;
	r->seed = seed;
	r->attempts = attempts;
	r->ms = end->ms;
	r->fresh = true;
}
