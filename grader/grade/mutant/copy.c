/* SPDX-License-Identifier: MIT */
/*
 * A copy is graded by another grade, this program once more: it builds, keeps
 * state and ends what it started, and all of that below the copy.
 */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "build.h"
#include "files.h"
#include "mem.h"
#include "util.h"
#include "variant.h"

#define OPTIONS_MAX 6
#define GRADE_MS    1800000 /* above whatever a lab's tests may take together */

char *copies_path(const struct copies *copies, const char *name)
{
	return mem_printf("%s/%s", copies->dir, name);
}

static int copy_part(const char *from_root, const char *to_root,
		     const char *part)
{
	char *from = mem_printf("%s/%s", from_root, part);
	char *to = mem_printf("%s/%s", to_root, part);
	int rc = access(from, F_OK) ? 0 : files_copy(from, to);

	free(to);
	free(from);
	return rc;
}

/* The sources of all labs, since a lab's objects name those of others. */
static int copy_sources(const char *root, const char *base)
{
	char *pattern = mem_printf("%s/lab[0-9][0-9]-*", root);
	int rc = copy_part(root, base, "common");
	glob_t labs;

	rc = rc ?: copy_part(root, base, "grader");
	if (glob(pattern, 0, NULL, &labs) == 0) {
		for (size_t i = 0; i < labs.gl_pathc; i++)
			rc = rc
				     ?: copy_part(root, base,
						  labs.gl_pathv[i] +
							  strlen(root) + 1);
		globfree(&labs);
	}
	free(pattern);
	return rc;
}

/* One variant's objects of PART, a folder or a lab's module: its lab's. */
static int copy_object(const struct lab *lab, const char *base,
		       const char *folder, const char *part)
{
	size_t len = strncmp(part, "lab", 3) ? strlen(part)
					     : strcspn(part, "/");
	char *object = mem_printf("%s/%.*s", folder, (int)len, part);
	char *there = mem_printf("%s/%s", base, object);
	int rc = access(there, F_OK) ? copy_part(lab->root, base, object) : 0;

	free(there);
	free(object);
	return rc;
}

/* Those of common/, the judge, the lab, and the labs whose modules it uses. */
static int copy_objects(const struct lab *lab, const char *base)
{
	char *uses = build_uses(lab);
	char *list = mem_printf("common grader/judge grader/chaos %s %s",
				lab->dir, uses);
	char *save = NULL;
	int rc = 0;

	for (char *part = strtok_r(list, " ", &save); part && !rc;
	     part = strtok_r(NULL, " ", &save)) {
		for (int v = 0; v < VARIANTS && !rc; v++)
			rc = copy_object(lab, base, variant_folder(v), part);
	}
	free(list);
	free(uses);
	return rc;
}

static int make_base(struct copies *copies, char **error)
{
	const struct lab *lab = copies->lab;
	char *base = copies->base.root;
	char *objects = mem_printf("%s/build", base);
	int rc = -1;

	files_remove(base);
	if (files_make_folder(base) || copy_sources(lab->root, base) ||
	    copy_objects(lab, base)) {
		if (!*error)
			*error = mem_printf("%s: cannot copy the tree there",
					    base);
	} else {
		files_move_depends(objects, lab->root, base);
		if (build_target(&copies->base, "programs", BUILD_DEADLINE_S,
				 error) == RUN_DONE &&
		    !*error &&
		    build_target(&copies->base, "tests", BUILD_DEADLINE_S,
				 error) == RUN_DONE &&
		    !*error)
			rc = 0;
	}
	free(objects);
	return rc;
}

/* Only one run at a time has its copies here. */
static int take_place(struct copies *copies)
{
	char *path = copies_path(copies, "lock");

	files_make_folder(copies->dir);
	copies->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	free(path);
	if (copies->lock < 0)
		return -1;
	if (!flock(copies->lock, LOCK_EX | LOCK_NB))
		return 0;
	fprintf(stderr,
		"Another run is under way in %s; waiting for its end.\n",
		copies->dir);
	return flock(copies->lock, LOCK_EX);
}

/* This program, which somebody may build anew during the run. */
static int copy_self(struct copies *copies)
{
	char self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	copies->grade = copies_path(copies, "grade");
	files_remove(copies->grade);
	return files_copy(self, copies->grade);
}

int copies_make(struct copies *copies, const struct lab *lab, const char *what,
		size_t count, char **error)
{
	*error = NULL;
	memset(copies, 0, sizeof(*copies));
	copies->lab = lab;
	copies->dir = mem_printf("%s/build/%s/%s", lab->root, what, lab->dir);
	copies->base.dir = lab->dir;
	copies->base.number = lab->number;
	copies->base.root = copies_path(copies, "base");
	copies->count = count;
	copies->all = mem_alloc(count * sizeof(*copies->all));
	for (size_t i = 0; i < count; i++) {
		copies->all[i] = copies->base;
		copies->all[i].root = mem_printf("%s/copy%zu", copies->dir, i);
	}
	if (take_place(copies) || copy_self(copies)) {
		*error = mem_printf("%s: %s", copies->dir, strerror(errno));
		return -1;
	}
	return make_base(copies, error);
}

int copies_clone(struct copies *copies)
{
	for (size_t i = 0; i < copies->count; i++) {
		char *root = copies->all[i].root;
		char *objects = mem_printf("%s/build", root);

		files_remove(root);
		if (files_copy(copies->base.root, root)) {
			free(objects);
			return -1;
		}
		files_move_depends(objects, copies->base.root, root);
		free(objects);
	}
	return 0;
}

void copies_free(struct copies *copies)
{
	for (size_t i = 0; i < copies->count; i++)
		free(copies->all[i].root);
	free(copies->all);
	free(copies->base.root);
	free(copies->grade);
	free(copies->dir);
	if (copies->lock > 0)
		close(copies->lock);
}

/* PART in ROOT as in the base, with the .d files that are in it. */
static int renew(const struct copies *copies, const char *root,
		 const char *part)
{
	char *path = mem_printf("%s/%s", root, part);
	int rc;

	files_remove(path);
	rc = copy_part(copies->base.root, root, part);
	if (!rc)
		files_move_depends(path, copies->base.root, root);
	free(path);
	return rc;
}

int copies_fresh(const struct copies *copies, size_t n)
{
	const char *dir = copies->lab->dir;
	const char *root = copies->all[n].root;
	int rc = renew(copies, root, dir) ?: renew(copies, root, "build/state");

	for (int v = 0; v < VARIANTS && !rc; v++) {
		char *objects = mem_printf("%s/%s", variant_folder(v), dir);

		rc = renew(copies, root, objects);
		free(objects);
	}
	return rc;
}

struct keeper *copies_grade(const struct copies *copies, size_t n,
			    const char *filter, const char *const *options,
			    bool boxed)
{
	const char *top = copies->lab->root;
	/*
	 * Criterion names a socket in /tmp, and memory in /dev/shm, after its
	 * process, and there numbers are small: both places are its own.
	 */
	const char *const box[] = {
		"bwrap", "--dev-bind",	  "/",	      "/",	"--tmpfs",
		"/tmp",	 "--tmpfs",	  "/dev/shm", "--bind", top,
		top,	 "--unshare-pid", "--proc",   "/proc",	"--",
	};
	const char *argv[ARRAY_LEN(box) + OPTIONS_MAX + 8];
	struct keeper_job job = { .argv = argv, .deadline_ms = GRADE_MS };
	size_t argc = 0;

	for (size_t i = 0; boxed && i < ARRAY_LEN(box); i++)
		argv[argc++] = box[i];
	argv[argc++] = copies->grade;
	argv[argc++] = "run";
	argv[argc++] = copies->lab->dir;
	if (filter)
		argv[argc++] = filter;
	argv[argc++] = "--root";
	argv[argc++] = copies->all[n].root;
	argv[argc++] = "--plain";
	for (size_t i = 0; options[i] && i < OPTIONS_MAX; i++)
		argv[argc++] = options[i];
	argv[argc] = NULL;
	return keeper_start(&job);
}

bool copies_next_line(const char **output, struct copies_line *line)
{
	while (**output) {
		const char *text = *output;

		*output += strcspn(text, "\n");
		*output += **output == '\n';
		if (sscanf(text, "%15[a-z]\t%*d\t%*d\t%*d\t%127s",
			   line->outcome, line->test) == 2)
			return true;
	}
	return false;
}
