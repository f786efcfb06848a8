/* SPDX-License-Identifier: MIT */
/*
 * The steps of a failed test. Tests do the same thing a dozen times, and that
 * would push the one step out of sight that is different; so where a step, or
 * a few in turn, come again and again, the first and the last turn are shown:
 *
 *	start io-driver      start io-driver
 *	send 5 bytes "aaaaa"      send 5 bytes "aaaaa"
 *	send 5 bytes "bbbbb"  ──►  ... 2 more like this
 *	send 5 bytes "ccccc"
 *	send 5 bytes "ddddd"      send 5 bytes "ddddd"
 *
 * A line that begins with "| " is a part of a picture: it belongs to the step
 * before it, is never folded, and is not one of those that are counted.
 */
#include <ctype.h>
#include <string.h>

#include "print.h"
#include "style.h"
#include "util.h"

#define LINES_MAX  14 /* shown, the last ones, unless all are wanted */
#define PERIOD_MAX 6  /* steps in turn that are seen as the same */
#define STEPS_MAX  512

/* A line to print: the step FIRST, or TURNS turns of so many STEPS left out. */
struct line {
	size_t first;
	size_t turns;
	size_t steps;
};

static bool is_picture(const char *step)
{
	return !strncmp(step, "| ", 2);
}

/* Steps are alike that differ only in numbers, and in the bytes behind them. */
static bool alike(const char *a, const char *b)
{
	const char *begin = a;

	for (;;) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			a += strspn(a, "0123456789");
			b += strspn(b, "0123456789");
		}
		if (*a != *b || !*a)
			return *a == *b;
		a++;
		b++;
		if (a - begin > 6 && !strncmp(a - 6, " bytes", 6) &&
		    !strncmp(b - 6, " bytes", 6))
			return true;
	}
}

/* How often the PERIOD steps from AT come, one turn after the other. */
static size_t turns(const struct result *r, size_t at, size_t period)
{
	size_t i = at + period;

	while (i < r->trace_count && alike(r->trace[i], r->trace[i - period]))
		i++;
	return (i - at) / period;
}

/* Fills LINES (of STEPS_MAX); how many. */
static size_t fold(const struct result *r, bool all, struct line *lines)
{
	size_t n = 0, i = 0;

	while (i < r->trace_count && n + 2 * PERIOD_MAX < STEPS_MAX) {
		bool single = all || is_picture(r->trace[i]);
		size_t period = 1, count = 0;

		while (!single && period <= PERIOD_MAX &&
		       (count = turns(r, i, period)) < 4)
			period++;
		if (single || period > PERIOD_MAX) {
			lines[n++] = (struct line){ .first = i++ };
			continue;
		}
		for (size_t k = 0; k < period; k++)
			lines[n++] = (struct line){ .first = i + k };
		lines[n++] =
			(struct line){ .turns = count - 2, .steps = period };
		i += (count - 1) * period;
		for (size_t k = 0; k < period; k++)
			lines[n++] = (struct line){ .first = i + k };
		i += period;
	}
	return n;
}

static void print_line(FILE *f, const struct result *r, const struct line *l)
{
	if (!l->turns && is_picture(r->trace[l->first])) {
		fputs("      ", f);
		style_text(f, 6, 8, r->trace[l->first]);
	} else if (!l->turns) {
		fprintf(f, "      %3zu  ", l->first + 1);
		style_text(f, 11, 11, r->trace[l->first]);
	} else if (l->steps == 1) {
		fprintf(f, "           ... %zu more like this\n", l->turns);
	} else {
		fprintf(f, "           ... these %zu, %zu times more\n",
			l->steps, l->turns);
	}
}

/* Where the last LINES_MAX of N lines begin. */
static size_t last_lines(const struct result *r, const struct line *lines,
			 size_t n)
{
	size_t counted = 0;

	while (n && counted < LINES_MAX)
		if (lines[--n].turns || !is_picture(r->trace[lines[n].first]))
			counted++;
	return n;
}

void print_trace(FILE *f, const struct result *r, bool all)
{
	static struct line lines[STEPS_MAX];
	size_t n = fold(r, all, lines);
	size_t from = all ? 0 : last_lines(r, lines, n);

	if (!n)
		return;
	fprintf(f, "    %ssteps%s", style(STYLE_DIM), style(STYLE_PLAIN));
	if (from)
		fprintf(f, "   (the last ones of %zu; --verbose shows all)",
			r->trace_count);
	fputc('\n', f);
	for (size_t i = from; i < n; i++)
		print_line(f, r, &lines[i]);
}
