/* SPDX-License-Identifier: MIT */
/*
 * Files do not know their names: a script's name holds a descriptor, and
 * several descriptors may hold one file.
 */
#include "scope_files.h"

static const struct uworld *world;
static struct scope_wake woken[SCOPE_WAKES];
static int nr_woken;

int scope_files(struct scope_file *file, const struct uworld *w)
{
	int n = 0;

	for (int i = 0; i < w->script->names; i++) {
		const struct ufile *f = usys_file(&w->sys, w->fd[i]);

		if (!f)
			continue;
		file[n++] = (struct scope_file){
			.name = w->script->name[i],
			.fd = w->fd[i],
			.file = f->id,
			.kind = f->ops->kind,
			.held = f->ops->held ? f->ops->held(f) : 0,
			.of = f,
		};
	}
	return n;
}

/* The first name in W that holds FILE, or "". */
static const char *name_of(const struct uworld *w, const struct ufile *file)
{
	for (int i = 0; i < w->script->names; i++)
		if (usys_file(&w->sys, w->fd[i]) == file)
			return w->script->name[i];
	return "";
}

/* An item's entry is a part of the item: it is found by its address. */
int scope_entries(struct scope_entry *entry, const struct uworld *w,
		  const struct ufile *file)
{
	struct uwait_entry *at;
	struct epitem *item;
	int n = 0;

	if (!file->wait)
		return 0;
	TAILQ_FOREACH(at, &file->wait->entries, link) {
		LIST_FOREACH(item, &file->watchers, file_link)
			if (&item->wait == at)
				break;
		if (!item || n == SCOPE_ENTRIES)
			continue;
		entry[n++] = (struct scope_entry){
			.epoll = name_of(w, &item->ep->file),
			.item = w->script->name[item->event.data.u64],
			.fd = item->fd,
			.exclusive = at->exclusive,
		};
	}
	return n;
}

/* The name of the file that has this wait queue, or NULL. */
static const char *owner(const struct uwait_queue *queue)
{
	for (int i = 0; i < world->script->names; i++) {
		const struct ufile *f = usys_file(&world->sys, world->fd[i]);

		if (f && f->wait == queue)
			return world->script->name[i];
	}
	return NULL;
}

static void on_wake(const struct uwait_queue *queue, uint32_t key)
{
	const char *name = owner(queue);

	if (name && nr_woken < SCOPE_WAKES)
		woken[nr_woken++] = (struct scope_wake){
			name,
			key,
			uwait_active(queue),
		};
}

void scope_wakes_begin(const struct uworld *w)
{
	world = w;
	nr_woken = 0;
	uwait_listener = w ? on_wake : NULL;
}

int scope_wakes(const struct scope_wake **wake)
{
	*wake = woken;
	return nr_woken;
}
