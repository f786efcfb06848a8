/* SPDX-License-Identifier: MIT */
/*
 * Each rule is written twice while it is made up: into the file, with blanks,
 * line ends and comments wherever they may be, and as the one line that the
 * printer makes of it.
 */
#include "rulesmodel.h"

#include <stdio.h>
#include <string.h>

static struct rulesmodel *m;
static size_t lines; /* line ends in the file so far */
static bool sticks;  /* the last token is one that others may touch */

static size_t between(size_t lo, size_t hi)
{
	return judge_random_between(lo, hi);
}

static void out(const char *text)
{
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	text_add(&m->file, text, strlen(text));
}

/* What may stand between two tokens; MUST: at least something. */
static void blank(bool must)
{
	static const char *const blanks[] = {
		" ",
		"  ",
		"\t",
		"\n",
		"\r\n",
		" \t \n ",
		"\n\n",
		" # a comment ( > ; - )\n",
		"\t#\n",
		"\n#web RR\n",
		" # \xd7\xa2\xca\xcd\r\n",
	};
	size_t n = between(0, 9) < 7 ? 1 : between(0, 3);

	if (must && n == 0)
		n = 1;
	while (n--)
		out(between(0, 3)
			    ? " "
			    : blanks[between(
				      0, sizeof(blanks) / sizeof(*blanks) - 1)]);
}

/* A token into the file, a word with a blank before it into the print. */
static void token(const char *word)
{
	bool alone = strcmp(word, "(") == 0 || strcmp(word, ")") == 0 ||
		     strcmp(word, ">") == 0 || strcmp(word, ";") == 0;

	if (m->file.len)
		blank(!alone && !sticks);
	out(word);
	sticks = alone;
}

static void print(const char *word)
{
	text_addf(&m->one, "%s%s", m->one.len ? " " : "", word);
}

static void both(const char *word)
{
	token(word);
	print(word);
}

/* A property as the tables below have it. */
struct value {
	const char *name;
	size_t max;
	int normal;
	bool version, flag, set;
	size_t min;
	int n;
};

static int pick_value(const struct value *v)
{
	switch (between(0, 4)) {
	case 0:
		return (int)v->min;
	case 1:
		return (int)v->max;
	case 2:
		return v->normal >= (int)v->min ? v->normal : (int)v->min;
	default:
		return (int)between(v->min, v->max < 1000 ? v->max : 1000);
	}
}

static void write_value(const struct value *v)
{
	char text[32];

	token(v->name);
	snprintf(text, sizeof(text), "%s%d", v->version ? "v" : "", v->n);
	if (!v->flag)
		token(text);
}

/* Chooses some of the COUNT properties at V, and writes and prints them. */
static void properties(struct value *v, size_t count)
{
	bool open = false, printed = false;
	size_t from = between(0, count - 1);
	char text[64];

	for (size_t i = 0; i < count; i++)
		v[i].n = v[i].normal;
	/* In the file in any order, in one pair of parentheses or in more. */
	for (size_t k = 0; k < count; k++) {
		struct value *one = &v[(from + k) % count];

		if (between(0, 2))
			continue;
		one->n = pick_value(one);
		one->set = true;
		if (!open)
			token("(");
		open = true;
		write_value(one);
		if (between(0, 3) == 0) {
			token(")");
			open = false;
		}
	}
	if (open)
		token(")");
	for (size_t i = 0; i < count; i++) {
		if (v[i].n == v[i].normal)
			continue;
		if (!printed)
			print("(");
		printed = true;
		snprintf(text, sizeof(text), "%s %s%d", v[i].name,
			 v[i].version ? "v" : "", v[i].n);
		print(v[i].flag ? v[i].name : text);
	}
	if (printed)
		print(")");
}

static void client(struct text *found)
{
	static const char *const all[] = {
		"*:*",		"10.1.2.3:*",	    "192.168.*:5???",
		"10.0.0.0/8:*", "*.*.*.*:*",	    "127.0.0.?:40000",
		"0.0.0.0/0:*",	"[2001:db8::1]:*",  "[2001:db8::/32]:*",
		"[*]:*",	"172.16.0.0/12:1*",
	};
	const char *text = all[between(0, sizeof(all) / sizeof(*all) - 1)];
	struct value v[] = { { "maxclients", 1000000, 0, .min = 0 } };

	both(text);
	properties(v, 1);
	text_addf(found, "client %s maxclients=%d\n", text, v[0].n);
}

static void listener(struct text *found, bool management)
{
	char text[64];

	switch (between(0, management ? 4 : 3)) {
	case 0:
		snprintf(text, sizeof(text), "[::1]:%zu", between(0, 65535));
		break;
	case 1:
		snprintf(text, sizeof(text), "*:%zu", between(0, 65535));
		break;
	case 2:
		snprintf(text, sizeof(text), "a-b.test:%zu", between(0, 65535));
		break;
	case 3:
		snprintf(text, sizeof(text), "127.0.0.1:%zu",
			 between(0, 1) ? (size_t)65535 : 0);
		break;
	default:
		snprintf(text, sizeof(text), "unix:/run/a-%zu#b",
			 between(0, 9));
	}
	both(text);
	text_addf(found, "listen %s\n", text);
}

static void server(struct text *found, size_t number)
{
	struct value v[] = {
		{ "weight", 1000, 1, .min = 0 },
		{ "maxconn", 1000000, 0, .min = 0 },
		{ "backup", 1, 0, .flag = true, .min = 1 },
		{ "check", 31536000, 0, .min = 1 },
	};
	struct value counts[] = {
		{ "rise", 100, 2, .min = 1 },
		{ "fall", 100, 3, .min = 1 },
	};
	char text[64];

	if (between(0, 3))
		snprintf(text, sizeof(text), "10.0.%zu.1:%zu", number,
			 between(1, 65535));
	else if (between(0, 1))
		snprintf(text, sizeof(text), "[fd00::%zx]:8080", number);
	else
		snprintf(text, sizeof(text), "host-%zu.test:80", number);
	both(text);
	properties(v, 4);
	counts[0].n = 2;
	counts[1].n = 3;
	text_addf(found,
		  "server %s weight=%d maxconn=%d backup=%d check=%d rise=%d "
		  "fall=%d\n",
		  text, v[0].n, v[1].n, v[2].n, v[3].n, counts[0].n,
		  counts[1].n);
}

static const char *id(size_t number)
{
	static const char *const stems[] = { "web", "a-b", "x.y", "\xb8\xba",
					     "-z",  "5",   "#not" };
	static char text[64];
	size_t which = between(0, 5); /* the last one would be a comment */

	snprintf(text, sizeof(text), "%s%zu", stems[which], number);
	return text;
}

/* As the driver shows it. */
static void shown(struct text *to, const char *bytes)
{
	for (; *bytes; bytes++) {
		unsigned char c = (unsigned char)*bytes;

		text_addf(to, c > '~' ? "\\x%02x" : "%c", c);
	}
}

static void answer(struct text *to, const struct text *shown_id,
		   const char *mode, const struct value *v, size_t line,
		   size_t start, size_t end, const struct text *found)
{
	text_addf(to,
		  "rule %s %s timeout=%d connect_timeout=%d "
		  "half_close_timeout=%d ban=%d retries=%d sticky=%d proxy=%d "
		  "public=%d line=%zu start=%zu end=%zu\n",
		  shown_id->data, mode, v[0].n, v[1].n, v[2].n, v[3].n, v[4].n,
		  v[5].n, v[6].n, v[7].n, line, start, end);
	text_add(to, found->data, found->len);
	text_addf(to, "print ");
	shown(to, m->one.data);
}

static void rule(size_t number)
{
	static const char *const modes[] = { "G",  "MS", "RR", "LC", "RT",
					     "RD", "HS", "P2", "CH" };
	struct value v[] = {
		{ "timeout", 31536000, 0, .min = 0 },
		{ "connect_timeout", 31536000, 5, .min = 0 },
		{ "half_close_timeout", 31536000, 60, .min = 0 },
		{ "ban", 31536000, 10, .min = 0 },
		{ "retries", 255, -1, .min = 0 },
		{ "sticky", 31536000, 0, .min = 0 },
		{ "proxy_protocol", 2, 0, .version = true, .min = 1 },
		{ "public", 1, 0, .min = 1 },
	};
	static struct text found, name;
	size_t which = between(0, 8), start, line, n;

	text_clear(&m->one);
	text_clear(&m->lone);
	text_clear(&found);
	text_clear(&name);
	blank(false);
	if (m->file.len && !sticks)
		out(" ");
	sticks = true;
	start = m->file.len;
	line = lines + 1;
	out(id(number));
	print(m->file.data + start);
	shown(&name, m->file.data + start);
	sticks = false;
	both(modes[which]);
	properties(v, which == 0 ? 8 : 7);
	v[7].n = which == 0 ? v[7].n : 0;
	for (n = between(1, 3); n; n--)
		client(&found);
	blank(!sticks);
	out("-");
	print("-");
	sticks = false;
	for (n = between(1, 3); n; n--)
		listener(&found, which == 0);
	if (which > 0) {
		both(">");
		for (n = between(1, 4); n; n--)
			server(&found, n);
	}
	both(";");
	if (number)
		text_addf(&m->answer, "\n");
	answer(&m->answer, &name, modes[which], v, line, start, m->file.len,
	       &found);
	answer(&m->lone, &name, modes[which], v, 1, 0, m->one.len, &found);
}

void rulesmodel_make(struct rulesmodel *model, size_t rules)
{
	m = model;
	text_clear(&m->file);
	text_clear(&m->answer);
	lines = 0;
	sticks = true;
	text_addf(&m->answer, "rules %zu per_ip=7\n", rules);
	for (size_t i = 0; i < rules; i++)
		rule(i);
	token("(");
	token("maxsessions_per_ip");
	token("7");
	token(")");
	blank(false);
}
