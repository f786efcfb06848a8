/* SPDX-License-Identifier: MIT */
/*
 * Task 2: acceptor.c against a model of acceptor.h. What the calls of accept4(2)
 * do is written down beforehand, by chance, and each round must make as many
 * of them, and accept and turn away those clients, as the model says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acceptor_play.h"

#define BUDGET	64 /* ACCEPTOR_BUDGET of acceptor.h */
#define QUEUED	12
#define SCRIPT	100
#define GAMES	25
#define AT_ONCE 2 /* of the errors below, from the first on */
#define NO_MORE 4 /* and the descriptors that are short, from these on */

static const char *const words[] = { "EINTR",	"ECONNABORTED", "EMFILE",
				     "ENFILE",	"ENOBUFS",	"ENOMEM",
				     "EPROTO",	"EPERM",	"EINVAL",
				     "ENETDOWN" };
#define OK (sizeof(words) / sizeof(words[0]))

struct model {
	struct peer *client[QUEUED];
	int n, next;	       /* the clients, and who is first in the queue */
	size_t script[SCRIPT]; /* indices of WORDS, or OK */
	size_t len, at;
	int rooms;
	/* of the round: */
	size_t begin; /* where the script was */
	int calls, accepted;
	int away;     /* the client that was turned away, or -1 */
	bool reserve; /* the last call was for that */
	bool paused, over;
};

static size_t next_word(struct model *m)
{
	return m->at < m->len ? m->script[m->at++] : OK;
}

/* How often the errors come that do not end the round. */
static void write_script(struct model *m)
{
	size_t mild = judge_random_between(1, 40);

	m->len = judge_random_between(0, SCRIPT - 1);
	for (size_t i = 0; i < m->len; i++) {
		m->script[i] = judge_random_between(0, AT_ONCE - 1);
		if (judge_random_between(0, mild) == 0)
			m->script[i] = judge_random_between(AT_ONCE, OK);
		/* What became of the reserve's call is not the matter here. */
		if (i > 0 && m->script[i - 1] >= AT_ONCE &&
		    m->script[i - 1] < NO_MORE)
			m->script[i] = OK;
	}
}

static void turn_away(struct model *m)
{
	m->calls++;
	m->reserve = true;
	if (next_word(m) == OK && m->next < m->n)
		m->away = m->next++;
}

static void model_round(struct model *m)
{
	m->begin = m->at;
	m->calls = m->accepted = 0;
	m->away = -1;
	m->reserve = false;
	for (int i = 0; i < BUDGET && !m->paused; i++) {
		size_t word = next_word(m);

		m->calls++;
		if (word == OK && m->next == m->n) {
			m->over = true;
			return;
		}
		if (word == OK) {
			m->next++;
			m->accepted++;
		} else if (word < AT_ONCE) {
			continue;
		} else if (word < NO_MORE && m->rooms > 0) {
			m->rooms--;
		} else {
			if (word < NO_MORE)
				turn_away(m);
			m->paused = true;
		}
	}
}

/* The sentence about the N-th call of the round, from 1, that came to this. */
static void about_call(const struct model *m, int n)
{
	size_t at = m->begin + (size_t)n - 1;
	size_t word = at < m->len ? m->script[at] : OK;

	if (word < AT_ONCE)
		judge_promise("EINTR, ECONNABORTED one call has failed: the");
	else if (word < NO_MORE && (m->paused && n >= m->calls - m->reserve))
		judge_promise("EMFILE, ENFILE no descriptor: turn one client");
	else if (word < NO_MORE)
		judge_promise("but if shortage() makes room, the next call");
	else if (word < OK)
		judge_promise("anything else no memory, a broken network");
	else
		judge_promise(NULL);
}

/*
 * The round was to be what M says, and LINE is what it was. Who makes fewer calls
 * has stopped at the last of them, and who makes more has gone on behind the last
 * one that there should be, or behind the one before the reserve's.
 */
static void about_round(const struct model *m, const char *line)
{
	int accepted, calls;

	if (sscanf(line, "accepted %d, calls %d", &accepted, &calls) != 2)
		judge_promise(NULL);
	else if (calls > m->calls && m->calls == BUDGET && !m->paused)
		judge_promise("Calls of accept4(2) in one go, before the");
	else if (calls < m->calls && calls > 0)
		about_call(m, calls);
	else if (m->paused)
		about_call(m, m->calls - m->reserve);
	else
		judge_promise(NULL);
}

static void tell_script(struct prog *driver, const struct model *m)
{
	char text[SCRIPT * 16] = "", *p = text;

	for (size_t i = 0; i < m->len; i++)
		p += sprintf(p, " %s",
			     m->script[i] == OK ? "ok" : words[m->script[i]]);
	prog_ask(driver, "0", "script%s", text);
}

static void play(struct prog *driver)
{
	struct model m = { .rooms = (int)judge_random_between(0, 4) };
	char want[64];
	const char *line;

	prog_ask(driver, "0", "start");
	prog_ask(driver, "0", "say-room %d", m.rooms);
	write_script(&m);
	tell_script(driver, &m);
	m.n = (int)judge_random_between(1, QUEUED);
	queue_up(driver, m.client, m.n);
	do {
		model_round(&m);
		snprintf(want, sizeof(want), "accepted %d, calls %d",
			 m.accepted, m.calls);
		line = prog_answer(driver, "round");
		about_round(&m, line);
		prog_said(driver, line, want);
		judge_promise("EMFILE, ENFILE no descriptor: turn one client");
		if (m.away >= 0)
			peer_expect_closed(m.client[m.away]);
	} while (!m.paused && !m.over);
	judge_promise(NULL);

	judge_step("who is in the queue still is accepted by another start");
	prog_ask(driver, "0", "script");
	prog_ask(driver, "0", "stop");
	prog_ask(driver, "0", "start");
	accepts(driver, "round", m.n - m.next, m.n - m.next + 1);
	prog_ask(driver, "0", "stop");
	prog_ask(driver, "0", "leave %d", QUEUED);
	for (int i = 0; i < m.n; i++)
		peer_close(m.client[i]);
}

void acceptor_follows_the_model(void)
{
	judge_checking("acceptor_any_errors");
	judge_promise(NULL);
	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before = prog_descriptors(driver);

		for (int i = 0; i < GAMES; i++)
			play(driver);
		judge_check(prog_descriptors(driver) == before,
			    "no descriptor to be left open", "%zu more",
			    prog_descriptors(driver) - before);
		prog_finish(driver);
	}
	judge_checking(NULL);
}
