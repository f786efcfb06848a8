/* SPDX-License-Identifier: MIT */
/*
 * A recursive descent over the lexer's tokens: each function below stands at
 * the first token of what it is named after, and leaves the lexer at the first
 * one behind it.
 *
 *	 id ─► mode ─► ( ) ─► client ( ) ... ─► - ─► listen ... ─► > ─► server
 *	                       ^        |            ^     |        |    ^  ( ) |
 *	                       '--------'            '-----'        |    '------'
 *	                                                        G ──┴─► ; ◄──┘
 */
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/properties.h"
#include "util.h"

static const char *const mode_names[] = { "G",	"MS", "RR", "LC", "RT",
					  "RD", "HS", "P2", "CH" };

/* ---- the parts of a rule ---- */

/* Makes room for one more of the COUNT elements of SIZE bytes at *ARRAY. */
static void *add_element(struct parser *p, void *array, size_t *count,
			 size_t size, size_t max, const char *what)
{
	void **at = array;
	void *bigger;

	if (*count == max) {
		parser_fail(p, E2BIG, "more than %zu %s", max, what);
		return NULL;
	}
	if ((*count & (*count - 1)) == 0) {
		bigger = realloc(*at, (*count ? *count * 2 : 1) * size);
		if (!bigger) {
			parser_no_memory(p);
			return NULL;
		}
		*at = bigger;
	}
	bigger = (char *)*at + *count * size;
	memset(bigger, 0, size);
	++*count;
	return bigger;
}

static int client(struct parser *p, struct rule *r)
{
	static const char *const wanted = "a client ADDRESS:PORT or '-'";
	struct parser before = *p;
	struct rules_client *c;
	unsigned int seen = 0;
	const char *why;

	c = add_element(p, &r->clients, &r->client_count, sizeof(*c),
			RULES_CLIENTS_MAX, "clients");
	if (!c)
		return -1;
	properties_default(properties_of_client, c);
	if (parser_word(p, c->text, sizeof(c->text), wanted) < 0)
		return -1;
	if (pattern_parse(&c->pattern, c->text, &why) < 0) {
		*p = before;
		return parser_unexpected(p, why);
	}
	return properties_parse(p, properties_of_client, c, &seen);
}

/* Takes TEXT apart, the word at which BEFORE stands. */
static int split_address(struct parser *p, const struct parser *before,
			 const char *text, struct addr_hostport *hp,
			 const char *wanted)
{
	if (addr_split(text, hp) == 0)
		return 0;
	*p = *before;
	if (errno == ENAMETOOLONG)
		return parser_fail(p, E2BIG, "a host of more than %d bytes",
				   RULES_HOST_MAX);
	return parser_unexpected(p, wanted);
}

static int listener(struct parser *p, struct rule *r)
{
	struct parser before = *p;
	struct rules_listen *l;
	struct addr_hostport hp;
	const char *wanted = r->mode == RULES_G ? "an address to listen on or "
						  "';'"
						: "an address to listen on or "
						  "'>'";

	l = add_element(p, &r->listens, &r->listen_count, sizeof(*l),
			RULES_LISTENS_MAX, "addresses to listen on");
	if (!l || parser_word(p, l->text, sizeof(l->text), wanted) < 0)
		return -1;
	if (r->mode == RULES_G && strncmp(l->text, "unix:/", 6) == 0) {
		if (strlen(l->text + 5) <= RULES_PATH_MAX)
			return 0;
		*p = before;
		return parser_fail(p, E2BIG, "a path of more than %d bytes",
				   RULES_PATH_MAX);
	}
	return split_address(p, &before, l->text, &hp, wanted);
}

/* The server of R whose text the word at hand is, or NULL. */
static struct rules_server *said_before(const struct parser *p, struct rule *r)
{
	for (size_t i = 0; i < r->server_count; i++)
		if (lexer_is(&p->lexer, r->servers[i].text))
			return &r->servers[i];
	return NULL;
}

/* The word at hand is S once more: a second share for it. */
static int say_again(struct parser *p, struct rules_server *s)
{
	if (s->weight == RULES_WEIGHT_MAX)
		return parser_fail(p, E2BIG,
				   "a weight of more than %d for %.100s",
				   RULES_WEIGHT_MAX, s->text);
	s->weight++;
	lexer_next(&p->lexer);
	if (p->lexer.token.kind != TOKEN_OPEN)
		return 0;
	return parser_fail(p, EINVAL,
			   "'(' is not expected here: %.100s has its "
			   "properties where it is said first",
			   s->text);
}

static int server(struct parser *p, struct rule *r)
{
	static const char *const wanted = "a server HOST:PORT, '(' or ';'";
	struct parser before = *p;
	struct rules_server *s = said_before(p, r);
	struct addr_hostport hp;
	unsigned int seen = 0;

	if (s)
		return say_again(p, s);
	s = add_element(p, &r->servers, &r->server_count, sizeof(*s),
			RULES_SERVERS_MAX, "servers");
	if (!s)
		return -1;
	properties_default(properties_of_server, s);
	if (parser_word(p, s->text, sizeof(s->text), wanted) < 0)
		return -1;
	if (split_address(p, &before, s->text, &hp, wanted) < 0)
		return -1;
	if (strcmp(hp.host, "*") == 0 || strcmp(hp.port, "0") == 0) {
		*p = before;
		return parser_unexpected(p, wanted);
	}
	if (properties_parse(p, properties_of_server, s, &seen) < 0)
		return -1;
	if ((seen & (PROPERTY_RISE | PROPERTY_FALL)) && !s->check)
		return parser_fail_behind(p, "rise and fall of %s want a check",
					  s->text);
	return 0;
}

static int mode(struct parser *p, struct rule *r)
{
	for (size_t i = 0; i < ARRAY_LEN(mode_names); i++) {
		if (lexer_is(&p->lexer, mode_names[i])) {
			r->mode = i;
			lexer_next(&p->lexer);
			return 0;
		}
	}
	return parser_unexpected(p, "a mode (G, MS, RR, LC, RT, RD, HS, P2 or "
				    "CH)");
}

/* From the "-" to the ";". */
static int ends(struct parser *p, struct rule *r, bool semi)
{
	const struct token *t = &p->lexer.token;

	if (t->kind != TOKEN_DASH)
		return parser_unexpected(p, "a client ADDRESS:PORT, '(' or "
					    "'-'");
	lexer_next(&p->lexer);
	do {
		if (listener(p, r) < 0)
			return -1;
	} while (t->kind == TOKEN_WORD);
	if (r->mode != RULES_G) {
		if (t->kind != TOKEN_TO)
			return parser_unexpected(p, "'>' or an address to "
						    "listen on");
		lexer_next(&p->lexer);
		do {
			if (server(p, r) < 0)
				return -1;
		} while (t->kind == TOKEN_WORD);
	}
	if (t->kind != TOKEN_SEMI && (semi || t->kind != TOKEN_END))
		return parser_unexpected(
			p, r->mode == RULES_G
				   ? "an address to listen on or ';'"
				   : "a server HOST:PORT, '(' or ';'");
	r->end = t->at + t->len;
	if (t->kind == TOKEN_SEMI)
		lexer_next(&p->lexer);
	return 0;
}

static int rule_parts(struct parser *p, struct rule *r, bool semi)
{
	unsigned int seen = 0;

	r->line = p->lexer.token.line;
	r->start = p->lexer.token.at;
	properties_default(properties_of_rule, r);
	if (parser_word(p, r->id, sizeof(r->id), "the id of a rule") < 0 ||
	    mode(p, r) < 0 ||
	    properties_parse(p, properties_of_rule, r, &seen) < 0)
		return -1;
	if (r->is_public && r->mode != RULES_G)
		return parser_fail_behind(p, "public belongs to mode G only");
	do {
		if (client(p, r) < 0)
			return -1;
	} while (p->lexer.token.kind == TOKEN_WORD);
	return ends(p, r, semi);
}

/* Without SEMI, the end of the text is as good as a ";". */
static struct rule *rule(struct parser *p, bool semi)
{
	struct rule *r = calloc(1, sizeof(*r));

	if (!r) {
		parser_no_memory(p);
		return NULL;
	}
	if (rule_parts(p, r, semi) == 0)
		return r;
	rule_free(r);
	return NULL;
}

/* ---- files ---- */

static int add_rule(struct parser *p, struct rules *r)
{
	struct rule **at;

	for (size_t i = 0; i < r->count; i++)
		if (lexer_is(&p->lexer, r->list[i]->id))
			return parser_fail(p, EINVAL,
					   "rule %s is there already, "
					   "in line %zu",
					   r->list[i]->id, r->list[i]->line);
	at = add_element(p, &r->list, &r->count, sizeof(struct rule *),
			 RULES_MAX, "rules");
	if (!at)
		return -1;
	*at = rule(p, true);
	return *at ? 0 : -1;
}

int rules_parse(const char *text, size_t len, struct rules *r,
		struct rules_error *error)
{
	struct parser p = { .error = error };
	unsigned int seen = 0;
	int result = 0;

	*r = (struct rules){ 0 };
	lexer_init(&p.lexer, text, len);
	if (len > RULES_TEXT_MAX)
		result = parser_fail(&p, E2BIG,
				     "a file of %zu bytes, %u at most", len,
				     RULES_TEXT_MAX);
	while (result == 0 && p.lexer.token.kind != TOKEN_END)
		result = p.lexer.token.kind == TOKEN_OPEN
				 ? properties_parse(&p, properties_of_file, r,
						    &seen)
				 : add_rule(&p, r);
	if (result < 0)
		rules_free(r);
	return result;
}

struct rule *rules_parse_rule(const char *text, size_t len,
			      struct rules_error *error)
{
	struct parser p = { .error = error };
	struct rule *r;

	lexer_init(&p.lexer, text, len);
	r = rule(&p, false);
	if (r && p.lexer.token.kind != TOKEN_END) {
		parser_unexpected(&p, "the end of the rule");
		rule_free(r);
		errno = EINVAL;
		return NULL;
	}
	return r;
}

/* ---- printing ---- */

int rules_print(const struct rule *r, struct buf *out)
{
	if (buf_appendf(out, "%s %s", r->id, rules_mode_name(r->mode)) < 0 ||
	    properties_print(properties_of_rule, r, out) < 0)
		return -1;
	for (size_t i = 0; i < r->client_count; i++)
		if (buf_appendf(out, " %s", r->clients[i].text) < 0 ||
		    properties_print(properties_of_client, &r->clients[i],
				     out) < 0)
			return -1;
	if (buf_append(out, " -", 2) < 0)
		return -1;
	for (size_t i = 0; i < r->listen_count; i++)
		if (buf_appendf(out, " %s", r->listens[i].text) < 0)
			return -1;
	if (r->server_count && buf_append(out, " >", 2) < 0)
		return -1;
	for (size_t i = 0; i < r->server_count; i++)
		if (buf_appendf(out, " %s", r->servers[i].text) < 0 ||
		    properties_print(properties_of_server, &r->servers[i],
				     out) < 0)
			return -1;
	return buf_append(out, " ;", 2);
}

const char *rules_mode_name(enum rules_mode m)
{
	return mode_names[m];
}

/* ---- the end ---- */

void rule_free(struct rule *r)
{
	if (!r)
		return;
	free(r->clients);
	free(r->listens);
	free(r->servers);
	free(r);
}

void rules_free(struct rules *r)
{
	for (size_t i = 0; i < r->count; i++)
		rule_free(r->list[i]);
	free(r->list);
	*r = (struct rules){ 0 };
}
