/* SPDX-License-Identifier: MIT */
/*
 * What a step looks like:
 *
 *	 12  write b 3
 *	     kernel  3                           uepoll  3
 *
 *	     e  items    a IN|ET ○   b IN ●
 *	        ready    b
 *
 *	     → b  its file called: onto the ready list
 *
 * Only what changed is drawn. A filled dot is a file that is ready for what
 * the item asks; whether the item is on the ready list is another matter, and
 * the difference is what much of epoll is about.
 */
#include "scope_draw.h"

#include <string.h>

#include "util.h"

#define COLUMNS 80
#define LEFT	5 /* where a step's text begins */
#define HALF	((COLUMNS - LEFT) / 2)

const char *ink(const struct scope_draw *d, enum ink which)
{
	static const char *const codes[] = {
		[INK_OFF] = "\033[0m",	  [INK_DIM] = "\033[2m",
		[INK_BOLD] = "\033[1m",	  [INK_GOOD] = "\033[32m",
		[INK_BAD] = "\033[1;31m", [INK_RED] = "\033[31m",
		[INK_MOVE] = "\033[33m",
	};

	return d->color ? codes[which] : "";
}

/* Columns that TEXT takes: bytes that do not continue a character. */
static int columns(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

void draw_title(const struct scope_draw *d, const char *title)
{
	fprintf(d->out, "%sepoll-scope%s  %s\n", ink(d, INK_BOLD),
		ink(d, INK_OFF), title);
	fprintf(d->out,
		"%s● the file is ready for what is asked, ○ it is not, "
		"· an epoll;\n[black] and (red) nodes of the tree%s\n",
		ink(d, INK_DIM), ink(d, INK_OFF));
}

void draw_note(const struct scope_draw *d, const char *text)
{
	int at = COLUMNS;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (at + 1 + len > COLUMNS) {
			fprintf(d->out, "\n%*s%s", LEFT, "", ink(d, INK_DIM));
			at = LEFT;
		} else {
			fputc(' ', d->out);
			at++;
		}
		fprintf(d->out, "%.*s", len, text);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	fprintf(d->out, "%s\n", ink(d, INK_OFF));
}

/* "-1 EEXIST" is for programs; people read "refused: EEXIST". */
static const char *readable(const char *answer, char *text, size_t size)
{
	if (strncmp(answer, "-1 ", 3))
		return *answer ? answer : "-";
	snprintf(text, size, "refused: %s", answer + 3);
	return text;
}

void draw_step(const struct scope_draw *d, int line, const char *op,
	       const char *kernel, const char *uepoll)
{
	bool same = !strcmp(kernel, uepoll);
	bool possible = strcmp(kernel, "not possible here") != 0;
	enum ink tone = same ? INK_GOOD : possible ? INK_BAD : INK_DIM;
	char a[USCRIPT_TEXT], b[USCRIPT_TEXT];

	kernel = readable(kernel, a, sizeof(a));
	uepoll = readable(uepoll, b, sizeof(b));
	fprintf(d->out, "\n%s%3d%s  %s%s%s\n", ink(d, INK_DIM), line,
		ink(d, INK_OFF), ink(d, INK_BOLD), op, ink(d, INK_OFF));
	fprintf(d->out, "%*s%skernel%s  %s%s%s", LEFT, "", ink(d, INK_DIM),
		ink(d, INK_OFF), ink(d, tone), kernel, ink(d, INK_OFF));
	if (columns(kernel) + 8 < HALF)
		fprintf(d->out, "%*s", HALF - 8 - columns(kernel), "");
	else
		fprintf(d->out, "\n%*s", LEFT, "");
	fprintf(d->out, "%suepoll%s  %s%s%s\n", ink(d, INK_DIM),
		ink(d, INK_OFF), ink(d, tone), uepoll, ink(d, INK_OFF));
	if (!same && possible)
		fprintf(d->out, "%*s%sthey differ%s\n", LEFT, "",
			ink(d, INK_BAD), ink(d, INK_OFF));
}

static const char *item_text(const struct scope_item *item, char *text,
			     size_t size)
{
	static const char *const dot[] = { "○", "●", "·" };
	uint32_t shown = item->mask & ~(uint32_t)(EPOLLERR | EPOLLHUP);
	struct utext t = { text, size };

	/* ERR and HUP are always in; only what was asked for is of interest */
	utext_add(&t, "%s ", item->name);
	if (!(item->mask & ~UEPOLL_FLAGS))
		utext_add(&t, "disarmed");
	else
		utext_mask(&t, shown);
	utext_add(&t, " %s", dot[item->ready]);
	return text;
}

void draw_row(struct scope_rows *rows, const char *title)
{
	const struct scope_draw *d = rows->d;
	const char *name = rows->name ? rows->name : "";

	fprintf(d->out, "%*s%s%s%s%s%s%*s", LEFT, "", ink(d, INK_MOVE),
		rows->bar, ink(d, INK_OFF), ink(d, INK_BOLD), name,
		rows->width - columns(name), "");
	fprintf(d->out, "%s%s%-9s%s", ink(d, INK_OFF), ink(d, INK_DIM), title,
		ink(d, INK_OFF));
	rows->name = NULL;
}

static void draw_items(struct scope_rows *rows, const struct scope_epoll *e)
{
	const struct scope_draw *d = rows->d;
	int left = LEFT + columns(rows->bar) + rows->width + 9, at = left;

	draw_row(rows, "items");
	if (!e->items)
		fprintf(d->out, "%s-%s", ink(d, INK_DIM), ink(d, INK_OFF));
	for (int i = 0; i < e->items; i++) {
		const struct scope_item *item = &e->item[i];
		bool ready = item->ready == SCOPE_READY;
		char text[128];

		item_text(item, text, sizeof(text));
		if (at + columns(text) > COLUMNS) {
			fputc('\n', d->out);
			draw_row(rows, "");
			at = left;
		}
		fprintf(d->out, "%s%s%s%s", at > left ? "   " : "",
			ready ? ink(d, INK_GOOD) : "", text,
			ready ? ink(d, INK_OFF) : "");
		at += columns(text) + 3;
	}
	fputc('\n', d->out);
}

static void draw_names(struct scope_rows *rows, const char *title,
		       const char *const name[], int n)
{
	const struct scope_draw *d = rows->d;
	int left = LEFT + columns(rows->bar) + rows->width + 9, at = left;

	draw_row(rows, title);
	for (int i = 0; i < n; i++) {
		at += columns(name[i]) + 4;
		if (i && at > COLUMNS) {
			fputs(" ──\n", d->out);
			draw_row(rows, "");
			at = left + columns(name[i]);
			fprintf(d->out, "%s%s%s", ink(d, INK_BOLD), name[i],
				ink(d, INK_OFF));
			continue;
		}
		fprintf(d->out, "%s%s%s%s", i ? " ── " : "", ink(d, INK_BOLD),
			name[i], ink(d, INK_OFF));
	}
	if (!n)
		fprintf(d->out, "%s-%s", ink(d, INK_DIM), ink(d, INK_OFF));
	fputc('\n', d->out);
}

static void draw_list(struct scope_rows *rows, const char *title,
		      const struct scope_epoll *e,
		      const struct scope_list *list)
{
	const char *name[SCOPE_ITEMS];

	for (int i = 0; i < list->n; i++)
		name[i] = e->item[list->item[i]].name;
	draw_names(rows, title, name, list->n);
}

static void draw_epoll(struct scope_rows *rows, const struct scope_epoll *old,
		       const struct scope_epoll *e)
{
	if (!old || !scope_same_tree(old, e))
		draw_tree(rows, e);
	draw_items(rows, e);
	draw_list(rows, "ready", e, &e->ready);
	if (e->scanning) {
		draw_list(rows, "batch", e, &e->scan);
		draw_list(rows, "overflow", e, &e->overflow);
	}
	if (e->waiters || (old && old->waiters))
		draw_names(rows, "waiters", e->waiter, e->waiters);
}

void draw_state(const struct scope_draw *d, const struct scope_state *before,
		const struct scope_state *after, const char *bar)
{
	struct scope_rows rows = { .d = d, .bar = bar };
	bool first = true;

	for (int i = 0; i < after->epolls; i++)
		rows.width = MAX(rows.width, columns(after->epoll[i].name) + 2);
	for (int i = 0; i < after->epolls; i++) {
		const struct scope_epoll *e = &after->epoll[i];
		const struct scope_epoll *old = scope_find(before, e->id);

		if ((old && scope_same(old, e)) || (!old && !e->items))
			continue;
		if (first && !*bar)
			fputc('\n', d->out);
		first = false;
		rows.name = e->name;
		draw_epoll(&rows, old, e);
	}
}

void draw_moves(const struct scope_draw *d, const struct scope_move *move,
		int n)
{
	int first = 0, second = 0;
	bool several = false;

	for (int i = 0; i < n; i++) {
		several |= strcmp(move[i].epoll, move[0].epoll) != 0;
		first = MAX(first, columns(move[i].epoll) + 1);
		second = MAX(second, columns(move[i].what));
	}
	if (n)
		fputc('\n', d->out);
	first = several ? first : 0;
	for (int i = 0; i < n; i++) {
		int left = LEFT + 2 + first + second + 2;
		bool fits = left + columns(move[i].text) <= COLUMNS;

		fprintf(d->out, "%*s%s→ %-*s%-*s  ", LEFT, "", ink(d, INK_MOVE),
			first, several ? move[i].epoll : "", second,
			move[i].what);
		if (!fits)
			fprintf(d->out, "\n%*s", LEFT + 2, "");
		fprintf(d->out, "%s%s\n", move[i].text, ink(d, INK_OFF));
	}
}

void draw_during(const struct scope_draw *d, int event, const char *op)
{
	fprintf(d->out, "\n%*s%s╭ event %d is being copied out; now: %s%s\n",
		LEFT, "", ink(d, INK_MOVE), event, op, ink(d, INK_OFF));
}

void draw_during_end(const struct scope_draw *d)
{
	fprintf(d->out, "%*s%s╰ the copy goes on%s\n", LEFT, "",
		ink(d, INK_MOVE), ink(d, INK_OFF));
}
