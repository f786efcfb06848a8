/* SPDX-License-Identifier: MIT */
/*
 * filecache - files by name, as they were a moment ago. A busy server is asked
 * for the same few files again and again: to open, to stat and to close one
 * takes longer than to send it. What was found is good until the next second
 * of the clock begins, so a changed file is seen a second later at most, and
 * the Date in a prepared head is the right one.
 *
 *	small	head and content in memory, one behind the other: one send(2)
 *	large	an open descriptor, for sendfile(2)
 *
 * Any thread may call. A file does not change once it has been loaded, so its
 * holders read it without a lock.
 */
#ifndef LAB05_FILECACHE_H
#define LAB05_FILECACHE_H

#include <stdatomic.h>

#include "condition.h"

/* The largest content, in bytes, that is kept in memory. */
#define FILECACHE_SMALL 16384

struct file {
	struct version version;
	const char *type;  /* mime.h's */
	int fd;		   /* -1 if the content is in memory */
	size_t head_len;   /* of a 200 to HTTP/1.1 that keeps the connection */
	char *bytes;	   /* that head, and the content if it is small */
	time_t second;	   /* it was loaded in, by time(2) */
	atomic_uint holds; /* filecache.c's own, as are the next two */
	uint32_t hash;
	char name[];
};

struct filecache;

/*
 * A cache of the files below ROOT, of path_open_root(), which stays the
 * caller's. Returns it, for filecache_free(), or NULL with errno ENOMEM.
 */
struct filecache *filecache_create(int root);

/* Files still held live on. NULL is fine. */
void filecache_free(struct filecache *cache);

/*
 * The regular file NAME (of path_decode()), at the time NOW of time(2).
 *
 * Returns it, for file_release(), or NULL with errno
 *   EISDIR	a directory
 *   EACCES	neither a file nor a directory, or not readable
 *   others	of path_open(), ENOMEM, EIO
 */
struct file *filecache_open(struct filecache *cache, const char *name,
			    time_t now);

/* The caller needs F no longer. NULL is fine. */
void file_release(struct file *f);

#endif
