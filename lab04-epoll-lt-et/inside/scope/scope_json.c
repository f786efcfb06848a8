/* SPDX-License-Identifier: MIT */
/*
 * One function for each kind of object of the format.
 */
#include "scope_json.h"

#include "scope_code.h"
#include "scope_files.h"

static void json_mask(struct jout *j, const char *key, uint32_t mask)
{
	char text[128];
	struct utext t = { text, sizeof(text) };

	utext_mask(&t, mask);
	jout_text(j, key, text);
}

static void json_list(struct jout *j, const char *key,
		      const struct scope_list *list)
{
	jout_open(j, key, '[');
	for (int i = 0; i < list->n; i++)
		jout_number(j, NULL, list->item[i]);
	jout_close(j, ']');
}

static void json_item(struct jout *j, const struct scope_item *item)
{
	jout_open(j, NULL, '{');
	jout_text(j, "name", item->name);
	jout_number(j, "fd", item->fd);
	jout_number(j, "file", item->file);
	json_mask(j, "mask", item->mask);
	if (item->ready == SCOPE_UNKNOWN)
		jout_null(j, "ready");
	else
		jout_bool(j, "ready", item->ready == SCOPE_READY);
	jout_bool(j, "red", item->red);
	jout_number(j, "left", item->left);
	jout_number(j, "right", item->right);
	jout_close(j, '}');
}

static void json_epoll(struct jout *j, const struct scope_epoll *e)
{
	jout_open(j, NULL, '{');
	jout_text(j, "name", e->name);
	jout_number(j, "root", e->root);
	jout_open(j, "items", '[');
	for (int i = 0; i < e->items; i++)
		json_item(j, &e->item[i]);
	jout_close(j, ']');
	jout_bool(j, "scanning", e->scanning);
	json_list(j, "ready", &e->ready);
	json_list(j, "batch", &e->scan);
	json_list(j, "overflow", &e->overflow);
	jout_open(j, "waiters", '[');
	for (int i = 0; i < e->waiters; i++)
		jout_text(j, NULL, e->waiter[i]);
	jout_close(j, ']');
	jout_close(j, '}');
}

static void json_state(struct jout *j, const char *key,
		       const struct scope_state *state)
{
	jout_open(j, key, '[');
	for (int i = 0; i < state->epolls; i++)
		json_epoll(j, &state->epoll[i]);
	jout_close(j, ']');
}

static void json_queue(struct jout *j, const struct uworld *w,
		       const struct ufile *file)
{
	struct scope_entry entry[SCOPE_ENTRIES];
	int n = scope_entries(entry, w, file);

	jout_open(j, "queue", '[');
	for (int i = 0; i < n; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "epoll", entry[i].epoll);
		jout_text(j, "item", entry[i].item);
		jout_number(j, "fd", entry[i].fd);
		jout_bool(j, "exclusive", entry[i].exclusive);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

static void json_files(struct jout *j, const struct uworld *w)
{
	struct scope_file file[USCRIPT_NAMES];
	int n = scope_files(file, w);

	jout_open(j, "files", '[');
	for (int i = 0; i < n; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "name", file[i].name);
		jout_number(j, "fd", file[i].fd);
		jout_number(j, "file", file[i].file);
		jout_text(j, "kind", file[i].kind);
		jout_number(j, "bytes", (int64_t)file[i].held);
		json_queue(j, w, file[i].of);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

static void json_wakes(struct jout *j)
{
	const struct scope_wake *wake;
	int n = scope_wakes(&wake);

	jout_open(j, "wakeups", '[');
	for (int i = 0; i < n; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "file", wake[i].name);
		if (wake[i].key)
			json_mask(j, "key", wake[i].key);
		else
			jout_text(j, "key", "");
		jout_bool(j, "heard", wake[i].heard);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

static void json_moves(struct jout *j, const struct scope_play *p,
		       const struct uop *op)
{
	struct scope_move move[SCOPE_MOVES];
	int n = scope_moves(move, &p->before, &p->after, op, p->world);

	jout_open(j, "moves", '[');
	for (int i = 0; i < n; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "epoll", move[i].epoll);
		jout_text(j, "what", move[i].what);
		jout_text(j, "how", move[i].text);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

static void json_code(struct jout *j, const struct scope_play *p,
		      const struct uop *op, const char *answer)
{
	struct scope_call call[SCOPE_CALLS];
	int n = scope_calls(call, p, op, answer);
	char code[512];

	scope_code(code, sizeof(code), p, op);
	jout_text(j, "code", code);
	jout_open(j, "calls", '[');
	for (int i = 0; i < n; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "function", call[i].function);
		jout_text(j, "source", call[i].source);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

void scope_json_note(struct jout *j, const struct uop *op, int step)
{
	jout_open(j, NULL, '{');
	jout_number(j, "step", step);
	jout_number(j, "line", op->line);
	jout_text(j, "text", op->text);
	jout_close(j, '}');
}

void scope_json_step(struct jout *j, const struct scope_play *p,
		     const struct uop *op, const char *kernel,
		     const char *uepoll)
{
	char line[USCRIPT_TEXT];

	uop_print(p->script, op, line, sizeof(line));
	jout_open(j, NULL, '{');
	jout_number(j, "line", op->line);
	jout_text(j, "op", line);
	if (kernel)
		jout_text(j, "kernel", kernel);
	jout_text(j, "uepoll", uepoll);
	json_code(j, p, op, uepoll);
	json_files(j, p->world);
	json_wakes(j);
	json_moves(j, p, op);
	json_state(j, "epolls", &p->after);
	if (p->injected) {
		jout_open(j, "during", '{');
		json_state(j, "before", &p->mid[0]);
		json_state(j, "after", &p->mid[1]);
		jout_close(j, '}');
	}
	jout_close(j, '}');
}
