/* SPDX-License-Identifier: MIT */
/* Who is remembered, and for how long; and the counts beneath. */
#include "server/sticky.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>

#include "address/tally.h"

TestSuite(sticky, .timeout = 20);

static struct addr client(uint32_t n, int port)
{
	struct addr a = { .len = sizeof(a.in) };

	a.in.sin_family = AF_INET;
	a.in.sin_addr.s_addr = htonl(n);
	a.in.sin_port = htons((uint16_t)port);
	return a;
}

Test(sticky, remembers_so_long)
{
	struct sticky *s = sticky_create();
	struct addr a = client(1, 1), again = client(1, 2), b = client(2, 1);

	cr_assert(s);
	cr_expect_eq(sticky_find(s, &a, 0), -1);
	sticky_set(s, &a, 3, 100);
	cr_expect_eq(sticky_find(s, &again, 99), 3);
	cr_expect_eq(sticky_find(s, &b, 99), -1);
	cr_expect_eq(sticky_find(s, &a, 100), -1);
	sticky_set(s, &again, 4, 200);
	cr_expect_eq(sticky_find(s, &a, 199), 4);
	sticky_free(s);
}

Test(sticky, forgets_who_was_longest_unseen)
{
	struct sticky *s = sticky_create();
	struct addr first = client(0, 1), second = client(1, 1);

	for (uint32_t i = 0; i < STICKY_MAX; i++) {
		struct addr a = client(i, 1);

		sticky_set(s, &a, (int)i, 1);
	}
	sticky_set(s, &first, 7, 1);
	for (uint32_t i = 0; i < 10; i++) {
		struct addr a = client(STICKY_MAX + i, 1);

		sticky_set(s, &a, 1, 1);
	}
	cr_expect_eq(sticky_find(s, &first, 0), 7);
	cr_expect_eq(sticky_find(s, &second, 0), -1);
	sticky_free(s);
}

Test(sticky, tally_counts_addresses)
{
	struct tally t = { 0 };
	struct addr mapped, plain;

	addr_parse("[::ffff:0.0.0.5]:1", &mapped);
	plain = client(5, 9);
	for (uint32_t i = 0; i < 1000; i++) {
		struct addr a = client(i, 1);

		tally_add(&t, &a)->count = i;
	}
	cr_expect_eq(t.count, 1000);
	cr_expect_eq(tally_find(&t, &mapped)->count, 5);
	cr_expect_eq(tally_add(&t, &plain)->count, 5);
	tally_remove(&t, tally_find(&t, &plain));
	cr_expect_null(tally_find(&t, &mapped));
	cr_expect_eq(t.count, 999);
	tally_free(&t);
}
