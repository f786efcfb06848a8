/* SPDX-License-Identifier: MIT */
/*
 * save - a file is read, and replaced, as a whole.
 */
#ifndef LAB08_SAVE_H
#define LAB08_SAVE_H

#include <stddef.h>

/*
 * Reads PATH, MAX bytes at most: what is behind them is left out. Returns it,
 * LEN bytes and a NUL, for free(); or NULL with errno of open(2) or read(2),
 * EISDIR and ENOMEM among them.
 */
char *load_file(const char *path, size_t max, size_t *len);

/*
 * Puts the LEN bytes at DATA in the place of what PATH holds: into a file
 * beside it, to the disk, and then by rename(2), so that whoever reads it finds
 * the old one or the new one, whole, even after a power cut. A symbolic link is
 * followed and stays; the mode stays, and the owner too, if we may give it.
 *
 * Returns 0, or -1 with errno and PATH as it was.
 */
int save_file(const char *path, const char *data, size_t len);

#endif
