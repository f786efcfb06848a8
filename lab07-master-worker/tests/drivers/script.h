/* SPDX-License-Identifier: MIT */
/*
 * script - what the drivers have in common: a line of standard input is a
 * command of some words, and its answer is one line on standard output.
 */
#ifndef LAB07_TESTS_SCRIPT_H
#define LAB07_TESTS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#define SCRIPT_WORDS 10
#define SCRIPT_LINE  (128 * 1024)

/* A command. Words that were not given are "". */
struct script {
	char *word[SCRIPT_WORDS];
};

/* Reads the next command; false at the end of the input. Takes no memory. */
bool script_read(struct script *s);

/* Is it the command NAME? */
bool script_is(const struct script *s, const char *name);

/* Word number I as a number; 0 if there is none. */
long long script_number(const struct script *s, size_t i);

/* Writes a line, in one write(2). */
void script_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * "ok" if RESULT is not negative, the name of errno if it is -1; what is below
 * is told as such.
 */
const char *script_result(int result);

/* Reads hex digits to TO, ROOM bytes; "-" is none. Returns how many bytes. */
size_t script_bytes(const char *hex, unsigned char *to, size_t room);

/* The N bytes as hex digits; "-" if none. Valid until the next call. */
const char *script_hex(const void *data, size_t n);

/* How many descriptors this process has open. */
size_t script_descriptors(void);

/* Closes standard input: from now on commands come by another descriptor. */
void script_leave_stdin(void);

/* Leaves no descriptor to be had (ON), or again as many as in the beginning. */
void script_no_descriptors(bool on);

/* Ends the driver: it was told something it does not know. */
_Noreturn void script_unknown(const struct script *s);

#endif
