/* SPDX-License-Identifier: MIT */
/*
 * epoll-scope - plays a script on the kernel and on uepoll side by side, and
 * shows after each operation what is inside and what moved.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "scope_draw.h"
#include "scope_json.h"
#include "scope_pages.h"
#include "scope_play.h"
#include "terminal.h"
#include "util.h"

static const char usage[] =
	"usage: epoll-scope SCRIPT [--step] [--json]\n"
	"\n"
	"  --step   one step at a time: space goes on, b goes back, q ends\n"
	"  --json   everything as one JSON object, for other tools\n"
	"\n"
	"Scripts are in inside/scope/; their language is described in\n"
	"inside/play/uepoll_script.h. Exit status: 0 the kernel and uepoll "
	"agree,\n"
	"1 they do not, 2 wrong usage or a mistake in the script.\n";

struct scope {
	const char *file;
	char title[SCOPE_TITLE];
	struct uscript script;
	struct scope_draw draw;
	bool step, json;
	struct scope_pages pages; /* --step */
	struct jout steps, notes;
	int nr_steps;
	struct scope_play play;
	void *kernel;
	bool agree;
	int not_played; /* operations that the kernel cannot be made to do */
};

static void show_during(struct scope *s, const struct uop *op)
{
	char line[USCRIPT_TEXT], *inner;

	uop_print(&s->script, op, line, sizeof(line));
	inner = strstr(line, " during ") + strlen(" during ");
	inner += strcspn(inner, " ") + 1;
	draw_during(&s->draw, op->during, inner);
	draw_state(&s->draw, &s->play.before, &s->play.mid[1], "│ ");
	draw_during_end(&s->draw);
}

static void draw_op(struct scope *s, const struct uop *op, const char *kernel,
		    const char *uepoll)
{
	const struct scope_play *p = &s->play;
	struct scope_move move[SCOPE_MOVES];
	int moves = scope_moves(move, &p->before, &p->after, op, p->world);
	char line[USCRIPT_TEXT];

	uop_print(&s->script, op, line, sizeof(line));
	draw_step(&s->draw, op->line, line, kernel, uepoll);
	if (p->injected)
		show_during(s, op);
	draw_state(&s->draw, &p->before, &p->after, "");
	draw_moves(&s->draw, move, moves);
}

static void play(struct scope *s, const struct uop *op)
{
	char kernel[USCRIPT_TEXT], uepoll[USCRIPT_TEXT];
	bool possible = !op->during || uplayer_kernel_can_inject();

	uplayer_play(&uplayer_kernel, s->kernel, op, kernel);
	scope_play_op(&s->play, op, uepoll);
	if (s->json)
		scope_json_step(&s->steps, &s->play, op, kernel, uepoll);
	else
		draw_op(s, op, kernel, uepoll);
	s->nr_steps++;
	s->not_played += !possible;
	if (possible && strcmp(kernel, uepoll))
		s->agree = false;
}

/* All operations; with --step, a page ends behind each that is no note. */
static void play_all(struct scope *s)
{
	bool open = s->step;

	for (size_t i = 0; i < s->script.ops; i++) {
		const struct uop *op = &s->script.op[i];

		if (s->step && !open)
			s->draw.out = pages_begin(&s->pages);
		open = s->step;
		if (op->verb != UV_NOTE) {
			play(s, op);
			if (open)
				pages_end(&s->pages);
			open = false;
		} else if (s->json) {
			scope_json_note(&s->notes, op, s->nr_steps);
		} else {
			draw_note(&s->draw, op->text);
		}
	}
	if (open)
		pages_end(&s->pages);
}

static void finish_json(struct scope *s)
{
	struct jout all = { .pretty = true };

	jout_close(&s->steps, ']');
	jout_close(&s->notes, ']');
	jout_open(&all, NULL, '{');
	jout_text(&all, "title", s->title);
	jout_text(&all, "script", s->file);
	jout_bool(&all, "agree", s->agree);
	jout_json(&all, "notes", &s->notes);
	jout_json(&all, "steps", &s->steps);
	jout_close(&all, '}');
	puts(all.text);
	jout_free(&all);
}

static void finish(struct scope *s)
{
	const struct scope_draw *d = &s->draw;

	printf("\n%s%s%s\n", ink(d, s->agree ? INK_GOOD : INK_BAD),
	       s->agree ? "The kernel and uepoll agreed at every step."
			: "The kernel and uepoll do not agree.",
	       ink(d, INK_OFF));
	if (s->not_played)
		printf("The kernel did not play \"during\" (%d): "
		       "userfaultfd(2) "
		       "is for root here.\n",
		       s->not_played);
}

static int run(struct scope *s)
{
	if (s->step)
		s->draw.out = pages_begin(&s->pages);
	if (!s->json)
		draw_title(&s->draw, *s->title ? s->title : s->file);
	s->agree = true;
	s->steps.pretty = s->notes.pretty = true;
	jout_open(&s->steps, NULL, '[');
	jout_open(&s->notes, NULL, '[');
	s->kernel = uplayer_kernel.open(&s->script);
	scope_play_open(&s->play, &s->script);
	play_all(s);
	pages_turn(&s->pages);
	if (s->json)
		finish_json(s);
	else
		finish(s);
	pages_free(&s->pages);
	jout_free(&s->steps);
	jout_free(&s->notes);
	uplayer_kernel.close(s->kernel);
	scope_play_close(&s->play);
	return s->agree ? 0 : 1;
}

static int load(struct scope *s)
{
	FILE *in = fopen(s->file, "re");
	int ret;

	if (!in) {
		fprintf(stderr, "epoll-scope: %s: %s\n", s->file,
			strerror(errno));
		return -1;
	}
	scope_title(s->title, in);
	ret = uscript_read(&s->script, in, s->file, stderr);
	fclose(in);
	return ret;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "step", no_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static struct scope s;
	int c, ret = 2;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return fputs(usage, stdout) < 0;
		if (c == '?') {
			fputs(usage, stderr);
			return 2;
		}
		s.step |= c == 's';
		s.json |= c == 'j';
	}
	if (optind != argc - 1) {
		fputs(usage, stderr);
		return 2;
	}
	s.file = argv[optind];
	s.draw.out = stdout;
	s.draw.color = terminal_has_colours(STDOUT_FILENO);
	if (load(&s) == 0)
		ret = run(&s);
	uscript_free(&s.script);
	return ret;
}
