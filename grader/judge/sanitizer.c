/* SPDX-License-Identifier: MIT */
/*
 * Programs built with -fsanitize=...: what went wrong in them is told on their
 * standard error, also for a child whose end nobody but its parent sees. In a box
 * the kernel tells that something did (finding_internal.h), whatever has become of
 * that.
 */
#include "sanitizer_internal.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure_internal.h"
#include "util.h"

static const char *tool_in(const struct pipe_buffer *o)
{
	static const char *const marks[][2] = {
		{ "ERROR: AddressSanitizer", "AddressSanitizer" },
		{ "WARNING: ThreadSanitizer", "ThreadSanitizer" },
		{ "ERROR: LeakSanitizer", "LeakSanitizer" },
		{ "runtime error: ", "UndefinedBehaviorSanitizer" },
	};

	for (size_t i = 0; o->len && i < 4; i++)
		if (memmem(o->data, o->len, marks[i][0], strlen(marks[i][0])))
			return marks[i][1];
	return NULL;
}

const char *prog_sanitizer(struct prog *p)
{
	return tool_in(&p->errors) ?: p->found ? "a sanitizer" : NULL;
}

/* The line of TEXT that contains MARK, from there on; NULL if none does. */
static char *line_from(const struct pipe_buffer *o, const char *mark)
{
	const char *at = memmem(o->data, o->len, mark, strlen(mark));

	if (!at)
		return NULL;
	at += strlen(mark);
	return judge_format("%.*s", (int)strcspn(at, "\n"), at);
}

/* From the lab's name on in PATH, whatever the folders above are called. */
static const char *in_lab(const char *path)
{
	const char *found = NULL;

	for (const char *at = path; (at = strstr(at, "/lab")); at++)
		if (isdigit((unsigned char)at[4]) &&
		    isdigit((unsigned char)at[5]) && at[6] == '-')
			found = at + 1;
	return found;
}

/*
 * Where the first stack in the output passes the lab's code, as "read_full,
 * lab01-blocking/io.c:49"; NULL if nowhere. A frame is
 *
 *	    #0 0x5581 in read_full /home/me/lab01-blocking/io.c:49
 */
static char *first_frame(const struct pipe_buffer *o)
{
	char *text = judge_format("%.*s", (int)o->len, o->data), *save = NULL;
	char name[64], path[PATH_MAX];
	char *found = NULL;

	for (char *line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *lab;

		if (sscanf(line, " #%*u 0x%*x in %63s %4095s", name, path) != 2)
			continue;
		lab = in_lab(path);
		if (lab && !strstr(lab, "/tests/"))
			found = judge_format("%s, %s", name, lab);
	}
	free(text);
	return found;
}

/*
 * What went wrong, and where in the lab: a summary names the function that was
 * running, which may be one of libc's.
 */
const char *prog_sanitizer_summary(struct prog *p)
{
	const char *line = NULL, *where;

	if (p->found && !tool_in(&p->errors))
		return "a sanitizer, and its report did not arrive";
	if (!p->errors.len)
		return "see its standard error";
	if (!line_from(&p->errors, "SUMMARY: AddressS"))
		line = line_from(&p->errors, "runtime error: ");
	line = line ?: line_from(&p->errors, "SUMMARY: ");
	where = first_frame(&p->errors);
	if (line && where && !strstr(line, strstr(where, ", ") + 2))
		line = judge_format("%s, in %s", line, where);
	return line ?: "see its standard error";
}

/* Whether one of the N MARKS is in the program PATH. */
static bool is_marked(const char *path, const char *const marks[], size_t n)
{
	bool found = false;
	struct stat st;
	void *at;
	int fd;

	/* What the program holds is its author's: it alone decides nothing. */
	if (!getenv("JUDGE_INSTRUMENTED"))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		judge_infra("%s", path);
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return false;
	for (size_t i = 0; i < n && !found; i++)
		found = memmem(at, (size_t)st.st_size, marks[i],
			       strlen(marks[i]));
	munmap(at, (size_t)st.st_size);
	return found;
}

bool is_sanitized(const char *path)
{
	/* Of programs, of a script that starts Valgrind, and of helgrind. */
	static const char *const marks[] = { "__asan_init", "__tsan_init",
					     "__msan_init", "exec valgrind ",
					     "a thread error detector" };

	return is_marked(path, marks, ARRAY_LEN(marks));
}

bool puts_signals_off(const char *path)
{
	static const char *const mark = "__tsan_init";

	return is_marked(path, &mark, 1);
}
