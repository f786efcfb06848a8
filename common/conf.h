/* SPDX-License-Identifier: MIT */
/*
 * conf - configuration files in the INI form:
 *
 *	# a comment; so is a line that begins with ;
 *	[server]
 *	listen = 127.0.0.1:9700 [::1]:9700
 *	pid_file =
 *
 * What this reader promises, because others differ:
 *
 *   - A comment has a line of its own. A value is all that follows the `=` to
 *     the end of the line, # and ; included; white space at both of its ends is
 *     not part of it. A value may be empty.
 *   - A line has at most CONF_LINE_MAX bytes. One that is longer is an error
 *     and is never cut, nor is what follows taken for another key.
 *   - A key that is given twice in a section is an error, wherever the two are.
 *     A section may be left and opened again.
 *   - A key before the first section is an error, and so is a line that is none
 *     of these.
 *   - Names of sections and keys are letters, digits, _ and -. Case counts.
 *
 * An error is one line: FILE:LINE: what is wrong, and what was expected.
 *
 * Any thread may call.
 */
#ifndef COMMON_CONF_H
#define COMMON_CONF_H

#include <stdbool.h>
#include <stddef.h>

#define CONF_LINE_MAX 4096 /* bytes of a line, without its newline */

/* A key of the file, for the time of a call. */
struct conf_entry {
	unsigned int line; /* from 1 */
	const char *section;
	const char *key;
	const char *value;
};

/*
 * Takes an entry, in the order of the file. Returns 0; or -1, and WHY (SIZE
 * bytes) says what is wrong with it.
 */
typedef int conf_fn(void *arg, const struct conf_entry *entry, char *why,
		    size_t size);

/*
 * Reads the file PATH and calls EACH with ARG for every key. Stops at the first
 * error.
 *
 * Returns 0, or -1 with the error in WHY, SIZE bytes, cut if it is longer:
 * "PATH:LINE: ..." for one of a line, "PATH: ..." if the file cannot be read.
 */
int conf_read(const char *path, conf_fn *each, void *arg, char *why,
	      size_t size);

/*
 * VALUE as a number from MIN to MAX, decimal digits and nothing else. Returns 0
 * with it in *N; or -1, *N as it was, and WHY says what was expected.
 */
int conf_number(const char *value, size_t min, size_t max, size_t *n, char *why,
		size_t size);

/* The same for "yes" and "no". */
int conf_bool(const char *value, bool *b, char *why, size_t size);

#endif
