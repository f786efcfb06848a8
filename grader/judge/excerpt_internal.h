/* SPDX-License-Identifier: MIT */
/*
 * excerpt - bytes, statuses and differences as text. A result is in one of a
 * few static buffers, good for one line.
 */
#ifndef JUDGE_EXCERPT_INTERNAL_H
#define JUDGE_EXCERPT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The first bytes of DATA: "text\n" or 00 ff 7f, and "..." if cut. */
const char *excerpt(const void *data, size_t len);
/* A line of output as it is, if it can be shown so. */
const char *excerpt_line(const char *line);
/* "exit status 3", "killed by SIGSEGV (Segmentation fault)" */
const char *status_text(int status);
const char *signal_name(int sig);
/* What is wrong at offset AT of two byte strings that differ there. */
const char *difference(const void *want, size_t want_len, const void *got,
		       size_t got_len, size_t at, uint64_t base);
size_t first_difference(const void *a, const void *b, size_t len);

#endif
