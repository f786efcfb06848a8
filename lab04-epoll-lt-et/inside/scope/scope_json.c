/* SPDX-License-Identifier: MIT */
/*
 * jansson builds the text, so that nothing here has to think about quoting.
 */
#include "scope_json.h"

static json_t *json_list(const struct scope_list *list)
{
	json_t *array = json_array();

	for (int i = 0; i < list->n; i++)
		json_array_append_new(array, json_integer(list->item[i]));
	return array;
}

static json_t *json_item(const struct scope_item *item)
{
	char mask[128];
	struct utext t = { mask, sizeof(mask) };
	json_t *ready = item->ready == SCOPE_UNKNOWN
				? json_null()
				: json_boolean(item->ready == SCOPE_READY);

	utext_mask(&t, item->mask);
	return json_pack("{s:s, s:i, s:i, s:s, s:o, s:b, s:i, s:i}", "name",
			 item->name, "fd", item->fd, "file", (int)item->file,
			 "mask", mask, "ready", ready, "red", (int)item->red,
			 "left", item->left, "right", item->right);
}

static json_t *json_epoll(const struct scope_epoll *e)
{
	json_t *items = json_array(), *waiters = json_array();

	for (int i = 0; i < e->items; i++)
		json_array_append_new(items, json_item(&e->item[i]));
	for (int i = 0; i < e->waiters; i++)
		json_array_append_new(waiters, json_string(e->waiter[i]));
	return json_pack("{s:s, s:i, s:o, s:b, s:o, s:o, s:o, s:o}", "name",
			 e->name, "root", e->root, "items", items, "scanning",
			 (int)e->scanning, "ready", json_list(&e->ready),
			 "batch", json_list(&e->scan), "overflow",
			 json_list(&e->overflow), "waiters", waiters);
}

json_t *scope_json_state(const struct scope_state *state)
{
	json_t *array = json_array();

	for (int i = 0; i < state->epolls; i++)
		json_array_append_new(array, json_epoll(&state->epoll[i]));
	return array;
}

json_t *scope_json_moves(const struct scope_move *move, int n)
{
	json_t *array = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}",
						       "epoll", move[i].epoll,
						       "what", move[i].what,
						       "how", move[i].text));
	return array;
}

json_t *scope_json_files(const struct uworld *w)
{
	struct scope_file file[USCRIPT_NAMES];
	json_t *array = json_array();
	int n = scope_files(file, w);

	for (int i = 0; i < n; i++)
		json_array_append_new(
			array,
			json_pack("{s:s, s:i, s:i, s:s, s:I}", "name",
				  file[i].name, "fd", file[i].fd, "file",
				  (int)file[i].file, "kind", file[i].kind,
				  "bytes", (json_int_t)file[i].held));
	return array;
}

json_t *scope_json_wakes(void)
{
	const struct scope_wake *wake;
	json_t *array = json_array();
	int n = scope_wakes(&wake);

	for (int i = 0; i < n; i++) {
		char key[128] = "";
		struct utext t = { key, sizeof(key) };

		if (wake[i].key)
			utext_mask(&t, wake[i].key);
		json_array_append_new(array,
				      json_pack("{s:s, s:s}", "file",
						wake[i].name, "key", key));
	}
	return array;
}
