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

static enum run_end run_make(const struct lab *lab, const char *const *argv,
			     int deadline_s, struct keeper_end *end)
{
	struct keeper_job job = {
		.argv = argv,
		.env = clean_env,
		.dir = lab->root,
		.deadline_ms = deadline_s * 1000,
	};
	struct keeper *k = keeper_start(&job);
	bool stopped = false;

	if (!k) {
		memset(end, 0, sizeof(*end));
		end->lost = true;
		end->output = mem_strdup("");
		return RUN_DONE;
	}
	while (!keeper_finished(k)) {
		if (stop_wait(&k, 1, 1000) && !stopped) {
			stopped = true;
			keeper_abort(k);
		}
	}
	keeper_end(k, end);
	return stopped ? RUN_STOPPED : RUN_DONE;
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

static enum run_end make_target(struct lab_result *lr,
				const struct run_opts *opts, const char *target,
				char **error)
{
	int deadline_s = opts->deadline_s ?: BUILD_DEADLINE_S;
	const char *argv[] = {
		"make", "--no-print-directory", "-s",	"-j2", "-Otarget",
		"-C",	lr->lab->dir,		target, NULL
	};
	struct keeper_end end;

	progress_note("%s: building %s", lab_short(lr->lab), target);
	if (run_make(lr->lab, argv, deadline_s, &end) == RUN_STOPPED) {
		free(end.output);
		return RUN_STOPPED;
	}
	if (end.lost || end.late || end.flood || end.status)
		*error = make_error(&end, lr->lab, deadline_s);
	free(end.output);
	return RUN_DONE;
}

static enum run_end build_both(struct lab_result *lr,
			       const struct run_opts *opts)
{
	if (!opts->bin &&
	    make_target(lr, opts, "programs", &lr->build_error) == RUN_STOPPED)
		return RUN_STOPPED;
	if (lr->build_error)
		return RUN_DONE;
	return make_target(lr, opts, "tests", &lr->infra_error);
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
	const char *argv[] = { "make",	 "--no-print-directory", "-s", "-C",
			       lab->dir, "print-uses",		 NULL };
	struct keeper_end end;
	char *uses;

	if (run_make(lab, argv, 10, &end) == RUN_STOPPED || end.lost ||
	    end.late || end.flood || end.status)
		uses = mem_strdup("");
	else
		uses = mem_strndup(end.output, strcspn(end.output, "\n"));
	free(end.output);
	return uses;
}
