/* SPDX-License-Identifier: MIT */
/*
 * The file is read whole, and its lines are cut where they are: a URL is slices
 * of the file's own text. What is said of a bad line is its number and a reason
 * of ours, never the line itself, which may hold anything.
 */
#include "url_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

#define READ_SIZE 65536

void url_list_init(struct url_list *l)
{
	*l = (struct url_list){ 0 };
}

static int append(struct url_list *l, const struct url_line *line,
		  const char **why)
{
	size_t size = l->count == l->size ? MAX(l->size * 2, (size_t)16)
					  : l->size;
	struct url_line *lines = l->lines;

	if (size != l->size)
		lines = reallocarray(lines, size, sizeof(*lines));
	if (!lines) {
		*why = "out of memory";
		return -1;
	}
	l->lines = lines;
	l->size = size;
	l->lines[l->count++] = *line;
	return 0;
}

int url_list_add(struct url_list *l, const char *text, const char **why)
{
	struct url_line line = { 0 };

	if (url_parse(&line.url, text, strlen(text), why) < 0)
		return -1;
	return append(l, &line, why);
}

/* All of FD, and a NUL behind it. */
static char *read_all(int fd, size_t *len)
{
	char *text = NULL, *grown;
	size_t size = 0;
	ssize_t n = 1;

	*len = 0;
	while (n) {
		if (*len + READ_SIZE > size) {
			size = MAX(size * 2, (size_t)2 * READ_SIZE);
			grown = realloc(text, size + 1);
			if (!grown)
				break;
			text = grown;
		}
		n = read(fd, text + *len, READ_SIZE);
		if (n < 0 && errno != EINTR)
			break;
		*len += MAX(n, (ssize_t)0);
	}
	if (n) {
		free(text);
		return NULL;
	}
	text[*len] = '\0';
	return text;
}

static bool is_token(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!http_is(p[i], HTTP_TOKEN))
			return false;
	return len > 0;
}

/* One line, LEN bytes without its end; its text may be written to. */
static int parse_line(struct url_list *l, char *p, size_t len, const char **why)
{
	struct url_line line = { 0 };
	char *space = memchr(p, ' ', len);

	if (space) {
		if (!is_token(p, space - p)) {
			*why = "no method before the space";
			return -1;
		}
		*space = '\0';
		if (!strcmp(p, "CONNECT")) {
			*why = "CONNECT is not supported";
			return -1;
		}
		line.method = p;
		len -= space + 1 - p;
		p = space + 1;
	}
	if (url_parse(&line.url, p, len, why) < 0)
		return -1;
	return append(l, &line, why);
}

static void parse_lines(struct url_list *l, size_t len, const char *file)
{
	char *p = l->text, *end = p + len, *eol;
	const char *why;
	size_t n;

	for (size_t number = 1; p < end; number++, p = eol + 1) {
		eol = memchr(p, '\n', end - p) ?: end;
		n = eol - p;
		if (n && p[n - 1] == '\r')
			n--;
		if (!n || *p == '#' || parse_line(l, p, n, &why) == 0)
			continue;
		if (l->bad++ < URL_LIST_MESSAGES)
			fprintf(stderr, "%s:%zu: %s\n", file, number, why);
	}
	if (l->bad > URL_LIST_MESSAGES)
		fprintf(stderr, "bot: %zu more bad lines\n",
			l->bad - URL_LIST_MESSAGES);
}

int url_list_read(struct url_list *l, const char *file)
{
	bool standard = !strcmp(file, "-");
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	size_t len;
	int error;

	if (fd < 0)
		return -1;
	l->text = read_all(fd, &len);
	error = errno;
	if (!standard)
		close(fd);
	errno = error;
	if (!l->text)
		return -1;
	parse_lines(l, len, file);
	return 0;
}

void url_list_free(struct url_list *l)
{
	free(l->lines);
	free(l->text);
	url_list_init(l);
}
