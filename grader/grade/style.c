/* SPDX-License-Identifier: MIT */
/*
 * What a program under test printed goes to the user's terminal through here,
 * so escape sequences are made visible and do nothing.
 */
#include "style.h"

#include <langinfo.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "terminal.h"

const char *style(enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m", [STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",   [STYLE_GOOD] = "\033[32m",
		[STYLE_BAD] = "\033[31m",  [STYLE_WARN] = "\033[33m",
	};

	return terminal_has_colours(STDOUT_FILENO) ? codes[style] : "";
}

void style_bar(FILE *f, int part, int whole, int width)
{
	bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	int filled = whole > 0 ? part * width / whole : 0;

	if (part > 0 && !filled)
		filled = 1;
	for (int i = 0; i < width; i++) {
		if (i < filled)
			fputs(utf8 ? "\u2588" : "#", f);
		else
			fputs(utf8 ? "\u2591" : ".", f);
	}
}

/* Columns of the character at S; bytes that go on with one have none. */
static int columns(const char *s)
{
	unsigned char c = *s;

	if (c < 32 || c == 127)
		return 4;
	return (c & 0xc0) != 0x80;
}

static void put(FILE *f, const char *s)
{
	unsigned char c = *s;

	if (c < 32 || c == 127)
		fprintf(f, "\\x%02x", c);
	else
		fputc(c, f);
}

static void new_line(FILE *f, int indent)
{
	fprintf(f, "\n%*s", indent, "");
}

void style_text(FILE *f, int at, int indent, const char *text)
{
	int width = progress_width() - 1;
	int spaces = 0; /* wanted before the next word */

	while (*text) {
		size_t len = strcspn(text, " \n");
		int wide = spaces;

		for (size_t i = 0; i < len; i++)
			wide += columns(text + i);
		if (len && at > indent && at + wide > width) {
			new_line(f, indent);
			at = indent;
			wide -= spaces;
			spaces = 0;
		}
		if (len)
			fprintf(f, "%*s", spaces, "");
		for (size_t i = 0; i < len; i++)
			put(f, text + i);
		at += len ? wide : 0;
		spaces = len ? 0 : spaces;
		text += len;
		if (*text == ' ') {
			spaces++;
		} else if (*text == '\n') {
			if (text[1])
				new_line(f, indent);
			at = indent;
			spaces = 0;
		}
		text += *text != '\0';
	}
	fputc('\n', f);
}
