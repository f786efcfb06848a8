/* SPDX-License-Identifier: MIT */
/*
 * answer - the bytes of an answer, made in memory, so that any place in it can
 * be named by its offset.
 */
#ifndef LAB06_PRACTICE_ANSWER_H
#define LAB06_PRACTICE_ANSWER_H

#include <stddef.h>

/*
 * Content: eight bytes a line, and each line says at which byte it begins, so
 * that whatever is lost, doubled or swapped shows.
 */
void answer_content(char *to, size_t from, size_t len);

#endif
