/* SPDX-License-Identifier: MIT */
/*
 * url_list - the URLs of a run, from the command line and from a file, one a
 * line as "[METHOD ]URL".
 */
#ifndef LAB06_URL_LIST_H
#define LAB06_URL_LIST_H

#include <stddef.h>

#include "url/url.h"

/* Bad lines of a file that are named; the rest is counted. */
#define URL_LIST_MESSAGES 100

struct url_line {
	const char *method; /* NULL: none was written */
	struct url url;	    /* of text that lives as long as the list */
};

struct url_list {
	struct url_line *lines;
	size_t count;
	size_t bad; /* lines that were refused */
	size_t size;
	char *text; /* the file's */
};

/* An empty list. */
void url_list_init(struct url_list *l);

/*
 * Adds TEXT, a URL of the command line, which stays where it is.
 *
 * Returns 0, or -1 and *WHY.
 */
int url_list_add(struct url_list *l, const char *text, const char **why);

/*
 * Adds the lines of FILE ("-": standard input). Empty lines and those that
 * begin with "#" are skipped; a line may end in CR LF, the last one in nothing.
 * Each bad line is named on standard error as "FILE:LINE: reason", up to
 * URL_LIST_MESSAGES of them, and counted in l->bad. Not twice for a list.
 *
 * Returns 0, or -1 with errno if FILE cannot be read.
 */
int url_list_read(struct url_list *l, const char *file);

/* Frees what the list holds. */
void url_list_free(struct url_list *l);

#endif
