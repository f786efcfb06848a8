/* SPDX-License-Identifier: MIT */
/*
 * Pages are text in memory: playing a step back is not possible (the kernel has
 * no way back), showing it again is.
 */
#include "scope_pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

#define KEYS "[space] next  [b] back  [q] end"

static void die(void)
{
	fputs("epoll-scope: no memory\n", stderr);
	exit(2);
}

FILE *pages_begin(struct scope_pages *pages)
{
	pages->out = open_memstream(&pages->now, &pages->len);
	if (!pages->out)
		die();
	return pages->out;
}

void pages_end(struct scope_pages *pages)
{
	if (fclose(pages->out))
		die();
	pages->text =
		reallocarray(pages->text, pages->n + 1, sizeof(*pages->text));
	if (!pages->text)
		die();
	pages->text[pages->n++] = pages->now;
}

void pages_free(struct scope_pages *pages)
{
	for (size_t i = 0; i < pages->n; i++)
		free(pages->text[i]);
	free(pages->text);
	pages->text = NULL;
	pages->n = 0;
}

/* A key; 'q' at the end of the input. */
static char key(void)
{
	struct termios old, raw;
	char c = 'q';
	bool terminal = tcgetattr(STDIN_FILENO, &old) == 0;

	fflush(stdout);
	if (terminal) {
		raw = old;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	if (read(STDIN_FILENO, &c, 1) != 1)
		c = 'q';
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	return c;
}

/* Asks below page AT of N; on a terminal the question goes away again. */
static char ask(size_t at, size_t n)
{
	bool terminal = terminal_draws(STDOUT_FILENO);
	char c;

	printf("\n%zu/%zu  " KEYS "%s", at, n, terminal ? " " : "\n");
	c = key();
	if (terminal)
		fputs("\r\033[K\033[A", stdout);
	return c;
}

size_t pages_turn(const struct scope_pages *pages)
{
	size_t at = 0, reached = 0;

	while (at < pages->n) {
		char c;

		fputs(pages->text[at], stdout);
		reached = at + 1 > reached ? at + 1 : reached;
		do
			c = ask(at + 1, pages->n);
		while (c == 'b' && at == 0);
		if (c == 'q')
			break;
		if (c == 'b')
			at--;
		else
			at++;
	}
	return reached;
}
