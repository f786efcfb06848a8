/* SPDX-License-Identifier: MIT */
/*
 * Each rule looks at one token and its neighbours. What does not compile then
 * is no mutant and is dropped by who builds it, and so is what compiles to the
 * same code: the rules may be generous.
 */
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "util.h"

struct making {
	const struct tokens *t;
	struct edits *edits;
};

static void add(struct making *m, const char *rule, size_t first, size_t last,
		char *with)
{
	const struct token *from = &m->t->all[first], *to = &m->t->all[last];
	struct edits *e = m->edits;

	e->all = mem_resize(e->all, e->count + 1, sizeof(*e->all));
	e->all[e->count++] = (struct edit){
		.rule = rule,
		.at = from->at,
		.len = to->at + to->len - from->at,
		.with = with,
		.line = from->line,
	};
}

static char *word(const struct making *m, size_t i)
{
	return mem_strndup(m->t->text + m->t->all[i].at, m->t->all[i].len);
}

/* ------------------------------------------------------------ one for other */

static const struct {
	const char *rule, *from, *to;
} exchanges[] = {
	{ "relation", "<", "<=" },
	{ "relation", "<=", "<" },
	{ "relation", ">", ">=" },
	{ "relation", ">=", ">" },
	{ "relation", "==", "!=" },
	{ "relation", "!=", "==" },
	{ "logic", "&&", "||" },
	{ "logic", "||", "&&" },
	{ "step", "+", "-" },
	{ "step", "-", "+" },
	{ "step", "+=", "-=" },
	{ "step", "-=", "+=" },
	{ "step", "++", "--" },
	{ "step", "--", "++" },
	{ "result", "true", "false" },
	{ "result", "false", "true" },
	{ "errno", "EAGAIN", "EINTR" },
	{ "errno", "EINTR", "EAGAIN" },
	{ "errno", "EWOULDBLOCK", "EINTR" },
	{ "errno", "EINVAL", "ENOENT" },
	{ "errno", "ENOENT", "EINVAL" },
	{ "errno", "ENOMEM", "ENOBUFS" },
	{ "errno", "ENOBUFS", "ENOMEM" },
	{ "errno", "EMFILE", "ENFILE" },
	{ "errno", "ENFILE", "EMFILE" },
	{ "errno", "EBADF", "EINVAL" },
	{ "errno", "EEXIST", "ENOENT" },
	{ "errno", "EPIPE", "ECONNRESET" },
	{ "errno", "ECONNRESET", "EPIPE" },
	{ "errno", "ECONNABORTED", "ECONNRESET" },
	{ "errno", "ECONNREFUSED", "ETIMEDOUT" },
	{ "errno", "ETIMEDOUT", "ECONNREFUSED" },
	{ "errno", "EINPROGRESS", "EALREADY" },
	{ "errno", "EADDRINUSE", "EADDRNOTAVAIL" },
	{ "errno", "EADDRNOTAVAIL", "EADDRINUSE" },
	{ "errno", "EAFNOSUPPORT", "EINVAL" },
	{ "errno", "EMSGSIZE", "EINVAL" },
	{ "errno", "ENOSPC", "ENOMEM" },
	{ "errno", "EPERM", "EINVAL" },
	{ "errno", "ELOOP", "EINVAL" },
	{ "errno", "EBUSY", "EAGAIN" },
	{ "errno", "ECANCELED", "EINTR" },
	{ "errno", "ENOTSOCK", "EBADF" },
	{ "errno", "EPROTO", "EINVAL" },
};

/* A sign or an arrow's bar is no operation between two things. */
static bool is_binary(const struct making *m, size_t i)
{
	return i &&
	       (token_is_kind(m->t, i - 1, TOKEN_NAME) ||
		token_is_kind(m->t, i - 1, TOKEN_NUMBER) ||
		token_is(m->t, i - 1, ")") || token_is(m->t, i - 1, "]")) &&
	       !token_is(m->t, i - 1, "return") &&
	       !token_is(m->t, i - 1, "case");
}

static void exchange(struct making *m, size_t i)
{
	for (size_t k = 0; k < ARRAY_LEN(exchanges); k++) {
		const char *from = exchanges[k].from;

		if (!token_is(m->t, i, from))
			continue;
		if (strlen(from) == 1 && strchr("+-", *from) &&
		    !is_binary(m, i))
			continue;
		add(m, exchanges[k].rule, i, i, mem_strdup(exchanges[k].to));
	}
}

static void shift_constant(struct making *m, size_t i)
{
	char *number = word(m, i);
	char *end;
	long long n = strtoll(number, &end, 0);

	/* 1.5, 10UL: its kind stays as it is. */
	if (token_is_kind(m->t, i, TOKEN_NUMBER) && *end != '.') {
		add(m, "constant", i, i, mem_printf("%lld%s", n + 1, end));
		if (n > 0)
			add(m, "constant", i, i,
			    mem_printf("%lld%s", n - 1, end));
	}
	free(number);
}

/* ------------------------------------------------------------- conditions */

static void negate(struct making *m, size_t i)
{
	size_t close = i + 1 < m->t->count ? m->t->all[i + 1].match : 0;
	size_t at, len;

	if (!token_is(m->t, i, "if") || !token_is(m->t, i + 1, "(") || !close)
		return;
	at = m->t->all[i + 1].at;
	len = m->t->all[close].at + 1 - at;
	add(m, "condition", i + 1, close,
	    mem_printf("(!%.*s)", (int)len, m->t->text + at));
}

/* for (...; i < n; ...): i < n - 1 */
static void shorten(struct making *m, size_t i)
{
	size_t close = i + 1 < m->t->count ? m->t->all[i + 1].match : 0;
	size_t from = 0;

	if (!token_is(m->t, i, "for") || !token_is(m->t, i + 1, "("))
		return;
	for (size_t k = i + 2; k < close; k++) {
		if (token_is(m->t, k, "<") || token_is(m->t, k, "<="))
			from = k;
		if (token_is(m->t, k, ";") && from) {
			char *last = word(m, k - 1);

			add(m, "loop", k - 1, k - 1,
			    mem_printf("%s - 1", last));
			free(last);
			return;
		}
	}
}

static bool is_operand(const struct making *m, size_t i)
{
	return token_is_kind(m->t, i, TOKEN_NAME) ||
	       token_is_kind(m->t, i, TOKEN_NUMBER);
}

/* The first token of the operand that ends at I: a->b.c */
static size_t operand_begin(const struct making *m, size_t i)
{
	while (i > 1 &&
	       (token_is(m->t, i - 1, ".") || token_is(m->t, i - 1, "->")) &&
	       is_operand(m, i - 2))
		i -= 2;
	return i;
}

static size_t operand_end(const struct making *m, size_t i)
{
	while ((token_is(m->t, i + 1, ".") || token_is(m->t, i + 1, "->")) &&
	       is_operand(m, i + 2))
		i += 2;
	return i;
}

static void swap(struct making *m, size_t i)
{
	const char *text = m->t->text;
	const struct token *all = m->t->all;
	size_t first, last;

	if (!token_is(m->t, i, "-") && !token_is(m->t, i, "/") &&
	    !token_is(m->t, i, "%"))
		return;
	if (!i || !is_operand(m, i - 1) || !is_operand(m, i + 1) ||
	    !is_binary(m, i))
		return;
	first = operand_begin(m, i - 1);
	last = operand_end(m, i + 1);
	if (token_is(m->t, last + 1, "(") || token_is(m->t, last + 1, "["))
		return;
	add(m, "swap", first, last,
	    mem_printf("%.*s %.*s %.*s",
		       (int)(all[last].at + all[last].len - all[i + 1].at),
		       text + all[i + 1].at, (int)all[i].len, text + all[i].at,
		       (int)(all[i - 1].at + all[i - 1].len - all[first].at),
		       text + all[first].at));
}

/* -------------------------------------------------------------- statements */

/* Whether a statement begins at I: behind one, a block, a label or a (). */
static bool is_statement(const struct making *m, size_t i)
{
	static const char *const before[] = { ";",    "{",  "}", ":",
					      "else", "do", ")" };

	for (size_t k = 0; i && k < ARRAY_LEN(before); k++) {
		if (token_is(m->t, i - 1, before[k]))
			return m->t->all[i].function != 0;
	}
	return false;
}

static const char *call_rule(const char *name)
{
	static const char *const ends[] = { "close", "free",   "destroy",
					    "del",   "unlink", "shutdown",
					    "clear" };
	size_t len = strlen(name);

	if (strstr(name, "lock"))
		return "lock";
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && !strcmp(name + len - n, ends[i]))
			return "cleanup";
	}
	return "call";
}

/* The index of the semicolon that ends the statement at I, or 0. */
static size_t statement_end(const struct making *m, size_t i)
{
	for (; i < m->t->count; i++) {
		if (token_is(m->t, i, ";"))
			return i;
		if (token_is(m->t, i, "{") || token_is(m->t, i, "}"))
			return 0;
		if ((token_is(m->t, i, "(") || token_is(m->t, i, "[")) &&
		    m->t->all[i].match)
			i = m->t->all[i].match;
	}
	return 0;
}

/* Whether the statement I to END assigns to something that is there already. */
static bool is_store(const struct making *m, size_t i, size_t end)
{
	for (size_t k = i + 1; k < end; k++) {
		if (token_is(m->t, k, "="))
			return true;
		/* Two names side by side are a declaration. */
		if (token_is_kind(m->t, k, TOKEN_NAME) &&
		    (token_is_kind(m->t, k - 1, TOKEN_NAME) ||
		     token_is(m->t, k - 1, "*")))
			return false;
		if (token_is(m->t, k, "(") || token_is(m->t, k, "["))
			k = m->t->all[k].match > k ? m->t->all[k].match : k;
	}
	return false;
}

static void leave_out(struct making *m, size_t i)
{
	size_t end;
	char *name;

	if (!token_is_kind(m->t, i, TOKEN_NAME) || !is_statement(m, i))
		return;
	end = statement_end(m, i);
	name = word(m, i);
	if (!end) {
		;
	} else if (!strcmp(name, "break") || !strcmp(name, "continue")) {
		add(m, "jump", i, end, mem_strdup(";"));
	} else if (!strcmp(name, "return")) {
		if (token_is(m->t, i + 1, "0") && end == i + 2)
			add(m, "result", i, end, mem_strdup("return -1;"));
		else if (token_is(m->t, i + 1, "-") && end == i + 3)
			add(m, "result", i, end, mem_strdup("return 0;"));
	} else if (token_is(m->t, i + 1, "(") &&
		   m->t->all[i + 1].match == end - 1) {
		if (strcmp(name, "if") && strcmp(name, "while") &&
		    strcmp(name, "for") && strcmp(name, "switch"))
			add(m, call_rule(name), i, end, mem_strdup(";"));
	} else if (is_store(m, i, end)) {
		add(m, "store", i, end, mem_strdup(";"));
	}
	free(name);
}

void edits_make(struct edits *edits, const char *text)
{
	struct tokens t;
	struct making m = { .t = &t, .edits = edits };

	memset(edits, 0, sizeof(*edits));
	tokens_cut(&t, text);
	for (size_t i = 0; i < t.count; i++) {
		/* Of directives only the numbers that are defined. */
		if (t.all[i].directive) {
			if (i > 1 && !token_is(&t, i - 2, "#"))
				shift_constant(&m, i);
			continue;
		}
		exchange(&m, i);
		shift_constant(&m, i);
		negate(&m, i);
		shorten(&m, i);
		swap(&m, i);
		leave_out(&m, i);
	}
	edits_name(edits, &t);
	tokens_free(&t);
}
