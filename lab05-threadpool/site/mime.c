/* SPDX-License-Identifier: MIT */
/*
 * Two tables in alphabetical order: our own, for what web sites are made of, and
 * the system's, for all the rest. Ours comes first, because the system's types
 * of text say nothing of the character set.
 */
#include "mime.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

struct entry {
	const char *ending;
	const char *type;
};

static const struct entry types[] = {
	{ "avif", "image/avif" },
	{ "bmp", "image/bmp" },
	{ "c", "text/plain; charset=utf-8" },
	{ "css", "text/css; charset=utf-8" },
	{ "csv", "text/csv; charset=utf-8" },
	{ "flac", "audio/flac" },
	{ "gif", "image/gif" },
	{ "gz", "application/gzip" },
	{ "h", "text/plain; charset=utf-8" },
	{ "htm", "text/html; charset=utf-8" },
	{ "html", "text/html; charset=utf-8" },
	{ "ico", "image/vnd.microsoft.icon" },
	{ "jpeg", "image/jpeg" },
	{ "jpg", "image/jpeg" },
	{ "js", "text/javascript; charset=utf-8" },
	{ "json", "application/json" },
	{ "m4a", "audio/mp4" },
	{ "md", "text/markdown; charset=utf-8" },
	{ "mjs", "text/javascript; charset=utf-8" },
	{ "mov", "video/quicktime" },
	{ "mp3", "audio/mpeg" },
	{ "mp4", "video/mp4" },
	{ "ogg", "audio/ogg" },
	{ "opus", "audio/ogg" },
	{ "otf", "font/otf" },
	{ "pdf", "application/pdf" },
	{ "png", "image/png" },
	{ "svg", "image/svg+xml" },
	{ "tar", "application/x-tar" },
	{ "ttf", "font/ttf" },
	{ "txt", "text/plain; charset=utf-8" },
	{ "vtt", "text/vtt; charset=utf-8" },
	{ "wasm", "application/wasm" },
	{ "wav", "audio/wav" },
	{ "webm", "video/webm" },
	{ "webmanifest", "application/manifest+json" },
	{ "webp", "image/webp" },
	{ "woff", "font/woff" },
	{ "woff2", "font/woff2" },
	{ "xhtml", "application/xhtml+xml" },
	{ "xml", "application/xml" },
	{ "yaml", "application/yaml" },
	{ "yml", "application/yaml" },
	{ "zip", "application/zip" },
};

/* The system's; each entry and its strings are one allocation. */
static struct entry *loaded;
static size_t nloaded, room;

static int compare(const void *ending, const void *entry)
{
	return strcasecmp(ending, ((const struct entry *)entry)->ending);
}

static int order(const void *a, const void *b)
{
	return compare(((const struct entry *)a)->ending, b);
}

static const struct entry *find(const char *ending)
{
	const struct entry *e = bsearch(ending, types, ARRAY_LEN(types),
					sizeof(types[0]), compare);

	if (!e && nloaded)
		e = bsearch(ending, loaded, nloaded, sizeof(loaded[0]),
			    compare);
	return e;
}

/* Appends an entry; the table is not in order then. */
static int add(const char *ending, const char *type)
{
	const char *utf8 = strncmp(type, "text/", 5) ? "" : "; charset=utf-8";
	struct entry *more;
	char *text;

	if (strlen(type) + strlen(utf8) > MIME_TYPE_MAX)
		return 0;
	if (nloaded == room) {
		more = realloc(loaded, (room + 1024) * sizeof(*loaded));
		if (!more)
			return -1;
		loaded = more;
		room += 1024;
	}
	if (asprintf(&text, "%s%s%c%s", type, utf8, '\0', ending) < 0)
		return -1;
	loaded[nloaded++] = (struct entry){
		.type = text,
		.ending = text + strlen(text) + 1,
	};
	return 0;
}

/* "audio/flac flac fla": a type, and its endings. */
static int add_line(char *line)
{
	static const char blank[] = " \t\r\n";
	char *save, *type, *ending;

	line[strcspn(line, "#")] = '\0';
	type = strtok_r(line, blank, &save);
	while (type && (ending = strtok_r(NULL, blank, &save)))
		if (add(ending, type) < 0)
			return -1;
	return 0;
}

int mime_load(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = 0, err;

	if (!f)
		return -1;
	while (ret == 0 && getline(&line, &size, f) >= 0)
		ret = add_line(line);
	err = errno;
	free(line);
	fclose(f);
	if (nloaded)
		qsort(loaded, nloaded, sizeof(loaded[0]), order);
	errno = err;
	return ret;
}

void mime_unload(void)
{
	while (nloaded)
		free((char *)loaded[--nloaded].type);
	free(loaded);
	loaded = NULL;
	room = 0;
}

const char *mime_type(const char *name)
{
	const char *slash = strrchr(name, '/'), *dot;
	const struct entry *e;

	name = slash ? slash + 1 : name;
	dot = strrchr(name, '.');
	/* ".profile" is a name, not an ending. */
	if (!dot || dot == name)
		return "application/octet-stream";
	e = find(dot + 1);
	return e ? e->type : "application/octet-stream";
}
