/* SPDX-License-Identifier: MIT */
/* A table in alphabetical order: some fifty comparisons would be too many. */
#include "mime.h"

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
	{ "md", "text/markdown; charset=utf-8" },
	{ "mjs", "text/javascript; charset=utf-8" },
	{ "mp3", "audio/mpeg" },
	{ "mp4", "video/mp4" },
	{ "ogg", "audio/ogg" },
	{ "otf", "font/otf" },
	{ "pdf", "application/pdf" },
	{ "png", "image/png" },
	{ "svg", "image/svg+xml" },
	{ "tar", "application/x-tar" },
	{ "ttf", "font/ttf" },
	{ "txt", "text/plain; charset=utf-8" },
	{ "wasm", "application/wasm" },
	{ "webm", "video/webm" },
	{ "webmanifest", "application/manifest+json" },
	{ "webp", "image/webp" },
	{ "woff", "font/woff" },
	{ "woff2", "font/woff2" },
	{ "xhtml", "application/xhtml+xml" },
	{ "xml", "application/xml" },
	{ "zip", "application/zip" },
};

static int compare(const void *ending, const void *entry)
{
	return strcasecmp(ending, ((const struct entry *)entry)->ending);
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
	e = bsearch(dot + 1, types, ARRAY_LEN(types), sizeof(types[0]),
		    compare);
	return e ? e->type : "application/octet-stream";
}
