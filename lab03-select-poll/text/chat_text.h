/* SPDX-License-Identifier: MIT */
/*
 * chat_text - what a chat has to know about text, and no lab teaches.
 */
#ifndef LAB03_CHAT_TEXT_H
#define LAB03_CHAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "chat.h"

/* Whether TEXT is a name: 1 to CHAT_NAME_MAX letters, digits, "-" or "_". */
static inline bool chat_is_name(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_");

	return len >= 1 && len <= CHAT_NAME_MAX && text[len] == '\0';
}

/*
 * Replaces each of the LEN bytes at TEXT that could play with a terminal by
 * "?": those below 0x20 but the tab, and 0x7f. NUL bytes are among them, so
 * the result has none.
 */
static inline void chat_make_printable(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\t') ||
		    text[i] == 0x7f)
			text[i] = '?';
}

#endif
