/* SPDX-License-Identifier: MIT */
/* The oracle's second part: what the fields of a head mean, by framing.h. */
#include <string.h>
#include <strings.h>

#include "http_walk.h"

static bool same(struct text t, const char *word)
{
	return t.len == strlen(word) && !strncasecmp(t.p, word, t.len);
}

static bool is(struct text t, const char *word)
{
	return t.len == strlen(word) && !memcmp(t.p, word, t.len);
}

/* The first field of that NAME, or NULL; *COUNT is how many there are. */
static const struct text *named(const struct head *h, const char *name,
				size_t *count)
{
	const struct text *first = NULL;

	*count = 0;
	for (size_t i = 0; i < h->nfields; i++) {
		if (!same(h->fields[i].name, name))
			continue;
		if (!first)
			first = &h->fields[i].value;
		*count += 1;
	}
	return first;
}

/* Cuts the next element off *LIST; false behind the last one. */
static bool element(struct text *list, struct text *e)
{
	const char *comma;

	if (!list->p)
		return false;
	comma = memchr(list->p, ',', list->len);
	*e = (struct text){ list->p,
			    comma ? (size_t)(comma - list->p) : list->len };
	*list = (struct text){ comma ? comma + 1 : NULL,
			       comma ? list->len - e->len - 1 : 0 };
	for (; e->len && walk_is_blank(*e->p); e->len--)
		e->p++;
	while (e->len && walk_is_blank(e->p[e->len - 1]))
		e->len--;
	return true;
}

static int target_means(struct head *h)
{
	static const struct {
		const char *text, *method; /* NULL: all but CONNECT */
		const char *path, *query, *authority;
	} known[] = {
		{ "*", "OPTIONS", "*", "", "" },
		{ "http://b:1/c?d", NULL, "/c", "d", "b:1" },
		{ "HTTP://h", NULL, "", "", "h" },
		{ "b:443", "CONNECT", "", "", "b:443" },
		{ "http:///", "", "", "", "" }, /* nobody's */
		{ "a", "", "", "", "" },
	};
	const char *mark = memchr(h->target.p, '?', h->target.len);
	bool tunnel = is(h->method, "CONNECT");

	if (*h->target.p == '/' && !tunnel) {
		h->path = h->target;
		if (!mark)
			return 0;
		h->path.len = (size_t)(mark - h->target.p);
		h->query = (struct text){ mark + 1,
					  h->target.len - h->path.len - 1 };
		return 0;
	}
	if (*h->target.p == '/')
		return 400;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *m = known[i].method;

		if (!is(h->target, known[i].text))
			continue;
		if (m ? !is(h->method, m) : tunnel)
			return 400;
		h->path = text_of(known[i].path);
		h->query = text_of(known[i].query);
		h->authority = text_of(known[i].authority);
		return 0;
	}
	return UNKNOWN;
}

static int host_means(const struct head *h)
{
	static const char *const right[] = { "", "a", "a.example:8080",
					     "[::1]:80" };
	static const char *const wrong[] = { "a b", "a, b", "a/b",
					     "u@a", "a:b",  "[::1" };
	size_t count;
	const struct text *host = named(h, "Host", &count);

	if (!host)
		return h->minor ? 400 : 0;
	if (count > 1)
		return 400;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (same(*host, right[i]))
			return 0;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (same(*host, wrong[i]))
			return 400;
	return UNKNOWN;
}

static int coding_means(struct head *h, struct text list)
{
	size_t elements = 0, chunked = 0, empty = 0;
	struct text e;
	bool last = false;

	while (element(&list, &e)) {
		elements++;
		empty += !e.len;
		last = same(e, "chunked");
		chunked += last;
	}
	if (empty || chunked != 1 || !last)
		return 400;
	h->chunked = true;
	return elements > 1 ? 501 : 0;
}

static int length_means(struct head *h, struct text digits, uint64_t max)
{
	bool too_much = false;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return 400;
		if (!too_much && walk_shift(&h->length, 10,
					    (unsigned)(digits.p[i] - '0'), max))
			too_much = true;
	}
	return !digits.len ? 400 : too_much ? 413 : 0;
}

static int body_means(struct head *h, uint64_t max)
{
	size_t codings, lengths;
	const struct text *coding = named(h, "Transfer-Encoding", &codings);
	const struct text *length = named(h, "Content-Length", &lengths);

	if (coding && (lengths || codings > 1 || !h->minor))
		return 400;
	if (coding)
		return coding_means(h, *coding);
	if (length && lengths > 1)
		return 400;
	return length ? length_means(h, *length, max) : 0;
}

static void connection_means(struct head *h)
{
	bool close = false, stay = h->minor > 0;
	const struct text *expect;
	struct text list, e;
	size_t count;

	for (size_t i = 0; i < h->nfields; i++) {
		if (!same(h->fields[i].name, "Connection"))
			continue;
		list = h->fields[i].value;
		while (element(&list, &e)) {
			close |= same(e, "close");
			stay |= same(e, "keep-alive");
		}
	}
	h->keep_alive = stay && !close;
	expect = named(h, "Expect", &count);
	h->expects = expect && h->minor && (h->chunked || h->length) &&
		     same(*expect, "100-continue");
}

int head_means(struct head *h, uint64_t max)
{
	int err = target_means(h);

	if (!err)
		err = host_means(h);
	if (!err)
		err = body_means(h, max);
	if (!err)
		connection_means(h);
	return err;
}
