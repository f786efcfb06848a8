/* SPDX-License-Identifier: MIT */
/*
 * The parser is driven by a table: each verb has a signature, a letter for
 * each word that must follow. What a word was expected to be is in the same
 * place as the code that reads it, so that the messages cannot go stale.
 */
#include "uepoll_script.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uepoll_mask.h"
#include "util.h"

/*
 * N a new name   o a name in use   T a thread   m a mask   n a number
 * ? a number that may be missing   w maxevents, may be followed by "during"
 * h rd, wr or rdwr   t text to the end of the line
 */
static const struct verb {
	const char *word, *signature, *usage;
} verbs[UV_VERBS] = {
	[UV_STREAM] = { "stream", "NN", "stream NAME NAME" },
	[UV_PIPE] = { "pipe", "NN", "pipe READER WRITER" },
	[UV_COUNTER] = { "counter", "N?", "counter NAME [VALUE]" },
	[UV_FILE] = { "file", "N", "file NAME" },
	[UV_EPOLL] = { "epoll", "N", "epoll NAME" },
	[UV_DUP] = { "dup", "oN", "dup NAME NEWNAME" },
	[UV_ADD] = { "add", "oom", "add EPOLL NAME MASK" },
	[UV_MOD] = { "mod", "oom", "mod EPOLL NAME MASK" },
	[UV_DEL] = { "del", "oo", "del EPOLL NAME" },
	[UV_CTL] = { "ctl", "oon", "ctl EPOLL NAME OP" },
	[UV_WRITE] = { "write", "on", "write NAME BYTES" },
	[UV_READ] = { "read", "on", "read NAME BYTES" },
	[UV_SHUT] = { "shut", "oh", "shut NAME rd|wr|rdwr" },
	[UV_CLOSE] = { "close", "o", "close NAME" },
	[UV_WAIT] = { "wait", "ow", "wait EPOLL MAX [during EVENT WHAT]" },
	[UV_ITEMS] = { "items", "o", "items EPOLL" },
	[UV_THREAD] = { "thread", "Tow", "thread THREAD EPOLL MAX" },
	[UV_NOTE] = { "note", "t", "note TEXT" },
};

static const char *const hows[] = { "rd", "wr", "rdwr" };

/* The rest of the line, and where a message goes. */
struct reader {
	struct uscript *script;
	const char *at;
	char word[64];
	char *error;
	size_t size;
};

static int expected(struct reader *r, const char *what)
{
	const char *got = r->word[0] ? r->word : "the end of the line";

	snprintf(r->error, r->size, "expected %s, got %s%s%s", what,
		 r->word[0] ? "'" : "", got, r->word[0] ? "'" : "");
	return -1;
}

/* Takes the next word; false at the end of the line or before "=>". */
static bool next_word(struct reader *r)
{
	size_t len = 0;

	while (isspace((unsigned char)*r->at))
		r->at++;
	r->word[0] = '\0';
	if (*r->at == '\0' || *r->at == '#' || !strncmp(r->at, "=>", 2))
		return false;
	while (r->at[len] && !isspace((unsigned char)r->at[len]))
		len++;
	snprintf(r->word, sizeof(r->word), "%.*s", (int)len, r->at);
	r->at += len;
	return true;
}

int uscript_name(struct uscript *s, const char *name)
{
	for (int i = 0; i < s->names; i++)
		if (!strcmp(s->name[i], name))
			return i;
	if (s->names == USCRIPT_NAMES)
		return -1;
	snprintf(s->name[s->names], sizeof(s->name[0]), "%s", name);
	return s->names++;
}

static int read_name(struct reader *r, char kind, int *name)
{
	size_t len;

	next_word(r);
	len = strlen(r->word);
	if (!len || len > USCRIPT_NAME_LEN || !isalpha((unsigned char)*r->word))
		return expected(r, "a name of a letter and 14 more at most");
	if (kind != 'o') {
		*name = uscript_name(r->script, r->word);
		return *name < 0 ? expected(r, "at most 64 names") : 0;
	}
	for (int i = 0; i < r->script->names; i++) {
		if (!strcmp(r->script->name[i], r->word)) {
			*name = i;
			return 0;
		}
	}
	return expected(r, "a name that was opened above");
}

static int read_number(struct reader *r, const char *what, uint64_t max,
		       uint64_t *n)
{
	char *end;

	next_word(r);
	if (!strcmp(r->word, "max")) {
		*n = UINT64_MAX - 1;
	} else {
		errno = 0;
		*n = strtoull(r->word, &end, 10);
		if (!isdigit((unsigned char)r->word[0]) || *end || errno)
			return expected(r, what);
	}
	return *n > max ? expected(r, what) : 0;
}

static int read_how(struct reader *r, uint64_t *n)
{
	next_word(r);
	for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
		if (!strcmp(r->word, hows[i])) {
			*n = i; /* SHUT_RD, SHUT_WR, SHUT_RDWR */
			return 0;
		}
	}
	return expected(r, "rd, wr or rdwr");
}

static int read_verb(struct reader *r, enum uverb *verb)
{
	for (int i = 0; i < UV_VERBS; i++) {
		if (!strcmp(r->word, verbs[i].word)) {
			*verb = (enum uverb)i;
			return 0;
		}
	}
	return expected(r, "an operation (stream, pipe, counter, file, epoll, "
			   "dup, add, mod, del, ctl, write, read, shut, "
			   "close, wait, items, thread, note)");
}

/* "during EVENT write|read|shut NAME N", or nothing. */
static int read_during(struct reader *r, struct uop *op)
{
	uint64_t at;

	if (!next_word(r))
		return 0;
	if (op->verb != UV_WAIT || strcmp(r->word, "during"))
		return expected(r, op->verb == UV_WAIT ? "\"during\" or the "
							 "end of the line"
						       : "the end of the line");
	if (read_number(r, "the event's number, 1 to 64", USCRIPT_EVENTS, &at))
		return -1;
	op->during = (int)at;
	next_word(r);
	if (at == 0)
		return expected(r, "the event's number, 1 to 64, before");
	if (read_verb(r, &op->inject_verb) ||
	    (op->inject_verb != UV_WRITE && op->inject_verb != UV_READ &&
	     op->inject_verb != UV_SHUT))
		return expected(r, "write, read or shut (what else would wait "
				   "for the copy to end)");
	if (read_name(r, 'o', &op->inject_name))
		return -1;
	if (op->inject_verb == UV_SHUT)
		return read_how(r, &op->inject_n);
	return read_number(r, "a number", UINT64_MAX, &op->inject_n);
}

static int read_argument(struct reader *r, char kind, struct uop *op,
			 int *names)
{
	switch (kind) {
	case 'N':
	case 'o':
		return read_name(r, kind, &op->name[(*names)++]);
	case 'T':
		return read_name(r, kind, &op->thread);
	case 'm':
		next_word(r);
		if (umask_parse(r->word, &op->mask))
			return expected(r, "a mask such as IN|OUT|ET");
		return 0;
	case '?':
		if (!next_word(r))
			return 0;
		r->at -= strlen(r->word);
		/* fall through */
	case 'n':
		return read_number(r, "a number", UINT64_MAX, &op->n);
	case 'w':
		if (read_number(r, "how many events at most, 0 to 64",
				USCRIPT_EVENTS, &op->n))
			return -1;
		return read_during(r, op);
	case 'h':
		return read_how(r, &op->n);
	default: /* 't' */
		while (isspace((unsigned char)*r->at))
			r->at++;
		op->text = strdup(r->at);
		r->at += strlen(r->at);
		return op->text ? 0 : expected(r, "more memory");
	}
}

int uscript_parse_line(struct uscript *s, const char *line, struct uop *op,
		       char *error, size_t size)
{
	struct reader r = {
		.script = s, .at = line, .error = error, .size = size
	};
	int names = 0;

	*op = (struct uop){ .name = { -1, -1 },
			    .thread = -1,
			    .inject_name = -1 };
	if (!next_word(&r)) {
		if (!*r.at || *r.at == '#')
			return 0;
		return expected(&r, "an operation before \"=>\"");
	}
	if (read_verb(&r, &op->verb))
		return -1;
	for (const char *k = verbs[op->verb].signature; *k; k++) {
		if (read_argument(&r, *k, op, &names)) {
			size_t len = strlen(error);

			snprintf(error + len, size - len, " (%s)",
				 verbs[op->verb].usage);
			return -1;
		}
	}
	if (next_word(&r))
		return expected(&r, "the end of the line");
	if (!strncmp(r.at, "=>", 2)) {
		for (r.at += 2; isspace((unsigned char)*r.at);)
			r.at++;
		op->expect = strdup(r.at);
	}
	return 1;
}

void uscript_append(struct uscript *s, const struct uop *op)
{
	struct uop *grown = realloc(s->op, (s->ops + 1) * sizeof(*grown));

	if (!grown) {
		perror("script: no memory");
		exit(1);
	}
	s->op = grown;
	s->op[s->ops++] = *op;
}

/* 0, or -1 and ERROR if the LEN bytes of LINE are no text in UTF-8. */
static int check_text(const char *line, size_t len, char *error, size_t size)
{
	for (size_t at = 0, n; at < len; at += n) {
		n = utext_char(line + at, len - at);
		if (n)
			continue;
		snprintf(error, size,
			 "expected text in UTF-8, got the byte 0x%02x",
			 (unsigned char)line[at]);
		return -1;
	}
	return 0;
}

int uscript_read(struct uscript *s, FILE *in, const char *file, FILE *errors)
{
	char *line = NULL, error[512];
	size_t size = 0;
	ssize_t len;
	int nr = 0, got = 0;

	memset(s, 0, sizeof(*s));
	while (got >= 0 && (len = getline(&line, &size, in)) >= 0) {
		struct uop op = { .text = NULL };

		while (len && isspace((unsigned char)line[len - 1]))
			line[--len] = '\0';
		nr++;
		got = check_text(line, (size_t)len, error, sizeof(error));
		if (got == 0)
			got = uscript_parse_line(s, line, &op, error,
						 sizeof(error));
		op.line = nr;
		if (got > 0)
			uscript_append(s, &op);
		else
			uop_free(&op);
	}
	if (got < 0)
		fprintf(errors, "%s:%d: %s\n", file, nr, error);
	free(line);
	return got < 0 ? -1 : 0;
}

void uop_free(struct uop *op)
{
	free(op->text);
	free(op->expect);
}

void uscript_free(struct uscript *s)
{
	for (size_t i = 0; i < s->ops; i++)
		uop_free(&s->op[i]);
	free(s->op);
	memset(s, 0, sizeof(*s));
}

const char *uscript_usage(enum uverb verb)
{
	return verbs[verb].usage;
}

static void print_number(struct utext *t, uint64_t n)
{
	if (n == UINT64_MAX - 1)
		utext_add(t, " max");
	else
		utext_add(t, " %llu", (unsigned long long)n);
}

static void print_during(const struct uscript *s, const struct uop *op,
			 struct utext *t)
{
	if (!op->during)
		return;
	utext_add(t, " during %d %s %s", op->during,
		  verbs[op->inject_verb].word, s->name[op->inject_name]);
	if (op->inject_verb == UV_SHUT)
		utext_add(t, " %s", hows[op->inject_n]);
	else
		print_number(t, op->inject_n);
}

void uop_print(const struct uscript *s, const struct uop *op, char *out,
	       size_t size)
{
	struct utext t = { out, size };
	int names = 0;

	utext_add(&t, "%s", verbs[op->verb].word);
	for (const char *k = verbs[op->verb].signature; *k; k++) {
		if (*k == 'N' || *k == 'o') {
			utext_add(&t, " %s", s->name[op->name[names++]]);
		} else if (*k == 'T') {
			utext_add(&t, " %s", s->name[op->thread]);
		} else if (*k == 'm') {
			utext_add(&t, " ");
			utext_mask(&t, op->mask);
		} else if (*k == 'h') {
			utext_add(&t, " %s", hows[op->n]);
		} else if (*k == 't') {
			utext_add(&t, " %s", op->text);
		} else {
			print_number(&t, op->n);
			print_during(s, op, &t);
		}
	}
}
