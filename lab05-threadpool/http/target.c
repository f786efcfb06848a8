/* SPDX-License-Identifier: MIT */
/*
 * The method says which form may come, and the first character which of the
 * remaining ones it is. Nothing is guessed: "GET www.example.org" is refused,
 * for two programs that guess differently are a way around one of them.
 */
#include "target.h"

#include <string.h>
#include <strings.h>

/* What is left from offset AT on to the end of TEXT. */
static struct span rest(struct span text, size_t at)
{
	return (struct span){ at, text.at + text.len - at };
}

/* Path and query out of TEXT, which begins with "/" or "?" or is empty. */
static void split_path(struct target *t, const char *head, struct span text)
{
	const char *mark = memchr(head + text.at, '?', text.len);
	size_t at;

	t->path = text;
	t->query = (struct span){ text.at + text.len, 0 };
	if (!mark)
		return;
	at = mark - head;
	t->path.len = at - text.at;
	t->query = rest(text, at + 1);
}

static int split_absolute(struct target *t, const char *head, struct span text)
{
	const char *p = head + text.at;
	size_t at, end = text.at + text.len;

	if (text.len > 7 && !strncasecmp(p, "http://", 7))
		at = text.at + 7;
	else if (text.len > 8 && !strncasecmp(p, "https://", 8))
		at = text.at + 8;
	else
		return -1;
	t->authority.at = at;
	while (at < end && head[at] != '/' && head[at] != '?')
		at++;
	t->authority.len = at - t->authority.at;
	split_path(t, head, rest(text, at));
	if (!t->authority.len)
		return -1;
	return http_host_valid(span_slice(head, t->authority)) ? 0 : -1;
}

static int split_authority(struct target *t, const char *head, struct span text)
{
	struct slice s = span_slice(head, text);

	t->authority = text;
	t->path = t->query = (struct span){ text.at + text.len, 0 };
	/* Here the port has to be there: the tunnel has no scheme. */
	if (s.p[s.len - 1] < '0' || s.p[s.len - 1] > '9' ||
	    !memchr(s.p, ':', s.len))
		return -1;
	return http_host_valid(s) ? 0 : -1;
}

int target_split(struct target *t, enum http_method method, const char *head,
		 struct span text)
{
	*t = (struct target){ .authority = { text.at, 0 } };
	if (!text.len)
		return -1;
	if (method == HTTP_CONNECT)
		return split_authority(t, head, text);
	if (head[text.at] == '/') {
		split_path(t, head, text);
		return 0;
	}
	if (head[text.at] == '*' && text.len == 1 && method == HTTP_OPTIONS) {
		split_path(t, head, text);
		return 0;
	}
	return split_absolute(t, head, text);
}
