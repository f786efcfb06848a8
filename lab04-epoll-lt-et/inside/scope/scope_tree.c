/* SPDX-License-Identifier: MIT */
/*
 * A tree, drawn top down. Each node has its column from its place in the
 * tree's order, so that nothing ever overlaps; black nodes are [in brackets],
 * red ones (in parentheses), and red if there is colour.
 */
#include "scope_draw.h"

#include <string.h>

#include "util.h"

#define WIDTH 76
#define DEPTH 8

/* What stands in each column of a row. */
struct cell {
	const char *text; /* one character of UTF-8, or NULL for a blank */
	bool red;
};

struct canvas {
	struct cell cell[DEPTH * 2][WIDTH];
	int rows;
	const struct scope_epoll *e;
	int start[SCOPE_ITEMS]; /* the first column of each node */
};

static int node_width(const struct scope_item *item)
{
	return (int)strlen(item->name) + 2;
}

static int middle(const struct canvas *c, int node)
{
	return c->start[node] + node_width(&c->e->item[node]) / 2;
}

static void put(struct canvas *c, int row, int column, const char *text,
		bool red)
{
	if (row < DEPTH * 2 && column >= 0 && column < WIDTH)
		c->cell[row][column] = (struct cell){ text, red };
}

static void put_node(struct canvas *c, int row, int node)
{
	static char letters[128][2];
	const struct scope_item *item = &c->e->item[node];
	int column = c->start[node];

	put(c, row, column++, item->red ? "(" : "[", item->red);
	for (const char *p = item->name; *p; p++) {
		letters[*p & 127][0] = *p;
		put(c, row, column++, letters[*p & 127], item->red);
	}
	put(c, row, column, item->red ? ")" : "]", item->red);
	c->rows = MAX(c->rows, row + 1);
}

static void put_branches(struct canvas *c, int row, int node)
{
	const struct scope_item *item = &c->e->item[node];
	int from = item->left >= 0 ? middle(c, item->left) : middle(c, node);
	int to = item->right >= 0 ? middle(c, item->right) : middle(c, node);
	const char *joint = "┴";

	for (int i = from; i <= to; i++)
		put(c, row, i, "─", false);
	if (item->left >= 0)
		put(c, row, from, "╭", false);
	else
		joint = "╰";
	if (item->right >= 0)
		put(c, row, to, "╮", false);
	else
		joint = "╯";
	put(c, row, middle(c, node), joint, false);
}

static void put_tree(struct canvas *c, int depth, int node)
{
	const struct scope_item *item;

	if (node < 0 || depth >= DEPTH)
		return;
	item = &c->e->item[node];
	put_node(c, depth * 2, node);
	if (item->left >= 0 || item->right >= 0)
		put_branches(c, depth * 2 + 1, node);
	put_tree(c, depth + 1, item->left);
	put_tree(c, depth + 1, item->right);
}

static void print_row(struct scope_rows *rows, const struct canvas *c, int row)
{
	const struct scope_draw *d = rows->d;
	int end = WIDTH;

	while (end > 0 && !c->cell[row][end - 1].text)
		end--;
	draw_row(rows, row ? "" : "tree");
	for (int i = 0; i < end; i++) {
		const struct cell *cell = &c->cell[row][i];

		if (cell->red)
			fputs(ink(d, INK_RED), d->out);
		fputs(cell->text ? cell->text : " ", d->out);
		if (cell->red)
			fputs(ink(d, INK_OFF), d->out);
	}
	fputc('\n', d->out);
}

void draw_tree(struct scope_rows *rows, const struct scope_epoll *e)
{
	struct canvas c = { .e = e };
	int column = 0;

	if (e->items < 2)
		return;
	for (int i = 0; i < e->items; i++) {
		c.start[i] = column;
		column += node_width(&e->item[i]) + 1;
	}
	if (column > WIDTH) {
		draw_row(rows, "tree");
		fprintf(rows->d->out, "%zu items, too wide to draw\n",
			e->nr_items);
		return;
	}
	put_tree(&c, 0, e->root);
	for (int row = 0; row < c.rows; row++)
		print_row(rows, &c, row);
}
