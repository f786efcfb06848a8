/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are a rules file or are refused with a line of theirs. What is a
 * file has rules that print as rules, which print as the same; and each of them
 * can be taken out of the text, or replaced in it, and the rest is still there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "text/document.h"

#define PRINT_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void print(const struct rule *r, struct buf *out)
{
	buf_init(out, PRINT_MAX);
	require(rules_print(r, out) == 0);
}

/* What is printed parses to what prints the same. */
static void check_rule(const struct rule *r)
{
	struct rules_error error;
	struct buf first, second;
	struct rule *again;

	print(r, &first);
	again = rules_parse_rule(buf_data(&first), buf_len(&first), &error);
	require(again != NULL);
	print(again, &second);
	require(buf_len(&first) == buf_len(&second) &&
		memcmp(buf_data(&first), buf_data(&second), buf_len(&first)) ==
			0);
	rule_free(again);
	buf_free(&first);
	buf_free(&second);
}

static size_t count_rules(const struct document *d)
{
	struct rules_error error;
	struct rules r;
	size_t n;

	require(rules_parse(d->text, d->len, &r, &error) == 0);
	n = r.count;
	rules_free(&r);
	return n;
}

static void check_edits(const char *text, size_t size, const struct rules *r)
{
	struct document d;
	struct buf line;

	require(document_init(&d, text, size, r) == 0);
	for (size_t i = 0; i < r->count; i++) {
		print(r->list[i], &line);
		require(document_modify(&d, r->list[i]->id, buf_data(&line),
					buf_len(&line)) == 0);
		require(count_rules(&d) == r->count);
		buf_free(&line);
	}
	for (size_t i = 0; i < r->count; i++) {
		require(document_remove(&d, r->list[i]->id) == 0);
		require(count_rules(&d) == r->count - i - 1);
	}
	document_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct rules_error error = { 0 };
	struct rules r;

	if (rules_parse(text, size, &r, &error) < 0) {
		require(error.line >= 1 && error.text[0]);
		return 0;
	}
	for (size_t i = 0; i < r.count; i++)
		check_rule(r.list[i]);
	if (r.count <= 16)
		check_edits(text, size, &r);
	rules_free(&r);
	return 0;
}
