/* SPDX-License-Identifier: MIT */
/*
 *	head ──► meaning ──► body ──► the next head
 *
 * Each function returns 0 to go on, MORE if the bytes have ended, UNKNOWN, or
 * the status to refuse with.
 */
#include "http_oracle.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http_walk.h"

/* As request.h has them. The judge shares no header with the student. */
#define METHOD_MAX 32
#define TARGET_MAX 8192
#define HEAD_MAX   16384

static bool is_target(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '#';
}

/* ---- lines and words: request.h ---- */

static int full_word(struct walk *w, bool (*fits)(unsigned char), size_t max,
		     int status, struct text *t)
{
	int err = walk_word(w, fits, max, status, t);

	return err ? err : t->len ? 0 : 400;
}

static int request_line(struct walk *w, struct head *h)
{
	static const char form[] = "HTTP/d.d";
	const char *version;
	int err = full_word(w, walk_is_token, METHOD_MAX, 501, &h->method);

	if (!err)
		err = walk_take(w, ' ');
	if (!err)
		err = full_word(w, is_target, TARGET_MAX, 414, &h->target);
	if (!err)
		err = walk_take(w, ' ');
	version = w->p;
	for (size_t i = 0; !err && i < sizeof(form) - 1; i++)
		err = form[i] == 'd' ? walk_digit(w) : walk_take(w, form[i]);
	if (!err)
		err = walk_take(w, '\r');
	if (!err && version[5] != '1')
		err = 505;
	if (err)
		return err;
	h->minor = version[7] - '0';
	return walk_take(w, '\n');
}

static int field_line(struct walk *w, struct field *f)
{
	struct text blank;
	int err = full_word(w, walk_is_token, SIZE_MAX, 0, &f->name);

	if (!err)
		err = walk_take(w, ':');
	if (!err)
		err = walk_word(w, walk_is_blank, SIZE_MAX, 0, &blank);
	if (!err)
		err = walk_word(w, walk_is_value, SIZE_MAX, 0, &f->value);
	if (!err)
		err = walk_take(w, '\r');
	if (err)
		return err;
	while (f->value.len && walk_is_blank(f->value.p[f->value.len - 1]))
		f->value.len--;
	return walk_take(w, '\n');
}

static int read_head(struct walk *w, struct head *h)
{
	int err = 0;

	if (w->p < w->end && *w->p == '\r')
		err = walk_line_end(w);
	if (!err)
		err = request_line(w, h);
	for (h->nfields = 0; !err; h->nfields++) {
		if (w->p == w->end)
			return walk_ran_out(w);
		if (*w->p == '\r')
			return walk_line_end(w);
		if (h->nfields == FIELDS_MAX)
			return 431;
		err = field_line(w, &h->fields[h->nfields]);
	}
	return err;
}

/* ---- the answer, as the driver words it ---- */

struct answer {
	char *p;
};

static void say(struct answer *a, const char *word)
{
	a->p += sprintf(a->p, "%s", word);
}

static void say_bytes(struct answer *a, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] >= ' ' && p[i] < 0x7f && p[i] != '\\')
			*a->p++ = p[i];
		else
			a->p += sprintf(a->p, "\\x%02x", (unsigned char)p[i]);
	*a->p = '\0';
}

static void say_text(struct answer *a, const char *name, struct text t)
{
	say(a, name);
	say_bytes(a, t.p, t.len);
}

static void say_part(struct answer *a, const char *name, struct text t)
{
	if (!t.len)
		return;
	say_text(a, name, t);
	say(a, "\n");
}

static bool known_method(struct text t)
{
	static const char *const methods[] = { "GET",	  "HEAD",   "POST",
					       "PUT",	  "DELETE", "PATCH",
					       "CONNECT", "TRACE",  "OPTIONS" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (t.len == strlen(methods[i]) &&
		    !memcmp(t.p, methods[i], t.len))
			return true;
	return false;
}

static void say_head(struct answer *a, const struct head *h, bool lines_only)
{
	say_text(a, "request ", h->method);
	say(a, known_method(h->method) ? "" : "(other)");
	say_text(a, " ", h->target);
	a->p += sprintf(a->p, " 1.%d", h->minor);
	if (!lines_only)
		say(a, h->keep_alive ? " keep-alive" : " close");
	say(a, "\n");
	if (!lines_only) {
		say_part(a, "path ", h->path);
		say_part(a, "query ", h->query);
		say_part(a, "authority ", h->authority);
	}
	for (size_t i = 0; i < h->nfields; i++) {
		say_text(a, "field ", h->fields[i].name);
		say_text(a, ": ", h->fields[i].value);
		say(a, "\n");
	}
	if (lines_only || (!h->chunked && !h->length))
		return;
	if (h->chunked)
		say(a, "chunked");
	else
		a->p += sprintf(a->p, "length %ju", (uintmax_t)h->length);
	say(a, h->expects ? " continue\n" : "\n");
}

/* ---- one request after the other ---- */

static int read_body(struct walk *w, const struct head *h, uint64_t max,
		     struct answer *a)
{
	static char content[ORACLE_WANT_MAX];
	char *end = content;
	size_t there = (size_t)(w->end - w->p);
	int err = 0;

	if (h->chunked) {
		err = walk_chunks(w, max, &end);
	} else if (h->length) {
		there = there < h->length ? there : (size_t)h->length;
		memcpy(content, w->p, there);
		end += there;
		w->p += there;
		err = there < h->length ? MORE : 0;
	}
	if (end > content) {
		say(a, "body ");
		say_bytes(a, content, (size_t)(end - content));
		say(a, "\n");
	}
	return err;
}

static int read_request(struct walk *w, uint64_t max, bool lines_only,
			struct answer *a)
{
	static struct head h;
	const char *end = w->end;
	int err;

	memset(&h, 0, offsetof(struct head, fields));
	if ((size_t)(end - w->p) >= HEAD_MAX) {
		w->end = w->p + HEAD_MAX;
		w->full = 431;
	}
	err = read_head(w, &h);
	if (!err)
		err = head_means(&h, max);
	else
		lines_only = false;
	if (err && lines_only)
		err = UNKNOWN;
	w->end = end;
	w->full = 0;
	if (err)
		return err;
	say_head(a, &h, lines_only);
	if (!lines_only)
		err = read_body(w, &h, max, a);
	if (!err)
		say(a, "end\n");
	return err;
}

bool http_oracle(const char *bytes, size_t len, uint64_t body_max,
		 bool lines_only, char *want)
{
	struct walk w = { .p = bytes, .end = bytes + len };
	struct answer a = { want };
	int err = 0;

	*want = '\0';
	while (!err && w.p < w.end)
		err = read_request(&w, body_max, lines_only, &a);
	if (err == MORE)
		say(&a, "more\n");
	else if (err > UNKNOWN)
		a.p += sprintf(a.p, "refused %d\n", err);
	if (a.p > want)
		a.p[-1] = '\0';
	return err != UNKNOWN;
}
