/* SPDX-License-Identifier: MIT */
/*
 * epoll-scope and the page in the browser show the same photographs, taken
 * here; they differ in who else plays, and in how they show them.
 */
#include "scope_play.h"

#include <string.h>

#include "scope_files.h"

/* Runs twice in the middle of a copy: before and after the operation. */
static void on_inject(struct uworld *w, bool after)
{
	struct scope_play *p = w->arg;

	scope_take(&p->mid[after], w);
	p->injected = true;
}

void scope_play_open(struct scope_play *p, const struct uscript *script)
{
	memset(p, 0, sizeof(*p));
	p->script = script;
	p->world = uplayer_uepoll.open(script);
	p->world->on_inject = on_inject;
	p->world->arg = p;
}

void scope_play_op(struct scope_play *p, const struct uop *op, char *answer)
{
	const struct ufile *file = NULL;

	if (op->name[0] >= 0)
		file = usys_file(&p->world->sys, p->world->fd[op->name[0]]);
	p->kind = file ? file->ops->kind : NULL;
	p->before = p->after;
	p->injected = false;
	scope_wakes_begin(p->world);
	uplayer_play(&uplayer_uepoll, p->world, op, answer);
	scope_take(&p->after, p->world);
}

void scope_play_close(struct scope_play *p)
{
	scope_wakes_begin(NULL);
	uplayer_uepoll.close(p->world);
}

void scope_title(char *title, FILE *in)
{
	char line[SCOPE_TITLE];

	title[0] = '\0';
	if (fgets(line, sizeof(line), in) && line[0] == '#') {
		line[strcspn(line, "\n")] = '\0';
		strcpy(title, line + 1 + strspn(line + 1, " "));
	}
	rewind(in);
}
