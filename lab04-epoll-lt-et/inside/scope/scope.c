/* SPDX-License-Identifier: MIT */
/*
 * epoll-scope - plays a script on the kernel and on uepoll side by side, and
 * shows after each operation what is inside and what moved.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scope_draw.h"
#include "scope_files.h"
#include "scope_json.h"
#include "scope_pages.h"
#include "scope_state.h"
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
	char title[256]; /* the script's first line, if it is a comment */
	struct uscript script;
	struct scope_draw draw;
	bool step, json;
	struct scope_pages pages; /* --step */
	json_t *steps, *notes;
	struct uworld *world;
	void *kernel;
	struct scope_state before, after, mid[2];
	bool injected;
	bool agree;
	int not_played; /* operations that the kernel cannot be made to do */
};

/* Runs twice in the middle of a copy: before and after the operation. */
static void on_inject(struct uworld *w, bool after)
{
	struct scope *s = w->arg;

	scope_take(&s->mid[after], w);
	s->injected = true;
}

static void show_during(struct scope *s, const struct uop *op)
{
	char line[USCRIPT_TEXT], *inner;

	uop_print(&s->script, op, line, sizeof(line));
	inner = strstr(line, " during ") + strlen(" during ");
	inner += strcspn(inner, " ") + 1;
	draw_during(&s->draw, op->during, inner);
	draw_state(&s->draw, &s->before, &s->mid[1], "│ ");
	draw_during_end(&s->draw);
}

static void json_note(struct scope *s, const struct uop *op)
{
	json_array_append_new(s->notes,
			      json_pack("{s:i, s:i, s:s}", "step",
					(int)json_array_size(s->steps), "line",
					op->line, "text", op->text));
}

static void json_step(struct scope *s, const struct uop *op, const char *kernel,
		      const char *uepoll)
{
	struct scope_move move[SCOPE_MOVES];
	int moves = scope_moves(move, &s->before, &s->after, op, s->world);
	char line[USCRIPT_TEXT];
	json_t *step;

	uop_print(&s->script, op, line, sizeof(line));
	step = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "line",
			 op->line, "op", line, "kernel", kernel, "uepoll",
			 uepoll, "files", scope_json_files(s->world), "wakeups",
			 scope_json_wakes(), "moves",
			 scope_json_moves(move, moves), "epolls",
			 scope_json_state(&s->after));
	if (s->injected)
		json_object_set_new(step, "during",
				    json_pack("{s:o, s:o}", "before",
					      scope_json_state(&s->mid[0]),
					      "after",
					      scope_json_state(&s->mid[1])));
	json_array_append_new(s->steps, step);
}

static void draw_op(struct scope *s, const struct uop *op, const char *kernel,
		    const char *uepoll)
{
	struct scope_move move[SCOPE_MOVES];
	int moves = scope_moves(move, &s->before, &s->after, op, s->world);
	char line[USCRIPT_TEXT];

	uop_print(&s->script, op, line, sizeof(line));
	draw_step(&s->draw, op->line, line, kernel, uepoll);
	if (s->injected)
		show_during(s, op);
	draw_state(&s->draw, &s->before, &s->after, "");
	draw_moves(&s->draw, move, moves);
}

static void play(struct scope *s, const struct uop *op)
{
	char kernel[USCRIPT_TEXT], uepoll[USCRIPT_TEXT];
	bool possible = !op->during || uplayer_kernel_can_inject();

	s->injected = false;
	scope_wakes_begin(s->world);
	uplayer_play(&uplayer_kernel, s->kernel, op, kernel);
	uplayer_play(&uplayer_uepoll, s->world, op, uepoll);
	scope_take(&s->after, s->world);
	if (s->json)
		json_step(s, op, kernel, uepoll);
	else
		draw_op(s, op, kernel, uepoll);
	s->not_played += !possible;
	if (possible && strcmp(kernel, uepoll))
		s->agree = false;
	s->before = s->after;
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
			json_note(s, op);
		} else {
			draw_note(&s->draw, op->text);
		}
	}
	if (open)
		pages_end(&s->pages);
}

static void finish(struct scope *s)
{
	const struct scope_draw *d = &s->draw;

	if (s->json) {
		json_t *all = json_pack("{s:s, s:s, s:b, s:o, s:o}", "title",
					s->title, "script", s->file, "agree",
					(int)s->agree, "notes", s->notes,
					"steps", s->steps);

		json_dumpf(all, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(all);
		return;
	}
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
	s->steps = json_array();
	s->notes = json_array();
	s->kernel = uplayer_kernel.open(&s->script);
	s->world = uplayer_uepoll.open(&s->script);
	s->world->on_inject = on_inject;
	s->world->arg = s;
	play_all(s);
	scope_wakes_begin(NULL);
	pages_turn(&s->pages);
	finish(s);
	pages_free(&s->pages);
	uplayer_kernel.close(s->kernel);
	uplayer_uepoll.close(s->world);
	return s->agree ? 0 : 1;
}

/* A script says in its first line, a comment, what it is about. */
static void read_title(struct scope *s, FILE *in)
{
	char line[sizeof(s->title)];

	if (fgets(line, sizeof(line), in) && line[0] == '#') {
		line[strcspn(line, "\n")] = '\0';
		snprintf(s->title, sizeof(s->title), "%s",
			 line + 1 + strspn(line + 1, " "));
	}
	rewind(in);
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
	read_title(s, in);
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
	s.draw.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	if (load(&s) == 0)
		ret = run(&s);
	uscript_free(&s.script);
	return ret;
}
