/* SPDX-License-Identifier: MIT */
/*
 * Every change makes a plan: the services that stay, and new ones. What was made
 * for a change that fails goes with its plan.
 */
#include "server/changes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/plan.h"
#include "server/save.h"

/* ---- the file ---- */

/* Adds what rule R is to be to PLAN; R is the callee's. */
static int plan_rule(struct program *p, struct plan *plan, struct rule *r,
		     char *why)
{
	struct service *old = table_find(&p->table, r->id);
	struct service *s = service_create(r, old, why);

	if (!s)
		return -1;
	if (old && strcmp(old->print, s->print) == 0) {
		service_refresh(old, s);
		service_release(s);
		plan_keep(plan, old);
	} else {
		plan->services[plan->count++] = s;
	}
	return 0;
}

/* WHY becomes REASON, with the LINE of the file that it is about. */
static void say_where(const struct program *p, size_t line, const char *reason,
		      char *why)
{
	snprintf(why, SERVICE_WHY_MAX, "%.200s:%zu: %.280s", p->options->rules,
		 line, reason);
}

/* All rules of R, whose rules go to the plan. */
static int plan_file(struct program *p, struct plan *plan, struct rules *r,
		     char *why)
{
	char reason[SERVICE_WHY_MAX];

	if (plan_init(plan, r->count, why) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		struct rule *rule = r->list[i];
		size_t line = rule->line;

		r->list[i] = NULL;
		if (plan_rule(p, plan, rule, reason) == 0)
			continue;
		say_where(p, line, reason, why);
		plan_free(plan);
		return -1;
	}
	return 0;
}

/* WHY, if it is about one rule of PLAN, gets the line where that stands. */
static void add_line(const struct program *p, const struct plan *plan,
		     char *why)
{
	char reason[SERVICE_WHY_MAX];

	if (!plan->bad)
		return;
	snprintf(reason, sizeof(reason), "%s", why);
	say_where(p, plan->bad->rule->line, reason, why);
}

static size_t line_of(const char *text, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/* Reads and parses the file; TEXT is the caller's to free. */
static int read_file(struct program *p, char **text, size_t *len,
		     struct rules *r, char *why)
{
	const char *path = p->options->rules;
	struct rules_error error;

	*text = load_file(path, RULES_TEXT_MAX + 1, len);
	if (!*text) {
		snprintf(why, SERVICE_WHY_MAX, "%.200s: %s", path,
			 strerror(errno));
		return -1;
	}
	if (*len > RULES_TEXT_MAX) {
		snprintf(error.text, sizeof(error.text),
			 "the file has more than %u bytes", RULES_TEXT_MAX);
		error.line = line_of(*text, RULES_TEXT_MAX);
	} else if (rules_parse(*text, *len, r, &error) == 0) {
		return 0;
	}
	say_where(p, error.line, error.text, why);
	free(*text);
	return -1;
}

int changes_check(struct program *p, char *why)
{
	struct rules r;
	struct plan plan;
	char *text;
	size_t len;
	int result;

	if (read_file(p, &text, &len, &r, why) < 0)
		return -1;
	result = plan_file(p, &plan, &r, why);
	if (result == 0) {
		result = plan_check(&plan, why);
		if (result < 0)
			add_line(p, &plan, why);
		plan_free(&plan);
	}
	rules_free(&r);
	free(text);
	return result;
}

int changes_reload(struct program *p, char *why)
{
	struct document document;
	struct rules r;
	struct plan plan;
	char *text;
	size_t len;
	int result;

	if (read_file(p, &text, &len, &r, why) < 0)
		return -1;
	result = document_init(&document, text, len, &r);
	if (result < 0)
		snprintf(why, SERVICE_WHY_MAX, "out of memory");
	if (result == 0)
		result = plan_file(p, &plan, &r, why);
	if (result == 0) {
		result = plan_commit(p, &plan, why);
		if (result < 0)
			add_line(p, &plan, why);
		plan_free(&plan);
	}
	if (result == 0) {
		document_free(&p->document);
		p->document = document;
		program_lock(p);
		p->maxsessions_per_ip = r.maxsessions_per_ip;
		program_unlock(p);
	} else {
		document_free(&document);
	}
	rules_free(&r);
	free(text);
	return result;
}

int changes_dump(struct program *p, char *why)
{
	if (save_file(p->options->rules, p->document.text, p->document.len) ==
	    0)
		return 0;
	snprintf(why, SERVICE_WHY_MAX, "%.200s: %s", p->options->rules,
		 strerror(errno));
	return -1;
}

/* ---- commands ---- */

/*
 * Makes *D the document that is to be: FRESH in the place of OLD, or behind all
 * if OLD is NULL; without FRESH, OLD goes.
 */
static int edit(struct program *p, const struct service *old,
		const struct service *fresh, struct document *d, char *why)
{
	int result = document_copy(d, &p->document);

	if (result == 0 && !fresh)
		result = document_remove(d, old->rule->id);
	else if (result == 0)
		result = (old ? document_modify : document_add)(
			d, fresh->rule->id, fresh->print, strlen(fresh->print));
	if (result == 0)
		return 0;
	snprintf(why, SERVICE_WHY_MAX, "%s", strerror(errno));
	document_free(d);
	return -1;
}

/* The same for the table in force. FRESH's hold is the callee's. */
static int replace(struct program *p, const struct service *old,
		   struct service *fresh, char *why)
{
	const struct table *t = &p->table;
	struct plan plan;
	int result;

	if (plan_init(&plan, t->count + 1, why) < 0) {
		if (fresh)
			service_release(fresh);
		return -1;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (t->services[i] != old)
			plan_keep(&plan, t->services[i]);
		else if (fresh)
			plan.services[plan.count++] = fresh;
	}
	if (!old)
		plan.services[plan.count++] = fresh;
	result = plan_commit(p, &plan, why);
	plan_free(&plan);
	return result;
}

/* Both. The document is made first, for it can be put in its place at once. */
static int change_one(struct program *p, const struct service *old,
		      struct service *fresh, char *why)
{
	struct document d;

	if (edit(p, old, fresh, &d, why) < 0) {
		if (fresh)
			service_release(fresh);
		return -1;
	}
	if (replace(p, old, fresh, why) < 0) {
		document_free(&d);
		return -1;
	}
	document_free(&p->document);
	p->document = d;
	return 0;
}

static int put(struct program *p, const char *text, bool modify, char *why)
{
	struct rules_error error;
	struct rule *r = rules_parse_rule(text, strlen(text), &error);
	struct service *old, *fresh;

	if (!r) {
		snprintf(why, SERVICE_WHY_MAX, "%s", error.text);
		return -1;
	}
	old = table_find(&p->table, r->id);
	if (modify ? !old : old || p->table.count >= RULES_MAX) {
		snprintf(why, SERVICE_WHY_MAX,
			 modify ? "there is no rule %s"
			 : old	? "rule %s is there already"
				: "rule %s would be one too many",
			 r->id);
		rule_free(r);
		return -1;
	}
	fresh = service_create(r, old, why);
	return fresh ? change_one(p, old, fresh, why) : -1;
}

int changes_add(struct program *p, const char *text, char *why)
{
	return put(p, text, false, why);
}

int changes_modify(struct program *p, const char *text, char *why)
{
	return put(p, text, true, why);
}

int changes_remove(struct program *p, const char *id, char *why)
{
	struct service *old = table_find(&p->table, id);

	if (!old) {
		snprintf(why, SERVICE_WHY_MAX, "there is no rule %.64s", id);
		return -1;
	}
	return change_one(p, old, NULL, why);
}

/* ---- the end ---- */

void changes_shut_listeners(struct program *p)
{
	program_lock(p);
	for (size_t i = 0; i < p->table.listener_count; i++) {
		listener_shut(p->table.listeners[i]);
		listener_release(p->table.listeners[i]);
	}
	p->table.listener_count = 0;
	program_unlock(p);
	plan_sync_workers(p);
}

void changes_forget(struct program *p)
{
	struct table empty = { 0 };

	if (p->opened) {
		program_lock(p);
		for (size_t i = 0; i < p->table.count; i++)
			p->table.services[i]->gone = true;
		program_unlock(p);
	}
	for (size_t i = 0; i < p->table.count; i++) {
		struct service *s = p->table.services[i];

		for (size_t j = 0; j < s->rule->server_count; j++) {
			s->upstreams[j]->listed = false;
			upstream_check(s->upstreams[j], p, NULL, 0);
		}
	}
	table_free(&p->table);
	p->table = empty;
	document_free(&p->document);
}
