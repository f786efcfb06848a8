/* SPDX-License-Identifier: MIT */
/*
 * Connections and bytes are the forwarder's own, by `list servers`: it is the
 * only one that sees all of them. Memory is the kernel's.
 */
#include "figures.h"

#include <stdio.h>
#include <string.h>

#include "manage.h"

#define ANSWER_MAX 16384

static void sample_server(struct figures_server *s,
			  const struct manage_server *m, double seconds)
{
	memmove(&s->total[1], &s->total[0],
		FIGURES_WINDOW * sizeof(s->total[0]));
	s->total[0] = m->total;
	s->open = m->open;
	if (seconds > 0)
		s->down_rate = (double)(m->down - s->down) / seconds;
	s->down = m->down;
	strcpy(s->state, m->state);
}

static unsigned long fresh(const struct figures_server *s)
{
	return s->total[0] - s->total[FIGURES_WINDOW];
}

/* The two httpd share a rule; the others have one alone. */
static void share(struct figures *f)
{
	unsigned long a = fresh(&f->server[HTTPD_A]);
	unsigned long b = fresh(&f->server[HTTPD_B]);

	for (int i = 0; i < SERVERS; i++)
		f->server[i].share = fresh(&f->server[i]) > 0 ? 100 : -1;
	if (a + b > 0) {
		f->server[HTTPD_A].share = (int)(100 * a / (a + b));
		f->server[HTTPD_B].share = 100 - f->server[HTTPD_A].share;
	}
}

void figures_sample(struct figures *f, const struct cluster *c, int64_t now_ns)
{
	struct manage_server listed[2 * SERVERS];
	char answer[ANSWER_MAX];
	double seconds = 0;
	size_t n = 0;

	if (f->at_ns != 0)
		seconds = (double)(now_ns - f->at_ns) / 1e9;
	f->at_ns = now_ns;
	if (manage_ask(c->listener[RULE_ADMIN], "list servers", answer,
		       sizeof(answer)) == 0)
		n = manage_servers(answer, listed, 2 * SERVERS);
	f->open = 0;
	for (int i = 0; i < SERVERS; i++) {
		struct figures_server *s = &f->server[i];

		for (size_t k = 0; k < n; k++)
			if (strcmp(listed[k].address, c->address[i]) == 0)
				sample_server(s, &listed[k], seconds);
		if (c->server[i].pid == 0)
			strcpy(s->state, "gone");
		s->memory = child_memory(&c->server[i]);
		f->open += s->open;
	}
	f->memory = child_memory(&c->forwarder);
	share(f);
}
