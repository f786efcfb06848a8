/* SPDX-License-Identifier: MIT */
/*
 * output - a body in a file of its own. The name is the request's number and
 * nothing else: no URL and no server has a say in it.
 */
#ifndef LAB06_OUTPUT_H
#define LAB06_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Opens the directory PATH, which is made if it is missing (its parents are
 * not). Returns a descriptor, which the caller closes, or -1 with errno.
 */
int output_open_dir(const char *path);

/*
 * Makes the file of request NUMBER, from 1, in DIR: "000001.body". It must not
 * exist yet, not even as a link. Returns a descriptor to write to, or -1 with
 * errno.
 */
int output_create(int dir, uint64_t number);

/* Writes all of it. Returns 0, or -1 with errno. */
int output_write(int fd, const char *data, size_t len);

/*
 * The body is whole: closes FD. Returns 0, or -1 with errno if not all of it
 * has been written.
 */
int output_close(int fd);

/* The request failed: closes FD, unless it is -1, and removes the file. */
void output_discard(int dir, uint64_t number, int fd);

#endif
