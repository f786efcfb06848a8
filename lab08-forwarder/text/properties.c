/* SPDX-License-Identifier: MIT */
/*
 * What a property is called, what it may be, and where it is kept, is a table:
 * what reads properties and what prints them go by the same one, so neither can
 * know a property that the other does not.
 */
#include "text/properties.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "util.h"

#define OF_RULE(field)	 offsetof(struct rule, field)
#define OF_CLIENT(field) offsetof(struct rules_client, field)
#define OF_SERVER(field) offsetof(struct rules_server, field)
#define SECONDS		 PROPERTY_NUMBER, 0, RULES_SECONDS_MAX

const struct property properties_of_rule[] = {
	{ "timeout", OF_RULE(timeout), SECONDS, 0 },
	{ "connect_timeout", OF_RULE(connect_timeout), SECONDS, 5 },
	{ "half_close_timeout", OF_RULE(half_close_timeout), SECONDS, 60 },
	{ "ban", OF_RULE(ban), SECONDS, 10 },
	{ "retries", OF_RULE(retries), PROPERTY_NUMBER, 0, RULES_RETRIES_MAX,
	  RULES_RETRIES_UNSET },
	{ "sticky", OF_RULE(sticky), SECONDS, 0 },
	{ "proxy_protocol", OF_RULE(proxy_protocol), PROPERTY_VERSION, 1, 2,
	  0 },
	{ "public", OF_RULE(is_public), PROPERTY_FLAG, 0, 1, 0 },
	{ 0 },
};

const struct property properties_of_file[] = {
	{ "maxsessions_per_ip", offsetof(struct rules, maxsessions_per_ip),
	  PROPERTY_NUMBER, 0, RULES_COUNT_MAX, 0 },
	{ 0 },
};

const struct property properties_of_client[] = {
	{ "maxclients", OF_CLIENT(maxclients), PROPERTY_NUMBER, 0,
	  RULES_COUNT_MAX, 0 },
	{ 0 },
};

const struct property properties_of_server[] = {
	{ "weight", OF_SERVER(weight), PROPERTY_NUMBER, 0, RULES_WEIGHT_MAX,
	  1 },
	{ "maxconn", OF_SERVER(maxconn), PROPERTY_NUMBER, 0, RULES_COUNT_MAX,
	  0 },
	{ "backup", OF_SERVER(backup), PROPERTY_FLAG, 1, 1, 0 },
	{ "check", OF_SERVER(check), SECONDS, 0 },
	{ "rise", OF_SERVER(rise), PROPERTY_NUMBER, 1, RULES_CHECKS_MAX, 2 },
	{ "fall", OF_SERVER(fall), PROPERTY_NUMBER, 1, RULES_CHECKS_MAX, 3 },
	{ 0 },
};

static void fail_at(struct parser *p, size_t line, int error, const char *fmt,
		    va_list args)
{
	p->error->line = line;
	vsnprintf(p->error->text, sizeof(p->error->text), fmt, args);
	errno = error;
}

int parser_fail(struct parser *p, int error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_at(p, error == ENOMEM ? 0 : p->lexer.token.line, error, fmt, args);
	va_end(args);
	return -1;
}

int parser_fail_behind(struct parser *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_at(p, p->lexer.token.before, EINVAL, fmt, args);
	va_end(args);
	return -1;
}

/* "'TOKEN' is not WANTED", at the present token. */
int parser_unexpected(struct parser *p, const char *wanted)
{
	const struct token *t = &p->lexer.token;

	if (t->kind == TOKEN_END)
		return parser_fail(p, EINVAL, "the text ends here, expected %s",
				   wanted);
	return parser_fail(p, EINVAL, "'%.*s' is not expected here, but %s",
			   (int)MIN(t->len, (size_t)64), t->text, wanted);
}

int parser_no_memory(struct parser *p)
{
	return parser_fail(p, ENOMEM, "out of memory");
}

/* The word at hand, at most SIZE - 1 bytes, and on to the next token. */
int parser_word(struct parser *p, char *to, size_t size, const char *wanted)
{
	const struct token *t = &p->lexer.token;

	if (t->kind != TOKEN_WORD)
		return parser_unexpected(p, wanted);
	if (t->len >= size)
		return parser_fail(p, E2BIG, "a word of %zu bytes, %zu at most",
				   t->len, size - 1);
	if (memchr(t->text, '\0', t->len))
		return parser_fail(p, EINVAL, "a word with a NUL byte");
	memcpy(to, t->text, t->len);
	to[t->len] = '\0';
	lexer_next(&p->lexer);
	return 0;
}

static void store(const struct property *property, void *to, unsigned int n)
{
	void *at = (char *)to + property->offset;

	if (property->value == PROPERTY_FLAG)
		*(bool *)at = n;
	else
		*(unsigned int *)at = n;
}

static int load(const struct property *property, const void *from)
{
	const void *at = (const char *)from + property->offset;

	return property->value == PROPERTY_FLAG ? *(const bool *)at
						: *(const int *)at;
}

static int value(struct parser *p, const struct property *property, void *to)
{
	struct parser before = *p;
	char text[16], wanted[80];
	const char *digits = text;
	size_t n = 1;

	if (property->value == PROPERTY_FLAG &&
	    property->min == property->max) {
		store(property, to, 1);
		return 0;
	}
	snprintf(wanted, sizeof(wanted), "%s and a number from %s%u to %u",
		 property->name, property->value == PROPERTY_VERSION ? "v" : "",
		 property->min, property->max);
	if (p->lexer.token.len >= sizeof(text))
		return parser_unexpected(p, wanted);
	if (parser_word(p, text, sizeof(text), wanted) < 0)
		return -1;
	if (property->value == PROPERTY_VERSION && *digits++ != 'v')
		digits = "";
	if (number_parse(digits, property->min, property->max, &n) < 0) {
		*p = before;
		return parser_unexpected(p, wanted);
	}
	store(property, to, (unsigned int)n);
	return 0;
}

/* All pairs of parentheses that stand here; SEEN has a bit for each name. */
int properties_parse(struct parser *p, const struct property *known, void *to,
		     unsigned int *seen)
{
	const struct property *k;

	while (p->lexer.token.kind == TOKEN_OPEN) {
		lexer_next(&p->lexer);
		do {
			for (k = known; k->name; k++)
				if (lexer_is(&p->lexer, k->name))
					break;
			if (!k->name)
				return parser_unexpected(
					p,
					"the name of a property that belongs here");
			if (*seen & 1u << (k - known))
				return parser_fail(p, EINVAL,
						   "%s is said twice", k->name);
			*seen |= 1u << (k - known);
			lexer_next(&p->lexer);
			if (value(p, k, to) < 0)
				return -1;
		} while (p->lexer.token.kind == TOKEN_WORD);
		if (p->lexer.token.kind != TOKEN_CLOSE)
			return parser_unexpected(p, "')' or a property");
		lexer_next(&p->lexer);
	}
	return 0;
}

void properties_default(const struct property *known, void *to)
{
	for (; known->name; known++)
		store(known, to, (unsigned int)known->normal);
}

int properties_print(const struct property *known, const void *of,
		     struct buf *out)
{
	const char *before = " (";
	int result = 0;

	for (const struct property *k = known; k->name && result == 0; k++) {
		int n = load(k, of);

		if (n == k->normal)
			continue;
		if (k->value == PROPERTY_FLAG && k->min == k->max)
			result = buf_appendf(out, "%s %s", before, k->name);
		else
			result = buf_appendf(
				out, "%s %s %s%d", before, k->name,
				k->value == PROPERTY_VERSION ? "v" : "", n);
		before = "";
	}
	if (*before || result < 0)
		return result;
	return buf_append(out, " )", 2);
}
