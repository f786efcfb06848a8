/* SPDX-License-Identifier: MIT */
/*
 * path - from what a request asks for to an open file, and never to one
 * outside of the root. Two walls, each enough by itself: path_decode() takes the
 * name apart and builds one without "..", and path_open() has the kernel keep
 * below the root whatever the name (openat2(2), RESOLVE_BENEATH), so that no
 * symbolic link leads out either. Any thread may call.
 */
#ifndef LAB05_PATH_H
#define LAB05_PATH_H

#include "http/http.h"

/*
 * Writes the file name that the request path PATH means to NAME, SIZE bytes,
 * relative to the root: "/a%20b//./c/../d" gives "a b/d", "/" and "" give ".".
 * A path that ends in "/", or in a segment "." or "..", gives a name that ends
 * in "/": a directory is meant.
 *
 * Returns 0, or -1 with errno
 *   EINVAL		"%" without two hexadecimal digits, a NUL, more ".."
 *			than there are segments before them, or no "/" in front
 *   ENOENT		"%2F": no file has a slash in its name
 *   ENAMETOOLONG	SIZE
 */
int path_decode(struct slice path, char *name, size_t size);

/*
 * Writes the file name NAME as the path of a URL to P, where three bytes for
 * each of its own fit: what stands for something else there as "%HH". Returns
 * the place behind it. No NUL.
 */
char *path_encode(char *p, const char *name);

/*
 * Opens the directory DIR as a root. Returns a descriptor that is good for
 * path_open() and close(2) only, or -1 with errno of open(2): EACCES also if
 * nothing in it can be opened.
 */
int path_open_root(const char *dir);

/*
 * Opens the file NAME below ROOT for reading. Follows symbolic links unless they
 * lead out or lie in /proc. Never blocks on a FIFO. The caller finds out by
 * fstat(2) which type of file it is.
 *
 * Returns a descriptor that the caller closes, or -1 with errno of openat2(2):
 * EXDEV if it would lead out of the root, EISDIR for a directory that may be
 * entered but not listed.
 */
int path_open(int root, const char *name);

/*
 * The same without openat2(2), for a kernel before 5.6 or a sandbox that does
 * not let it through: path_open() comes here by itself. No symbolic link is
 * followed at all: ELOOP, or ENOTDIR for one in the middle.
 */
int path_open_walk(int root, const char *name);

/* What to answer when one of these failed with errno ERR: 400, 403, 404, ... */
int path_status(int err);

#endif
