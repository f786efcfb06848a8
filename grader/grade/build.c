/* SPDX-License-Identifier: MIT */
/*
 * Two builds, for two kinds of failure: `make programs` is the student's code
 * and may fail; `make tests` is the judge and must not.
 *
 * make itself runs under a keeper: an #include of an endless file, or a macro
 * that never stops to expand, costs a deadline and nothing more.
 */
#include "build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "mem.h"
#include "progress.h"
#include "state.h"
#include "stop.h"
#include "variant.h"

#define OBJECT_MAX (64 << 20)
#define LOCK_MS	   50 /* between two looks at the lock */

/* What a make above us, or the user, may have set and must not reach ours. */
static const char *const clean_env[] = {
	"MAKEFLAGS", "MFLAGS",	 "MAKEOVERRIDES", "MAKELEVEL", "CC",
	"CFLAGS",    "CPPFLAGS", "LDFLAGS",	  "LDLIBS",    "VARIANT",
	"SAN",	     "O",	 "LC_ALL=C",	  NULL,
};

/* make's target in the lab's folder. */
static enum run_end run_make(const struct lab *lab, const char *target,
			     enum variant v, int deadline_s,
			     struct keeper_end *end)
{
	const char *const *variant = variant_make(v);
	/* What the variant says ends the list, or is another end of it. */
	const char *argv[] = { "make",	   "--no-print-directory",
			       "-s",	   "-j2",
			       "-Otarget", "-C",
			       lab->dir,   target,
			       variant[0], variant[0] ? variant[1] : NULL,
			       NULL };
	struct keeper_job job = {
		.argv = argv,
		.env = clean_env,
		.dir = lab->root,
		.deadline_ms = deadline_s * 1000,
		/* It runs a program, for which address space is no limit. */
		.compiles = strcmp(target, "probe") != 0,
	};

	return command_run(&job, end);
}

/* How a make ended that did not end well, in a line. */
static char *make_error(const struct keeper_end *end, const struct lab *lab,
			int deadline_s)
{
	if (end->lost)
		return mem_printf("the grader's own process was killed");
	if (end->late)
		return mem_printf("make did not end within %d s (--deadline S "
				  "gives it more)",
				  deadline_s);
	if (end->flood)
		return mem_printf("make printed more than %ld MiB",
				  KEEPER_FLOOD >> 20);
	return build_blame(lab, build_first_error(end->output, lab->root));
}

static enum run_end build_variant(const struct lab *lab, const char *target,
				  enum variant v, int deadline_s, char **error)
{
	struct keeper_end end;
	enum run_end how;

	progress_note("%s: building %s%s%s", lab_short(lab), target,
		      variant_tool(v) ? " with " : "", variant_tool(v) ?: "");
	how = run_make(lab, target, v, deadline_s, &end);
	if (how == RUN_DONE && !command_is_good(&end))
		*error = make_error(&end, lab, deadline_s);
	keeper_end_free(&end);
	return how;
}

enum run_end build_target(const struct lab *lab, const char *target,
			  int deadline_s, char **error)
{
	return build_variant(lab, target, VARIANT_PLAIN, deadline_s, error);
}

/*
 * The programs in one variant beside the plain one, and a program that does
 * nothing, which shows whether the sanitizer can start here.
 */
static enum run_end build_sanitized(struct lab_result *lr, enum variant v,
				    int deadline_s)
{
	enum run_end how = build_variant(lr->lab, "programs", v, deadline_s,
					 &lr->infra_error);

	if (how == RUN_DONE && !lr->infra_error)
		how = build_variant(lr->lab, "probe", v, deadline_s,
				    &lr->infra_error);
	return how;
}

static enum run_end build_all(struct lab_result *lr,
			      const struct run_opts *opts, unsigned int builds)
{
	int deadline_s = opts->deadline_s ?: BUILD_DEADLINE_S;
	enum run_end how = RUN_DONE;

	if (!opts->bin)
		how = build_target(lr->lab, "programs", deadline_s,
				   &lr->build_error);
	for (int v = VARIANT_PLAIN + 1; v < VARIANTS && !opts->bin; v++)
		if (how == RUN_DONE && !lr->build_error && !lr->infra_error &&
		    builds & VARIANT_BIT(v))
			how = build_sanitized(lr, v, deadline_s);
	if (how == RUN_STOPPED || lr->build_error || lr->infra_error)
		return how;
	return build_target(lr->lab, "tests", deadline_s, &lr->infra_error);
}

enum run_end build_lab(struct lab_result *lr, const struct run_opts *opts,
		       unsigned int builds)
{
	enum run_end end;
	int lock;

	free(lr->build_error);
	free(lr->infra_error);
	lr->infra_error = NULL;
	if (opts->not_built)
		lr->build_error = mem_strdup(opts->not_built);
	else
		lr->build_error = opts->bin ? NULL : build_missing(lr->lab);
	if (lr->build_error || opts->no_build)
		return RUN_DONE;
	while ((lock = state_lock(lr->lab)) < 0 && errno == EWOULDBLOCK) {
		progress_note("%s: waiting for another grade to build",
			      lab_short(lr->lab));
		if (stop_wait(NULL, 0, LOCK_MS))
			return RUN_STOPPED;
	}
	end = build_all(lr, opts, builds);
	if (lock >= 0)
		close(lock);
	return end;
}

char *build_uses(const struct lab *lab)
{
	struct keeper_end end;
	char *uses;

	if (run_make(lab, "print-uses", VARIANT_PLAIN, 10, &end) ==
		    RUN_STOPPED ||
	    !command_is_good(&end))
		uses = mem_strdup("");
	else
		uses = mem_strndup(end.output, strcspn(end.output, "\n"));
	keeper_end_free(&end);
	return uses;
}

char *build_object(const struct lab *lab, const char *name, size_t *len)
{
	char *object = mem_printf("%s/build/gcc/%s/%.*s.o", lab->root, lab->dir,
				  (int)strcspn(name, "."), name);
	char *bare = mem_printf("%s.bare", object);
	const char *argv[] = { "strip", "--strip-debug", "-o",
			       bare,	object,		 NULL };
	struct keeper_job job = { .argv = argv, .deadline_ms = 10000 };
	struct keeper_end end;
	char *code = NULL;

	if (run_make(lab, object, VARIANT_PLAIN, BUILD_DEADLINE_S, &end) ==
		    RUN_DONE &&
	    command_is_good(&end)) {
		keeper_end_free(&end);
		if (command_run(&job, &end) == RUN_DONE &&
		    command_is_good(&end))
			code = mem_read_file(bare, OBJECT_MAX, len);
	}
	keeper_end_free(&end);
	unlink(bare);
	free(bare);
	free(object);
	return code;
}
