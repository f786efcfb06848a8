/* SPDX-License-Identifier: MIT */
/*
 * mem - memory and strings for a program that ends when there is no more.
 *
 * Nothing here returns NULL: without memory the program prints a line and
 * exits with status 1. What is returned belongs to the caller, who frees it.
 */
#ifndef GRADE_MEM_H
#define GRADE_MEM_H

#include <stddef.h>

/* SIZE bytes, all zero. */
void *mem_alloc(size_t size);

/* reallocarray(3) */
void *mem_resize(void *p, size_t count, size_t size);

char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Replaces the string at *P, which may be NULL, by S's copy. */
void mem_replace(char **p, const char *s);

/*
 * The content of the file PATH, at most MAX bytes, with a NUL behind it; its
 * length is put into *LEN if that is not NULL. NULL with errno set if the
 * file cannot be read (the one function here that can fail).
 */
char *mem_read_file(const char *path, size_t max, size_t *len);

#endif
