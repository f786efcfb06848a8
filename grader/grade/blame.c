/* SPDX-License-Identifier: MIT */
/*
 * Which line of what make printed says what is wrong. The linker names the
 * place of a call, which is often in a file that is not the student's: what is
 * missing is the function, and the header that declares it tells whose it is.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "mem.h"
#include "util.h"

#define HEADER_MAX (1 << 20)

/* Earlier is better. */
static const char *const error_signs[] = {
	"fatal error: ",
	" error: ",
	"multiple definition of",
	"undefined reference to",
	"No rule to make target",
	"error:",
	"*** ",
};

char *build_first_error(const char *output, const char *root)
{
	const char *line = NULL;
	size_t skip;
	size_t len;

	for (const char *at = output; *at && !line;) {
		len = strcspn(at, "\n");
		for (size_t i = 0; i < 4 && !line; i++) {
			const char *sign = strstr(at, error_signs[i]);

			if (sign && sign < at + len)
				line = at;
		}
		at += len + (at[len] == '\n');
	}
	for (size_t i = 4; i < 7 && !line; i++) {
		line = strstr(output, error_signs[i]);
		while (line && line > output && line[-1] != '\n')
			line--;
	}
	if (!line)
		line = output;
	len = strlen(root);
	skip = strncmp(line, root, len) || line[len] != '/' ? 0 : len + 1;
	return mem_strndup(line + skip, strcspn(line + skip, "\n"));
}

/* The function that LINE, the linker's, misses; to be freed, or NULL. */
static char *missing_function(const char *line)
{
	static const char sign[] = "undefined reference to ";
	const char *at = strstr(line, sign);

	if (!at)
		return NULL;
	at += strlen(sign);
	at += strspn(at, "`'\"");
	return mem_strndup(at, strcspn(at, "`'\"( \n"));
}

/* Whether TEXT has NAME( in it, as a word. */
static bool declares(const char *text, const char *name)
{
	static const char in_names[] = "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at += len)
		if (at[len] == '(' && at > text && !strchr(in_names, at[-1]))
			return true;
	return false;
}

/* The header below ROOT/PLACE that declares NAME and has a .c beside it. */
static char *declaring_header(const char *root, const char *place,
			      const char *name)
{
	char *pattern = mem_printf("%s/%s/*.h", root, place);
	char *found = NULL;
	glob_t headers;

	if (glob(pattern, 0, NULL, &headers) == 0) {
		for (size_t i = 0; i < headers.gl_pathc && !found; i++) {
			char *path = headers.gl_pathv[i];
			char *text = mem_read_file(path, HEADER_MAX, NULL);

			if (text && declares(text, name))
				found = mem_strdup(path + strlen(root) + 1);
			free(text);
		}
		globfree(&headers);
	}
	free(pattern);
	return found;
}

char *build_blame(const struct lab *lab, char *error)
{
	char *name = missing_function(error);
	char *header = name ? declaring_header(lab->root, lab->dir, name)
			    : NULL;
	char *text;

	if (name && !header)
		header = declaring_header(lab->root, "lab[0-9][0-9]-*", name);
	if (!header) {
		free(name);
		return error;
	}
	text = mem_printf("%.*sc does not define %s(), which %s declares\n(%s)",
			  (int)strlen(header) - 1, header, name,
			  strrchr(header, '/') + 1, error);
	free(header);
	free(name);
	free(error);
	return text;
}

/* What the file of this mode is, if the compiler should not read it; or NULL. */
static const char *odd_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFIFO:
		return "a FIFO";
	case S_IFDIR:
		return "a directory";
	case S_IFCHR:
	case S_IFBLK:
		return "a device";
	default:
		return "no regular file";
	}
}

/*
 * The first source of LAB, or of a lab before it, that the compiler should not
 * read: it would wait for a FIFO.
 */
static char *odd_source(const struct lab *lab)
{
	char *pattern = mem_printf("%s/lab[0-9][0-9]-*/*.[ch]", lab->root);
	char *error = NULL;
	glob_t files;

	if (glob(pattern, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc && !error; i++) {
			const char *name =
				files.gl_pathv[i] + strlen(lab->root) + 1;
			const char *odd = NULL;
			struct stat st;

			if (strncmp(name, lab->dir, strlen("labNN")) > 0)
				break;
			if (stat(files.gl_pathv[i], &st) == 0)
				odd = odd_kind(st.st_mode);
			if (odd)
				error = mem_printf("%s is %s, expected a "
						   "regular file",
						   name, odd);
		}
		globfree(&files);
	}
	free(pattern);
	return error;
}

char *build_missing(const struct lab *lab)
{
	char *workspace = mem_printf("%s/.readylist", lab->root);
	bool can_reset = access(workspace, F_OK) == 0;
	char *error = odd_source(lab);

	free(workspace);
	for (size_t i = 0; i < lab->deliverable_count && !error; i++) {
		const char *name = lab->deliverables[i];
		char *path = lab_path(lab, name);

		if (access(path, R_OK) && can_reset)
			error = mem_printf("%s/%s is missing\n./course reset "
					   "%s %s puts the starter there",
					   lab->dir, name, lab_short(lab),
					   name);
		else if (access(path, R_OK))
			error = mem_printf("%s/%s is missing", lab->dir, name);
		free(path);
	}
	return error;
}
