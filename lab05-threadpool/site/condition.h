/* SPDX-License-Identifier: MIT */
/*
 * condition - does the client have it already, and which part does it want?
 * Entity tags, dates and ranges (RFC 9110 8.8, 13, 14). Any thread may call.
 */
#ifndef LAB05_CONDITION_H
#define LAB05_CONDITION_H

#include <sys/stat.h>

#include "http/httpdate.h"
#include "request.h"

#define ETAG_MAX 56 /* with quotes and NUL */

/* What a file is in the eyes of a client. */
struct version {
	bool settled;	     /* else it has no validators: see below */
	char etag[ETAG_MAX]; /* strong, with its quotes; "" if not settled */
	time_t mtime;
	char modified[HTTPDATE_LEN + 1]; /* Last-Modified: never ahead of now */
	uint64_t size;
};

/*
 * The version at the time NOW (CLOCK_REALTIME) of the file that *ST describes.
 * The tag is made of inode, size and modification time in nanoseconds.
 *
 * A file that changed less than a second ago is not settled: it may change again
 * within the same second, or even within the same tick of the kernel's clock,
 * and two versions must not share a date or a tag (RFC 9110 8.8.2.2). So it has
 * neither, and nothing is to keep it. A time more than a second ahead was set
 * by hand, and says nothing of the last change.
 */
void condition_version(struct version *v, const struct stat *st,
		       const struct timespec *now);

/*
 * Looks at If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, in
 * the order of RFC 9110 13.2.2. For GET and HEAD.
 *
 * Returns 200 (go on), 304 or 412.
 */
int condition_status(const struct request *r, const char *head,
		     const struct version *v);

/* Some bytes of a file: FIRST to LAST, both included. */
struct range {
	uint64_t first;
	uint64_t last;
};

/*
 * Which range of the file does a GET ask for? Looks at Range and If-Range. The
 * server sends one range of bytes; for several, for other units, for what is
 * malformed, for an If-Range that does not fit, and for the last bytes of an
 * empty file, it sends all of it.
 *
 * Returns 206 and *RANGE; 200: all of it; 416: there are no such bytes.
 */
int condition_range(const struct request *r, const char *head,
		    const struct version *v, struct range *range);

#endif
