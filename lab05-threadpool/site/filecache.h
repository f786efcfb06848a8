/* SPDX-License-Identifier: MIT */
/*
 * filecache - files by name, as they were a moment ago. A busy server is asked
 * for the same few files again and again: to open, to stat and to close one
 * takes longer than to send it. What was found is good until the next second
 * of the clock begins, so a changed file is seen a second later at most, and
 * the Date in a prepared head is the right one. A file that changed less than a
 * second ago is read again for each request: it may be half written.
 *
 * Any thread may call.
 */
#ifndef LAB05_FILECACHE_H
#define LAB05_FILECACHE_H

#include "file.h"

struct filecache;

/*
 * A cache of the files below ROOT, of path_open_root(), with heads as POLICY
 * says; both stay the caller's. Returns it, for filecache_free(), or NULL with
 * errno ENOMEM.
 */
struct filecache *filecache_create(int root,
				   const struct answer_policy *policy);

/* Files still held live on. NULL is fine. */
void filecache_free(struct filecache *cache);

/* Forgets all files: another directory is behind the root now (dup2(2)). */
void filecache_clear(struct filecache *cache);

/*
 * The regular file NAME (of path_decode()), at the time NOW of time(2); or what
 * is beside it in that ENCODING, with the type of NAME, if that is not older.
 *
 * Returns it, for file_release(), or NULL with errno
 *   EISDIR	a directory
 *   EACCES	neither a file nor a directory, or not readable
 *   EAGAIN	it changes all the time
 *   others	of path_open(), ENOMEM, EIO
 */
struct file *filecache_open(struct filecache *cache, const char *name,
			    enum encoding encoding, time_t now);

#endif
