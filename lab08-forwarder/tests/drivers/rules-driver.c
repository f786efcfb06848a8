/* SPDX-License-Identifier: MIT */
/*
 * Drives the rules' parser and printer: a line of standard input is a command,
 * and its answer is lines on standard output, up to one that is ".".
 *
 *	file BYTES	parses a whole file
 *	rule BYTES	parses one rule, as the management port does
 *
 * BYTES are what is left of the line, with \r, \n, \\ and \xNN for bytes that
 * do not fit in one. The memory behind them cannot be read. The answer is
 *
 *	error EINVAL 3 what is wrong		errno, the line
 * or
 *	rules 1 per_ip=0			only for a file
 *	rule a RR timeout=0 connect_timeout=5 half_close_timeout=60 ban=10
 *		retries=-1 sticky=0 proxy=0 public=0 line=1 start=0 end=50
 *	client 10.0.0.1:* maxclients=0		each of them, in order
 *	listen 127.0.0.1:80
 *	server 127.0.0.1:81 weight=1 maxconn=0 backup=0 check=0 rise=2 fall=3
 *	print a RR ...				what rules_print() makes of it
 *
 * ("rule" and what follows it are one line), and then the next rule's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "words.h"

static void show_print(const struct rule *r)
{
	struct buf out;

	buf_init(&out, RULES_TEXT_MAX);
	if (rules_print(r, &out) < 0) {
		printf("print failed %s\n", words_errno(errno));
	} else {
		printf("print ");
		words_print(buf_data(&out), buf_len(&out));
		printf("\n");
	}
	buf_free(&out);
}

static void show(const struct rule *r)
{
	printf("rule ");
	words_print(r->id, strlen(r->id));
	printf(" %s timeout=%u connect_timeout=%u half_close_timeout=%u ban=%u "
	       "retries=%d sticky=%u proxy=%u public=%d line=%zu start=%zu "
	       "end=%zu\n",
	       rules_mode_name(r->mode), r->timeout, r->connect_timeout,
	       r->half_close_timeout, r->ban, r->retries, r->sticky,
	       r->proxy_protocol, r->is_public, r->line, r->start, r->end);
	for (size_t i = 0; i < r->client_count; i++)
		printf("client %s maxclients=%u\n", r->clients[i].text,
		       r->clients[i].maxclients);
	for (size_t i = 0; i < r->listen_count; i++) {
		printf("listen ");
		words_print(r->listens[i].text, strlen(r->listens[i].text));
		printf("\n");
	}
	for (size_t i = 0; i < r->server_count; i++) {
		const struct rules_server *s = &r->servers[i];

		printf("server ");
		words_print(s->text, strlen(s->text));
		printf(" weight=%u maxconn=%u backup=%d check=%u rise=%u "
		       "fall=%u\n",
		       s->weight, s->maxconn, s->backup, s->check, s->rise,
		       s->fall);
	}
	show_print(r);
}

static void show_error(const struct rules_error *error)
{
	printf("error %s %zu ", words_errno(errno), error->line);
	words_print(error->text, strnlen(error->text, sizeof(error->text)));
	printf("\n");
}

static void file(const char *text, size_t len)
{
	struct rules_error error = { 0 };
	struct rules r = { 0 };

	if (rules_parse(text, len, &r, &error) < 0) {
		show_error(&error);
		return;
	}
	printf("rules %zu per_ip=%u\n", r.count, r.maxsessions_per_ip);
	for (size_t i = 0; i < r.count; i++)
		show(r.list[i]);
	rules_free(&r);
}

static void one(const char *text, size_t len)
{
	struct rules_error error = { 0 };
	struct rule *r = rules_parse_rule(text, len, &error);

	if (!r) {
		show_error(&error);
		return;
	}
	show(r);
	rule_free(r);
}

int main(void)
{
	char *line;

	while ((line = words_line())) {
		const char *command = words_next(&line);
		size_t len = line ? words_bytes(line) : 0;
		char *text = words_at_the_edge(line, len);

		if (strcmp(command, "file") == 0)
			file(text, len);
		else
			one(text, len);
		words_away(text, len);
		printf(".\n");
		fflush(stdout);
	}
	return 0;
}
