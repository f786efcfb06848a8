/* SPDX-License-Identifier: MIT */
/*
 * A URL is sent as it was written: nothing is decoded, and no "." or ".." taken
 * out of an absolute one. Only a relative reference is merged with the path it
 * stands in, because it means nothing without it.
 */
#include "url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addr.h"
#include "util.h"

static int refuse(const char **why, const char *reason)
{
	*why = reason;
	return -1;
}

static bool starts_with(struct slice s, const char *word)
{
	size_t len = strlen(word);

	return s.len >= len && !strncasecmp(s.p, word, len);
}

static void skip(struct slice *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

/* How many bytes of S come before the first of STOPS? */
static size_t span_to(struct slice s, const char *stops)
{
	size_t n = 0;

	while (n < s.len && !strchr(stops, s.p[n]))
		n++;
	return n;
}

static int parse_port(struct url *u, struct slice digits, const char **why)
{
	unsigned long port = 0;

	if (!digits.len)
		return 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return refuse(why, "the port is no number");
		port = port * 10 + digits.p[i] - '0';
		if (port > UINT16_MAX)
			break;
	}
	if (port < 1 || port > UINT16_MAX)
		return refuse(why, "the port is not from 1 to 65535");
	u->port = port;
	return 0;
}

static bool is_ipv6(struct slice s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr any;

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET6, text, &any) == 1;
}

static int parse_authority(struct url *u, struct slice a, const char **why)
{
	size_t n;

	if (memchr(a.p, '@', a.len))
		return refuse(why, "user information is not supported");
	if (a.len && a.p[0] == '[') {
		n = span_to(a, "]");
		u->bracketed = true;
		u->host = (struct slice){ a.p + 1, n - 1 };
		if (n == a.len || !is_ipv6(u->host))
			return refuse(why, "no IPv6 address in the brackets");
		n++;
	} else {
		n = span_to(a, ":");
		u->host = (struct slice){ a.p, n };
		if (!n)
			return refuse(why, "the host is missing");
		for (size_t i = 0; i < n; i++)
			if (!http_is(a.p[i], HTTP_HOST) || strchr("[]", a.p[i]))
				return refuse(why, "bad byte in the host");
	}
	if (u->host.len >= ADDR_HOST_MAX)
		return refuse(why, "the host is too long");
	skip(&a, n);
	if (a.len && a.p[0] != ':')
		return refuse(why, "bad byte behind the host");
	return a.len ? parse_port(u, (struct slice){ a.p + 1, a.len - 1 }, why)
		     : 0;
}

int url_parse(struct url *u, const char *text, size_t len, const char **why)
{
	struct slice s = { text, len };
	size_t n;

	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x21 || text[i] > 0x7e)
			return refuse(why, "a byte that no URL may hold");
	*u = (struct url){ .tls = starts_with(s, "https://") };
	if (!u->tls && !starts_with(s, "http://"))
		return refuse(why, "neither http:// nor https://");
	u->port = u->tls ? 443 : 80;
	skip(&s, u->tls ? 8 : 7);
	n = span_to(s, "/?#");
	if (parse_authority(u, (struct slice){ s.p, n }, why) < 0)
		return -1;
	skip(&s, n);
	u->path = (struct slice){ s.p, span_to(s, "#") };
	return 0;
}

/* ---------------------------------------------------------------- resolve */

/* Takes "." and ".." out of PATH, which begins with "/" (RFC 3986 5.2.4). */
static void remove_dots(char *path)
{
	char *query = path + strcspn(path, "?");
	char *in = path, *out = path, *end;
	size_t len;

	while (in < query) {
		end = in + 1;
		while (end < query && *end != '/')
			end++;
		len = end - in;
		if (len == 2 && in[1] == '.') {
			if (end == query)
				*out++ = '/';
		} else if (len == 3 && in[1] == '.' && in[2] == '.') {
			while (out > path && *--out != '/')
				;
			if (end == query)
				*out++ = '/';
		} else {
			memmove(out, in, len);
			out += len;
		}
		in = end;
	}
	memmove(out, query, strlen(query) + 1);
}

/* S with what no URL may hold as %XX, up to a fragment. */
static char *escape(struct slice s)
{
	size_t len = span_to(s, "#"), n = 0;
	char *out = malloc(len * 3 + 1);

	for (size_t i = 0; out && i < len; i++) {
		if (s.p[i] >= 0x21 && s.p[i] <= 0x7e)
			out[n++] = s.p[i];
		else
			n += sprintf(out + n, "%%%02X", (unsigned char)s.p[i]);
	}
	if (out)
		out[n] = '\0';
	return out;
}

/* Does a scheme stand at the beginning of S? (RFC 3986 3.1) */
static bool has_scheme(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n && s[n] == ':';
}

/* The part of BASE's path that stays in front of REFERENCE. */
static struct slice kept_path(const struct url *base, const char *reference)
{
	struct slice path = base->path;

	if (!*reference)
		return path;
	path.len = span_to(path, "?");
	if (*reference == '?')
		return path;
	if (*reference == '/')
		return (struct slice){ path.p, 0 };
	while (path.len && path.p[path.len - 1] != '/')
		path.len--;
	return path.len ? path : (struct slice){ "/", 1 };
}

char *url_resolve(const struct url *base, struct slice reference)
{
	char *r = escape(reference), *out = NULL, *path = NULL;
	const char *scheme = base->tls ? "https" : "http";
	struct slice kept;

	if (!r || !reference.len || has_scheme(r)) {
		if (!reference.len) {
			free(r);
			r = NULL;
		}
		return r;
	}
	if (!strncmp(r, "//", 2)) {
		if (asprintf(&out, "%s:%s", scheme, r) < 0)
			out = NULL;
		free(r);
		return out;
	}
	kept = kept_path(base, r);
	if (asprintf(&path, "%s%.*s%s", kept.len && kept.p[0] == '/' ? "" : "/",
		     (int)kept.len, kept.p,
		     *r == '/' && !kept.len ? r + 1 : r) < 0)
		path = NULL;
	free(r);
	if (!path)
		return NULL;
	remove_dots(path);
	if (asprintf(&out, "%s://%s%.*s%s:%u%s", scheme,
		     base->bracketed ? "[" : "", (int)base->host.len,
		     base->host.p, base->bracketed ? "]" : "", base->port,
		     path) < 0)
		out = NULL;
	free(path);
	return out;
}
