/* SPDX-License-Identifier: MIT */
/* What is left of a text that people wrote, when rules are changed in it. */
#include "text/document.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

TestSuite(document, .timeout = 20);

static struct document make(const char *text)
{
	struct rules_error error;
	struct document d;
	struct rules r;

	cr_assert_eq(rules_parse(text, strlen(text), &r, &error), 0, "%s",
		     error.text);
	cr_assert_eq(document_init(&d, text, strlen(text), &r), 0);
	rules_free(&r);
	return d;
}

static void expect(struct document *d, const char *text)
{
	cr_expect_eq(d->len, strlen(text), "%.*s", (int)d->len, d->text);
	cr_expect_arr_eq(d->text, text, strlen(text));
	document_free(d);
}

#define RULE(id) id " G *:* - b:1 ;"

Test(document, adds_behind_all)
{
	struct document d = make("# one\n" RULE("a") " # two");

	cr_assert_eq(document_add(&d, "b", RULE("b"), strlen(RULE("b"))), 0);
	cr_assert_eq(document_add(&d, "c", RULE("c"), strlen(RULE("c"))), 0);
	expect(&d,
	       "# one\n" RULE("a") " # two\n" RULE("b") "\n" RULE("c") "\n");
}

Test(document, keeps_cr_lf)
{
	struct document d = make(RULE("a") "\r\n");

	cr_assert_eq(document_add(&d, "b", RULE("b"), strlen(RULE("b"))), 0);
	expect(&d, RULE("a") "\r\n" RULE("b") "\r\n");
}

Test(document, begins_from_nothing)
{
	struct document d = make("");

	cr_assert_eq(document_add(&d, "a", RULE("a"), strlen(RULE("a"))), 0);
	expect(&d, RULE("a") "\n");
}

Test(document, modifies_in_place)
{
	struct document d = make(RULE("a") " # a\n  b G *:*\n\t- b:1 "
					   ";#b\n" RULE("c"));

	cr_assert_eq(document_modify(&d, "b", "BB", 2), 0);
	cr_assert_eq(document_modify(&d, "c", "CCC", 3), 0);
	cr_assert_eq(document_modify(&d, "a", "A", 1), 0);
	expect(&d, "A # a\n  BB#b\nCCC");
}

Test(document, removes_the_line_if_it_is_alone)
{
	struct document d = make("# x\n  " RULE("a") " \r\n" RULE(
		"b") " # y\n" RULE("c") RULE("d") "\n" RULE("e"));

	cr_assert_eq(document_remove(&d, "a"), 0);
	cr_assert_eq(document_remove(&d, "b"), 0);
	cr_assert_eq(document_remove(&d, "c"), 0);
	cr_assert_eq(document_remove(&d, "e"), 0);
	cr_assert_eq(document_remove(&d, "e"), -1);
	cr_assert_eq(errno, ENOENT);
	expect(&d, "# x\n # y\n" RULE("d") "\n");
}
