/* SPDX-License-Identifier: MIT */
/*
 * All of these are requests for an optimisation, so what is not understood is
 * not an error: the field is as if it were not there, and the client gets the
 * whole file.
 */
#include "condition.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

void condition_version(struct version *v, const struct stat *st,
		       const struct timespec *now)
{
	time_t age = now->tv_sec - st->st_mtim.tv_sec;

	v->mtime = st->st_mtim.tv_sec;
	v->size = st->st_size;
	v->settled = age > 1 || age < -1 ||
		     (age == 1 && now->tv_nsec >= st->st_mtim.tv_nsec);
	v->etag[0] = '\0';
	if (!v->settled)
		return;
	/* A file may be from the future, this not (RFC 9110 8.8.2.1). */
	httpdate_format(MIN(v->mtime, now->tv_sec), v->modified);
	snprintf(v->etag, sizeof(v->etag), "\"%jx-%jx-%jx\"",
		 (uintmax_t)st->st_ino, (uintmax_t)st->st_size,
		 (uintmax_t)st->st_mtim.tv_sec * 1000000000 +
			 st->st_mtim.tv_nsec);
}

/* A version without a tag is that of no element, an empty one neither. */
static bool tag_is(struct slice s, const char *etag)
{
	return s.len && s.len == strlen(etag) && !memcmp(s.p, etag, s.len);
}

/*
 * Is our tag in LIST? Our tags hold no comma, so one that does is not ours
 * and may be taken apart. WEAK: "W/" before it does not matter.
 */
static bool list_has(struct slice list, const char *etag, bool weak)
{
	struct slice s;

	while (http_list_next(&list, &s)) {
		if (s.len == 1 && *s.p == '*')
			return true;
		if (weak && s.len > 2 && !memcmp(s.p, "W/", 2)) {
			s.p += 2;
			s.len -= 2;
		}
		if (tag_is(s, etag))
			return true;
	}
	return false;
}

/* Is it in one of the fields ID? They are one list together (RFC 9110 5.3). */
static bool field_has(const struct request *r, const char *head,
		      enum http_field id, const char *etag, bool weak)
{
	for (size_t i = 0; i < r->nfields; i++)
		if (r->fields[i].id == id &&
		    list_has(span_slice(head, r->fields[i].value), etag, weak))
			return true;
	return false;
}

/* A field that came more than once is neither one date nor one range. */
static struct slice value_once(const struct request *r, const char *head,
			       enum http_field id)
{
	if (r->repeated >> id & 1)
		return (struct slice){ NULL, 0 };
	return request_value(r, head, id);
}

/* Where there are tags to go by, the date does not count. */
int condition_status(const struct request *r, const char *head,
		     const struct version *v)
{
	struct slice s;
	time_t t;

	if (r->known[FIELD_IF_MATCH]) {
		if (!field_has(r, head, FIELD_IF_MATCH, v->etag, false))
			return 412;
	} else {
		s = value_once(r, head, FIELD_IF_UNMODIFIED_SINCE);
		if (s.p && !httpdate_parse(s, &t) && v->mtime > t)
			return 412;
	}
	if (r->known[FIELD_IF_NONE_MATCH])
		return field_has(r, head, FIELD_IF_NONE_MATCH, v->etag, true)
			       ? 304
			       : 200;
	s = value_once(r, head, FIELD_IF_MODIFIED_SINCE);
	if (s.p && !httpdate_parse(s, &t) && v->settled && v->mtime <= t)
		return 304;
	return 200;
}

/* Takes a number off S; false if S begins with none. Stops at UINT64_MAX. */
static bool take_number(struct slice *s, uint64_t *n)
{
	const char *begin = s->p;
	unsigned int digit;

	for (*n = 0; s->len; s->p++, s->len--) {
		digit = (unsigned char)*s->p - '0';
		if (digit > 9)
			break;
		if (*n > (UINT64_MAX - digit) / 10)
			*n = UINT64_MAX;
		else
			*n = *n * 10 + digit;
	}
	return s->p > begin;
}

/* "bytes=FIRST-LAST", "bytes=FIRST-" or "bytes=-COUNT" of SIZE bytes. */
static int parse_range(struct slice s, uint64_t size, struct range *range)
{
	uint64_t first, last = UINT64_MAX;
	bool has_first, has_last;

	if (s.len < 6 || !http_word_is((struct slice){ s.p, 6 }, "bytes="))
		return 200;
	s = (struct slice){ s.p + 6, s.len - 6 };
	has_first = take_number(&s, &first);
	if (!s.len || *s.p != '-')
		return 200;
	s = (struct slice){ s.p + 1, s.len - 1 };
	has_last = take_number(&s, &last);
	if (s.len || (!has_first && !has_last))
		return 200;
	if (!has_first) {
		/* An empty file has fewer bytes than that: all of it. */
		if (!size && last)
			return 200;
		first = size - MIN(last, size);
		last = UINT64_MAX;
	} else if (!has_last) {
		last = UINT64_MAX;
	} else if (first > last) {
		return 200;
	}
	if (first >= size)
		return 416;
	*range = (struct range){ first, MIN(last, size - 1) };
	return 206;
}

/* If-Range: a strong tag, or the very date of Last-Modified. */
static bool if_range_fits(struct slice s, const struct version *v)
{
	time_t t;

	if (!s.len)
		return false;
	if (*s.p == '"')
		return tag_is(s, v->etag);
	return !httpdate_parse(s, &t) && v->settled && t == v->mtime;
}

int condition_range(const struct request *r, const char *head,
		    const struct version *v, struct range *range)
{
	struct slice s = value_once(r, head, FIELD_RANGE);

	if (!s.p || r->method != HTTP_GET)
		return 200;
	if (r->known[FIELD_IF_RANGE] &&
	    !if_range_fits(value_once(r, head, FIELD_IF_RANGE), v))
		return 200;
	return parse_range(s, v->size, range);
}
