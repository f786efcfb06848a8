/* SPDX-License-Identifier: MIT */
/*
 * The state is JSON because the results are, and a folder of files because
 * labs are graded one by one.
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "code.h"
#include "json.h"
#include "mem.h"

/* ROOT/build/state/NAME, to be freed; makes the folders above it. */
static char *state_path(const struct lab *lab, const char *name)
{
	char *path = mem_printf("%s/build/state/%s", lab->root, name);

	for (char *c = path + strlen(lab->root) + 1; *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(path, 0755);
		*c = '/';
	}
	return path;
}

static char *lab_file(const struct lab *lab, const char *folder)
{
	char *name = mem_printf("%s%s.json", folder, lab->dir);
	char *path = state_path(lab, name);

	free(name);
	return path;
}

static json_t *load(const char *path)
{
	size_t len;
	char *data = mem_read_file(path, 16 << 20, &len);
	json_t *o = data ? json_loadb(data, len, 0, NULL) : NULL;

	free(data);
	return o;
}

/* Writes beside PATH, then renames. Names of hidden tests are nobody else's. */
static int save(const char *path, const json_t *o)
{
	char *temp = mem_printf("%s.%d", path, (int)getpid());
	mode_t was = umask(077);
	int rc = json_dump_file(o, temp, JSON_INDENT(1));

	umask(was);
	if (!rc)
		rc = rename(temp, path);
	if (rc)
		unlink(temp);
	free(temp);
	return rc;
}

void state_load(struct lab_result *lr, const struct lab *lab)
{
	char *path = lab_file(lab, "");
	json_t *o = load(path);

	lab_result_init(lr, lab);
	if (o)
		json_parse_lab(o, lr);
	lr->code = code_hash(lab, lr->uses ?: "");
	json_decref(o);
	free(path);
}

static json_t *entry_of(const json_t *lab, const char *test)
{
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(lab, "tests"), i, entry)
	{
		json_t *id = json_object_get(entry, "test");

		if (id && !strcmp(json_string_value(id), test))
			return entry;
	}
	return NULL;
}

/* What the grader could not judge this time stays what it was in OLD. */
static void keep_judged(json_t *new, const json_t *old)
{
	json_t *tests = json_object_get(new, "tests"), *entry;
	size_t i;

	json_array_foreach(tests, i, entry)
	{
		const char *test =
			json_string_value(json_object_get(entry, "test"));
		const char *outcome =
			json_string_value(json_object_get(entry, "outcome"));
		json_t *before = entry_of(old, test);

		if (before && !strcmp(outcome, outcome_name(OUTCOME_INFRA)))
			json_array_set(tests, i, before);
	}
}

int state_save(const struct lab_result *lr)
{
	char *path = lab_file(lr->lab, "");
	json_t *old = load(path);
	json_t *o = json_lab(lr);
	int rc;

	keep_judged(o, old);
	rc = save(path, o);
	json_decref(old);
	json_decref(o);
	free(path);
	return rc;
}

void state_stamp(struct lab_result *lr)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	mem_replace(&lr->finished, text);
}

int state_hints(const struct lab *lab, const char *key)
{
	char *path = lab_file(lab, "hints/");
	json_t *o = load(path);
	int shown = json_integer_value(json_object_get(o, key));

	json_decref(o);
	free(path);
	return shown < 0 ? 0 : shown;
}

int state_save_hints(const struct lab *lab, const char *key, int shown)
{
	char *path = lab_file(lab, "hints/");
	json_t *o = load(path);
	int rc;

	if (!json_is_object(o)) {
		json_decref(o);
		o = json_object();
	}
	json_object_set_new(o, key, json_integer(shown));
	rc = save(path, o);
	json_decref(o);
	free(path);
	return rc;
}

int state_lock(const struct lab *lab)
{
	char *path = state_path(lab, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	free(path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		errno = EWOULDBLOCK;
		return -1;
	}
	return fd;
}

char *state_scratch(const struct lab *lab)
{
	char *path = state_path(lab, "run-XXXXXX");

	if (mkdtemp(path))
		return path;
	free(path);
	return NULL;
}
