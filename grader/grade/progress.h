/* SPDX-License-Identifier: MIT */
/*
 * progress - one line on the terminal about what runs now, written over and
 * over on standard error. Without a terminal nothing is written.
 */
#ifndef GRADE_PROGRESS_H
#define GRADE_PROGRESS_H

/* Shows a line instead of the last one; it is cut at the terminal's width. */
void progress_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Takes the line away. */
void progress_clear(void);

/* The width of the terminal on standard output, 80 if it is none. */
int progress_width(void);

#endif
