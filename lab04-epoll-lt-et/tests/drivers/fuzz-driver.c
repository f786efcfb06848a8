/* SPDX-License-Identifier: MIT */
/*
 * fuzz-driver - uepoll and the kernel side by side, quickly, and made short. A
 * line of standard input is a command:
 *
 *	run SEED OPS	random scripts, OPS operations in all
 *	shrink N	the script in the next N lines
 *
 * The answer is "agree"; or, of what fails, "shortest N", the N operations of
 * the shortest script that does, what uepoll is like before and after the last
 * of them (the lines begin with "| "), and "end".
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_case.h"
#include "fuzz_generate.h"
#include "lines.h"
#include "scope_draw.h"
#include "scope_play.h"

#define MARGIN 5 /* of the scope's, where it writes no number */

static struct scope_draw draw;
static char *drawn;
static size_t drawn_size;

static void begin_picture(void)
{
	draw.out = open_memstream(&drawn, &drawn_size);
	if (!draw.out)
		exit(1);
}

/* Prints what was drawn since, below TITLE. */
static void end_picture(const char *title)
{
	char *rest, *line;

	fclose(draw.out);
	printf("| %s%s\n", title, drawn_size ? "" : " the same");
	rest = drawn;
	while ((line = strsep(&rest, "\n"))) {
		size_t blanks = strspn(line, " ");

		if (*line)
			printf("| %s\n",
			       line + (blanks < MARGIN ? blanks : MARGIN));
	}
	fflush(stdout);
	free(drawn);
}

/* The whole of uepoll before the last operation of S, and what that changes. */
static void draw_last(const struct uscript *s)
{
	static const struct scope_state nothing;
	static struct scope_play p;
	const struct uop *last = &s->op[s->ops - 1];
	struct scope_move move[SCOPE_MOVES];
	char answer[USCRIPT_TEXT];

	scope_play_open(&p, s);
	for (const struct uop *op = s->op; op < last; op++)
		scope_play_op(&p, op, answer);
	begin_picture();
	draw_state(&draw, &nothing, &p.after, "");
	end_picture("before the last operation:");
	scope_play_op(&p, last, answer);
	begin_picture();
	draw_state(&draw, &p.before, &p.after, "");
	draw_moves(&draw, move,
		   scope_moves(move, &p.before, &p.after, last, p.world));
	end_picture("and after it:");
	scope_play_close(&p);
}

static void tell(struct uscript *s)
{
	char line[USCRIPT_TEXT];

	fuzz_shrink(s);
	printf("shortest %zu\n", s->ops);
	for (size_t i = 0; i < s->ops; i++) {
		uop_print(s, &s->op[i], line, sizeof(line));
		puts(line);
	}
	fuzz_in_child(draw_last, s);
	puts("end");
}

static void run(uint64_t seed, unsigned long long ops)
{
	struct fuzz_result r = fuzz_run(seed, ops);
	struct uscript s = { .names = 0 };

	if (r.failed)
		fuzz_generate(&s, r.seed, r.len, r.inject);
	if (r.failed && fuzz_fails_at(&s) >= 0)
		tell(&s);
	else
		puts("agree");
	uscript_free(&s);
}

static void shrink(size_t n)
{
	struct uscript s = { .names = 0 };

	lines_read(&s, n);
	if (fuzz_fails_at(&s) >= 0)
		tell(&s);
	else
		puts("agree");
	uscript_free(&s);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	/* Freed memory is filled with rubbish: using it shows at once. */
	mallopt(M_PERTURB, 0xa5);
	while (getline(&line, &size, stdin) >= 0) {
		uint64_t seed;
		unsigned long long n;

		if (sscanf(line, "run %" SCNu64 " %llu", &seed, &n) == 2)
			run(seed, n);
		else if (sscanf(line, "shrink %llu", &n) == 1)
			shrink(n);
		fflush(stdout);
	}
	free(line);
	return 0;
}
