/* SPDX-License-Identifier: MIT */
/*
 * Tables first, and then the few functions that look into them. The character
 * table is what makes the parser fast: one load and one test a byte, instead
 * of a chain of comparisons. Field names are told apart by their length before
 * any byte is compared.
 */
#include "http.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "util.h"

#define V HTTP_VALUE
#define G (HTTP_VALUE | HTTP_TARGET) /* graphic: a separator */
#define T (G | HTTP_TOKEN)
#define H (G | HTTP_HOST)
#define A (T | HTTP_HOST) /* letters, digits and the rest of the friendly */

/* clang-format off */
const uint8_t http_class[256] = {
	['\t'] = V, [' '] = V,
	['!'] = A, ['"'] = G, ['#'] = V | HTTP_TOKEN, ['$'] = A, ['%'] = T,
	['&'] = A, ['\''] = A, ['('] = H, [')'] = H, ['*'] = A, ['+'] = A,
	[','] = H, ['-'] = A, ['.'] = A, ['/'] = G,
	['0' ... '9'] = A,
	[':'] = G, [';'] = H, ['<'] = G, ['='] = H, ['>'] = G, ['?'] = G,
	['@'] = G,
	['A' ... 'Z'] = A,
	['['] = G, ['\\'] = G, [']'] = G, ['^'] = T, ['_'] = A, ['`'] = T,
	['a' ... 'z'] = A,
	['{'] = G, ['|'] = T, ['}'] = G, ['~'] = A,
	[0x80 ... 0xff] = V,
};
/* clang-format on */

bool http_word_is(struct slice s, const char *word)
{
	return s.len == strlen(word) && !strncasecmp(s.p, word, s.len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool http_list_next(struct slice *list, struct slice *element)
{
	const char *end, *comma;

	if (!list->p)
		return false;
	end = list->p + list->len;
	comma = memchr(list->p, ',', list->len);
	*element = (struct slice){ list->p, (comma ?: end) - list->p };
	list->p = comma ? comma + 1 : NULL;
	list->len = comma ? (size_t)(end - comma - 1) : 0;
	while (element->len && is_blank(element->p[0])) {
		element->p++;
		element->len--;
	}
	while (element->len && is_blank(element->p[element->len - 1]))
		element->len--;
	return true;
}

/* The port with its colon, or nothing. */
static bool is_port(const char *p, const char *end)
{
	if (p == end)
		return true;
	if (*p != ':')
		return false;
	while (++p < end)
		if (*p < '0' || *p > '9')
			return false;
	return true;
}

/* The LEN bytes at P, an IPv6 address? */
static bool is_ipv6(const char *p, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;

	if (len >= sizeof(text))
		return false;
	memcpy(text, p, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, &addr) == 1;
}

/* "%" and two hexadecimal digits? The digits may be names by themselves. */
static bool is_triple(const char *p, const char *end)
{
	return *p == '%' && end - p >= 3 && http_hex(p[1]) >= 0 &&
	       http_hex(p[2]) >= 0;
}

bool http_host_valid(struct slice s)
{
	const char *p = s.p, *end = s.p + s.len, *close;

	if (p < end && *p == '[') {
		close = memchr(p, ']', s.len);
		return close && is_ipv6(p + 1, close - p - 1) &&
		       is_port(close + 1, end);
	}
	while (p < end && (http_is(*p, HTTP_HOST) || is_triple(p, end)))
		p++;
	return (p > s.p || p == end) && is_port(p, end);
}

static const char *const methods[] = {
	[HTTP_GET] = "GET",	    [HTTP_HEAD] = "HEAD",
	[HTTP_POST] = "POST",	    [HTTP_PUT] = "PUT",
	[HTTP_DELETE] = "DELETE",   [HTTP_CONNECT] = "CONNECT",
	[HTTP_OPTIONS] = "OPTIONS", [HTTP_TRACE] = "TRACE",
	[HTTP_PATCH] = "PATCH",
};

enum http_method http_method(struct slice name)
{
	for (size_t i = HTTP_GET; i < ARRAY_LEN(methods); i++)
		if (name.p[0] == methods[i][0] &&
		    strlen(methods[i]) == name.len &&
		    !memcmp(name.p, methods[i], name.len))
			return i;
	return HTTP_OTHER;
}

static const struct {
	const char *name;
	uint8_t len;
	uint8_t id;
} fields[] = {
#define FIELD(name, id)                    \
	{                                  \
		name, sizeof(name) - 1, id \
	}
	FIELD("host", FIELD_HOST),
	FIELD("range", FIELD_RANGE),
	FIELD("expect", FIELD_EXPECT),
	FIELD("referer", FIELD_REFERER),
	FIELD("if-range", FIELD_IF_RANGE),
	FIELD("if-match", FIELD_IF_MATCH),
	FIELD("connection", FIELD_CONNECTION),
	FIELD("user-agent", FIELD_USER_AGENT),
	FIELD("if-none-match", FIELD_IF_NONE_MATCH),
	FIELD("content-length", FIELD_CONTENT_LENGTH),
	FIELD("accept-encoding", FIELD_ACCEPT_ENCODING),
	FIELD("transfer-encoding", FIELD_TRANSFER_ENCODING),
	FIELD("if-modified-since", FIELD_IF_MODIFIED_SINCE),
	FIELD("if-unmodified-since", FIELD_IF_UNMODIFIED_SINCE),
#undef FIELD
};

/* Where in fields[] the names of a length begin, plus 1; 0: there are none. */
static const uint8_t by_length[] = {
	[4] = 1,  [5] = 2,   [6] = 3,	[7] = 4,   [8] = 5,   [10] = 7,
	[13] = 9, [14] = 10, [15] = 11, [17] = 12, [19] = 14,
};

enum http_field http_field(struct slice name)
{
	size_t i;

	if (name.len >= ARRAY_LEN(by_length) || !by_length[name.len])
		return FIELD_OTHER;
	for (i = by_length[name.len] - 1;
	     i < ARRAY_LEN(fields) && fields[i].len == name.len; i++)
		if (!strncasecmp(name.p, fields[i].name, name.len))
			return fields[i].id;
	return FIELD_OTHER;
}

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 200, "OK" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 416, "Range Not Satisfiable" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}
