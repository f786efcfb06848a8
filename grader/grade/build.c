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

#define LOCK_MS 50 /* between two looks at the lock */

/* What a make above us, or the user, may have set and must not reach ours. */
static const char *const clean_env[] = {
	"MAKEFLAGS", "MFLAGS",	 "MAKEOVERRIDES", "MAKELEVEL", "CC",
	"CFLAGS",    "CPPFLAGS", "LDFLAGS",	  "LDLIBS",    "VARIANT",
	"SAN",	     "O",	 "LC_ALL=C",	  NULL,
};

/* make's target in the lab's folder. */
static enum run_end run_make(const struct lab *lab, const char *target,
			     int deadline_s, struct keeper_end *end)
{
	const char *argv[] = { "make",	   "--no-print-directory",
			       "-s",	   "-j2",
			       "-Otarget", "-C",
			       lab->dir,   target,
			       NULL };
	struct keeper_job job = {
		.argv = argv,
		.env = clean_env,
		.dir = lab->root,
		.deadline_ms = deadline_s * 1000,
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
		return mem_printf("make did not end within %d s", deadline_s);
	if (end->flood)
		return mem_printf("make printed more than %ld MiB",
				  KEEPER_FLOOD >> 20);
	return build_blame(lab, build_first_error(end->output, lab->root));
}

enum run_end build_target(const struct lab *lab, const char *target,
			  int deadline_s, char **error)
{
	struct keeper_end end;
	enum run_end how;

	progress_note("%s: building %s", lab_short(lab), target);
	how = run_make(lab, target, deadline_s, &end);
	if (how == RUN_DONE && !command_is_good(&end))
		*error = make_error(&end, lab, deadline_s);
	free(end.output);
	return how;
}

static enum run_end build_both(struct lab_result *lr,
			       const struct run_opts *opts)
{
	int deadline_s = opts->deadline_s ?: BUILD_DEADLINE_S;

	if (!opts->bin && build_target(lr->lab, "programs", deadline_s,
				       &lr->build_error) == RUN_STOPPED)
		return RUN_STOPPED;
	if (lr->build_error)
		return RUN_DONE;
	return build_target(lr->lab, "tests", deadline_s, &lr->infra_error);
}

enum run_end build_lab(struct lab_result *lr, const struct run_opts *opts)
{
	enum run_end end;
	int lock;

	free(lr->build_error);
	free(lr->infra_error);
	lr->infra_error = NULL;
	lr->build_error = opts->bin ? NULL : build_missing(lr->lab);
	if (lr->build_error || opts->no_build)
		return RUN_DONE;
	while ((lock = state_lock(lr->lab)) < 0 && errno == EWOULDBLOCK) {
		progress_note("%s: waiting for another grade to build",
			      lab_short(lr->lab));
		if (stop_wait(NULL, 0, LOCK_MS))
			return RUN_STOPPED;
	}
	end = build_both(lr, opts);
	if (lock >= 0)
		close(lock);
	return end;
}

char *build_uses(const struct lab *lab)
{
	struct keeper_end end;
	char *uses;

	if (run_make(lab, "print-uses", 10, &end) == RUN_STOPPED ||
	    !command_is_good(&end))
		uses = mem_strdup("");
	else
		uses = mem_strndup(end.output, strcspn(end.output, "\n"));
	free(end.output);
	return uses;
}
