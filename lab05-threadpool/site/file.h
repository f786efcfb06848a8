/* SPDX-License-Identifier: MIT */
/*
 * file - a file with the head of its answer, ready to be sent:
 *
 *	small	head and content in memory, one behind the other: one send(2)
 *	large	an open descriptor, for sendfile(2)
 *
 * It does not change once it is loaded, so any thread that holds it reads it
 * without a lock.
 */
#ifndef LAB05_FILE_H
#define LAB05_FILE_H

#include <stdatomic.h>

#include "answer_head.h"
#include "condition.h"
#include "encoding.h"

/* The largest content, in bytes, that is kept in memory. */
#define FILE_SMALL 16384

struct file {
	struct version version;
	const char *type; /* mime.h's */
	int fd;		  /* -1 if the content is in memory */
	enum encoding encoding;
	encodings compressed; /* which encodings there are beside it */
	size_t head_len; /* of a 200 to HTTP/1.1 that keeps the connection */
	char *bytes;	 /* that head, and the content if it is small */
	time_t second;	 /* it was loaded in, by time(2) */
	struct timespec mtime; /* of a large one, to see it change */
	atomic_uint holds;     /* filecache.c's own, as are the next two */
	uint32_t hash;
	char name[];
};

/*
 * Loads the regular file NAME (of path_decode()) below ROOT, at the time NOW of
 * time(2), or what is beside it in that ENCODING, with the type of NAME.
 * The head is as POLICY says.
 *
 * Returns it, held once, for file_release(), or NULL with errno
 *   EISDIR	a directory
 *   EACCES	neither a file nor a directory, or not readable
 *   EAGAIN	it changed meanwhile
 *   others	of path_open(), ENOMEM, EIO
 */
struct file *file_load(int root, const char *name, enum encoding encoding,
		       const struct answer_policy *policy, time_t now);

/* Is what F is sent from, its descriptor, another version by now? */
bool file_has_changed(const struct file *f);

/* One holder more. */
static inline struct file *file_hold(struct file *f)
{
	atomic_fetch_add(&f->holds, 1);
	return f;
}

/* A holder needs F no longer. NULL is fine. */
void file_release(struct file *f);

#endif
