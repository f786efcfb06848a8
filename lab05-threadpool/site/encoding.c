/* SPDX-License-Identifier: MIT */
/*
 * Only one question is asked of a weight: is it zero? Which of the encodings
 * that a client accepts is the best is the server's choice: the smallest.
 */
#include "encoding.h"

#include <string.h>

const char *const encoding_name[ENCODINGS] = {
	[ENCODING_GZIP] = "gzip",
	[ENCODING_BR] = "br",
};
const char *const encoding_ending[ENCODINGS] = {
	[ENCODING_GZIP] = ".gz",
	[ENCODING_BR] = ".br",
};

static struct slice trim(struct slice s)
{
	while (s.len && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* Is WEIGHT, what follows the ";", "q=0", "q=0.0" and so on? */
static bool is_zero(struct slice weight)
{
	weight = trim(weight);
	if (weight.len < 3 || (*weight.p | 32) != 'q' || weight.p[1] != '=')
		return false;
	for (size_t i = 2; i < weight.len; i++)
		if (weight.p[i] != '0' && weight.p[i] != '.')
			return false;
	return true;
}

/* Notes an element such as "gzip;q=0.5" in *YES or *NO. */
static void note(struct slice element, encodings *yes, encodings *no)
{
	const char *semicolon = memchr(element.p, ';', element.len);
	struct slice word = element, weight = { NULL, 0 };

	if (semicolon) {
		word.len = semicolon - element.p;
		weight.p = semicolon + 1;
		weight.len = element.len - word.len - 1;
	}
	word = trim(word);
	for (int e = ENCODING_GZIP; e < ENCODINGS; e++) {
		if (!http_word_is(word, encoding_name[e]))
			continue;
		if (is_zero(weight))
			*no |= 1 << e;
		else
			*yes |= 1 << e;
	}
	/* For those that the client does not name; a later one may. */
	if (http_word_is(word, "*") && !is_zero(weight))
		*yes |= 1 << ENCODING_GZIP | 1 << ENCODING_BR;
}

encodings encoding_accepted(const struct request *r, const char *head)
{
	encodings yes = 0, no = 0;
	struct slice list, element;

	if (!r->known[FIELD_ACCEPT_ENCODING])
		return 0;
	for (size_t i = 0; i < r->nfields; i++) {
		if (r->fields[i].id != FIELD_ACCEPT_ENCODING)
			continue;
		list = span_slice(head, r->fields[i].value);
		while (http_list_next(&list, &element))
			note(element, &yes, &no);
	}
	return yes & ~no;
}
