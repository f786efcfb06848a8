/* SPDX-License-Identifier: MIT */
/*
 * style - what the terminal gets beyond plain text: colours, bars, and lines
 * broken at its width.
 */
#ifndef GRADE_STYLE_H
#define GRADE_STYLE_H

#include <stdio.h>

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN
};

/*
 * The sequence that switches STYLE on, "" where there are no colours: standard
 * output is no terminal, or NO_COLOR is set. STYLE_PLAIN switches all off.
 */
const char *style(enum style style);

/* Prints a bar of WIDTH columns, PART of WHOLE of it filled. */
void style_bar(FILE *f, int part, int whole, int width);

/*
 * Prints TEXT and a newline, broken between words at the terminal's width: the
 * first line goes on in column AT, the others start INDENT columns in. Control
 * characters other than newline are shown as \xNN.
 */
void style_text(FILE *f, int at, int indent, const char *text);

#endif
