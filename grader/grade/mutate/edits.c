/* SPDX-License-Identifier: MIT */
/* What the rules have made: their names, and the texts that they stand for. */
#include "rules.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static uint64_t hash(uint64_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != ' ' && s[i] != '\t' && s[i] != '\n')
			h = (h ^ (unsigned char)s[i]) * 0x100000001b3;
	}
	return h;
}

/* Whether ID is NAME, or NAME with a number behind it. */
static bool is_like(const char *id, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(id, name, len) && (!id[len] || id[len] == '.');
}

/*
 * Neither the line's number nor its layout is in the name, so that it outlives
 * changes elsewhere. Of two edits that look alike the second has a 2 behind it.
 */
void edits_name(struct edits *edits, const struct tokens *t)
{
	size_t token = 0;

	for (size_t i = 0; i < edits->count; i++) {
		struct edit *e = &edits->all[i];
		size_t from = e->at, end = e->at + e->len;
		const struct token *in;
		int like = 1;
		uint64_t h;

		while (token + 1 < t->count && t->all[token].at < e->at)
			token++;
		while (from && t->text[from - 1] != '\n')
			from--;
		end += strcspn(t->text + end, "\n");
		h = hash(0xcbf29ce484222325, t->text + from, end - from);
		h = hash(h ^ (e->at - from), e->with, strlen(e->with));
		in = &t->all[t->all[token].function];
		e->id = mem_printf("%.*s/%s/%04x",
				   t->all[token].function ? (int)in->len : 4,
				   t->all[token].function ? t->text + in->at
							  : "file",
				   e->rule, (unsigned int)(h >> 24) & 0xffff);
		for (size_t k = 0; k < i; k++)
			like += is_like(edits->all[k].id, e->id);
		if (like > 1) {
			char *name = mem_printf("%s.%d", e->id, like);

			free(e->id);
			e->id = name;
		}
	}
}

void edits_free(struct edits *edits)
{
	for (size_t i = 0; i < edits->count; i++) {
		free(edits->all[i].with);
		free(edits->all[i].id);
	}
	free(edits->all);
	memset(edits, 0, sizeof(*edits));
}

char *edit_apply(const char *text, const struct edit *edit)
{
	return mem_printf("%.*s%s%s", (int)edit->at, text, edit->with,
			  text + edit->at + edit->len);
}
