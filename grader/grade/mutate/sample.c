/* SPDX-License-Identifier: MIT */
/*
 * A sample is drawn from all the edits of a deliverable, so that its rate is an
 * estimate of theirs; a seed is the same sample wherever it is drawn.
 */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "draw.h"
#include "mem.h"

#define SOURCE_MAX (1 << 20)

bool mutate_is_named(const char *deliverable, const char *name)
{
	size_t len = strcspn(deliverable, ".");

	return !name || !strcmp(deliverable, name) ||
	       (strcspn(name, "/") == len && !strncmp(deliverable, name, len));
}

static void add_trial(struct mutate *m, const struct trial *common,
		      const struct edit *edit, const char *only)
{
	char *id = mem_printf("%.*s/%s", (int)strcspn(common->file, "."),
			      common->file, edit->id);
	struct trial *t;

	if (only && strchr(only, '/') && strcmp(only, id)) {
		free(id);
		return;
	}
	m->trials = mem_resize(m->trials, m->count + 1, sizeof(*t));
	t = &m->trials[m->count++];
	*t = *common;
	t->edit = *edit;
	t->id = id;
}

/*
 * SAMPLE of the file's mutants, drawn one by one: those that do not build or
 * are the same program take a place, so that the sample is one of all.
 */
static void draw(struct mutate *m, const struct trial *common,
		 struct edits *edits, const struct mutate_options *o,
		 uint64_t seed)
{
	bool one = o->file && strchr(o->file, '/');
	size_t sample = one ? SIZE_MAX : o->sample;

	for (size_t i = 0; i < edits->count && i < sample; i++) {
		size_t k = i + draw_random(&seed) % (edits->count - i);
		struct edit edit = edits->all[k];

		edits->all[k] = edits->all[i];
		edits->all[i] = edit;
		add_trial(m, common, &edit, o->file);
	}
}

void mutate_draw(struct mutate *m, struct source *s, const char *name,
		 const struct mutate_options *o, uint64_t seed)
{
	char *path = lab_path(m->lab, name);
	struct trial common = { .file = name };

	s->text = mem_read_file(path, SOURCE_MAX, NULL);
	s->object = build_object(&m->copies.base, name, &common.object_len);
	if (s->text && s->object) {
		common.text = s->text;
		common.object = s->object;
		edits_make(&s->edits, s->text);
		draw(m, &common, &s->edits, o, seed);
	}
	free(path);
}
