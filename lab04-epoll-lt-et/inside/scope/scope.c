/* SPDX-License-Identifier: MIT */
/*
 * epoll-scope - plays a script on the kernel and on uepoll side by side, and
 * shows after each operation what is inside and what moved.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "scope_draw.h"
#include "scope_json.h"
#include "scope_state.h"
#include "util.h"

static const char usage[] =
	"usage: epoll-scope SCRIPT [--step] [--json]\n"
	"\n"
	"  --step   wait for a key after each operation (q ends)\n"
	"  --json   everything as one JSON object, for other tools\n"
	"\n"
	"Scripts are in scope/; their language is described in\n"
	"uepoll_script.h. Exit status: 0 the kernel and uepoll agree, 1 they\n"
	"do not, 2 wrong usage or a mistake in the script.\n";

struct scope {
	const char *file;
	struct uscript script;
	struct scope_draw draw;
	bool step, json;
	json_t *steps;
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

static void show_json(struct scope *s, const struct uop *op, const char *line,
		      const char *kernel, const char *uepoll,
		      const struct scope_move *move, int moves)
{
	json_t *step = json_pack("{s:i, s:s}", "line", op->line, "op", line);

	if (op->verb != UV_NOTE) {
		json_object_set_new(step, "kernel", json_string(kernel));
		json_object_set_new(step, "uepoll", json_string(uepoll));
		json_object_set_new(step, "moves",
				    scope_json_moves(move, moves));
		json_object_set_new(step, "epolls",
				    scope_json_state(&s->after));
	}
	if (s->injected)
		json_object_set_new(step, "during",
				    json_pack("{s:o, s:o}", "before",
					      scope_json_state(&s->mid[0]),
					      "after",
					      scope_json_state(&s->mid[1])));
	json_array_append_new(s->steps, step);
}

static void show(struct scope *s, const struct uop *op, const char *kernel,
		 const char *uepoll)
{
	struct scope_move move[SCOPE_MOVES];
	char line[USCRIPT_TEXT];
	int moves = scope_moves(move, &s->before, &s->after, op, s->world);

	uop_print(&s->script, op, line, sizeof(line));
	if (s->json) {
		show_json(s, op, line, kernel, uepoll, move, moves);
	} else if (op->verb == UV_NOTE) {
		draw_note(&s->draw, op->text);
	} else {
		draw_step(&s->draw, op->line, line, kernel, uepoll);
		if (s->injected)
			show_during(s, op);
		draw_state(&s->draw, &s->before, &s->after, "");
		draw_moves(&s->draw, move, moves);
	}
}

static void play(struct scope *s, const struct uop *op)
{
	char kernel[USCRIPT_TEXT], uepoll[USCRIPT_TEXT];
	bool possible;

	s->injected = false;
	uplayer_play(&uplayer_kernel, s->kernel, op, kernel);
	uplayer_play(&uplayer_uepoll, s->world, op, uepoll);
	scope_take(&s->after, s->world);
	show(s, op, kernel, uepoll);
	possible = !op->during || uplayer_kernel_can_inject();
	s->not_played += !possible;
	if (possible && strcmp(kernel, uepoll))
		s->agree = false;
	s->before = s->after;
}

/* Waits for a key; false for 'q' or the end of input. */
static bool wait_for_key(void)
{
	struct termios old, raw;
	char key = 'q';
	bool terminal = tcgetattr(STDIN_FILENO, &old) == 0;

	fflush(stdout);
	if (terminal) {
		raw = old;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	if (read(STDIN_FILENO, &key, 1) != 1)
		key = 'q';
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	return key != 'q';
}

static void finish(struct scope *s)
{
	const struct scope_draw *d = &s->draw;

	if (s->json) {
		json_t *all = json_pack("{s:s, s:b, s:o}", "script", s->file,
					"agree", (int)s->agree, "steps",
					s->steps);

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
	if (!s->json)
		draw_title(&s->draw, s->file);
	s->agree = true;
	s->steps = json_array();
	s->kernel = uplayer_kernel.open(&s->script);
	s->world = uplayer_uepoll.open(&s->script);
	s->world->on_inject = on_inject;
	s->world->arg = s;
	for (size_t i = 0; i < s->script.ops; i++) {
		play(s, &s->script.op[i]);
		if (s->step && s->script.op[i].verb != UV_NOTE &&
		    !wait_for_key())
			break;
	}
	finish(s);
	uplayer_kernel.close(s->kernel);
	uplayer_uepoll.close(s->world);
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
