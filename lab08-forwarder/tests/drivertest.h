/* SPDX-License-Identifier: MIT */
/*
 * drivertest - talking with the drivers of this lab.
 */
#ifndef LAB08_TESTS_DRIVERTEST_H
#define LAB08_TESTS_DRIVERTEST_H

#include "judge.h"

/*
 * Sends the command NAME with LEN bytes behind it, written as the drivers read
 * them, and returns the answer: its lines up to ".", with "\n" between them.
 * Valid until the next call.
 */
const char *driver_bytes(struct prog *driver, const char *name,
			 const void *bytes, size_t len);
const char *driver_text(struct prog *driver, const char *name,
			const char *text);

/* Sends a command and returns the one line that answers it. */
const char *driver_ask(struct prog *driver, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A text that grows; the test ends if there is no memory. Start with { 0 }. */
struct text {
	char *data; /* NUL-terminated */
	size_t len, size;
};

void text_addf(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void text_add(struct text *t, const void *bytes, size_t len);
/* Empty again; the memory stays. */
void text_clear(struct text *t);

/*
 * GOT, which rules-driver has answered, must be WANT. The first line that differs
 * may tell that it is about a part of the rule that is not there, about the name of
 * the mode, about where the rule stands or about print: then the promise is that
 * one, and else the caller's.
 */
void rules_answered(const char *got, const char *want);

/*
 * rules-driver takes TEXT by COMMAND ("file", "rule"), or finds ERROR in LINE if
 * ERROR is no NULL. WHAT says it in the report.
 */
void rules_taken(struct prog *driver, const char *what, const char *command,
		 const struct text *text, const char *error, size_t line);

#endif
