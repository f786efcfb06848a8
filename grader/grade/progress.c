/* SPDX-License-Identifier: MIT */
/*
 * The line is as long as the terminal is wide less one, so that it never
 * wraps and one carriage return takes it back.
 */
#include "progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

#define WIDTH 80

static bool shown;

int progress_width(void)
{
	struct winsize ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) || ws.ws_col < 40)
		return WIDTH;
	return ws.ws_col;
}

void progress_note(const char *fmt, ...)
{
	char line[256];
	int width = progress_width();
	va_list ap;

	if (!terminal_draws(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fprintf(stderr, "\r\033[K%.*s", width - 1, line);
	fflush(stderr);
	shown = true;
}

void progress_clear(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
