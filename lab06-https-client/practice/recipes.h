/* SPDX-License-Identifier: MIT */
/*
 * recipes - the functions behind paths.c's table. Each answers one request and
 * leaves v->s.gone set if the connection is over.
 */
#ifndef LAB06_PRACTICE_RECIPES_H
#define LAB06_PRACTICE_RECIPES_H

#include "practice/paths.h"

/* answer.c: an answer, its framing, and what happens at a place in it. */
void recipe_answer(struct visit *v, struct question *q);

/* recipes.c */
void recipe_echo(struct visit *v, struct question *q);
void recipe_stats(struct visit *v, struct question *q);
void recipe_raw(struct visit *v, struct question *q);
void recipe_endless(struct visit *v, struct question *q);
void recipe_redirect(struct visit *v, struct question *q);
void recipe_drop_traps(struct visit *v, struct question *q);
void recipe_gather(struct visit *v, struct question *q);

/* Sends a plain answer with a Content-Length. */
void recipe_send(struct visit *v, const struct question *q, const char *body,
		 size_t len);

#endif
