/* SPDX-License-Identifier: MIT */
/*
 * The buffer against a model of the simplest kind: an array and two numbers.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "util.h"

TestSuite(buf, .timeout = 30);

Test(buf, empty_holds_nothing)
{
	struct buf b;

	buf_init(&b, 100);
	cr_expect_null(b.data);
	cr_expect_null(buf_data(&b));
	cr_expect_eq(buf_len(&b), 0);
	cr_expect_eq(buf_room(&b), 100);
	cr_expect_eq(buf_append(&b, "abc", 3), 0);
	cr_expect_not_null(b.data);
	buf_consume(&b, 3);
	cr_expect_null(b.data);
	cr_expect_not_null(buf_reserve(&b, 10));
	cr_expect_not_null(b.data);
	buf_commit(&b, 0);
	cr_expect_null(b.data);
	buf_consume(&b, 0);
	cr_expect_eq(buf_append(&b, NULL, 0), 0);
	cr_expect_null(b.data);
}

Test(buf, all_or_nothing_at_the_ceiling)
{
	struct buf b;

	buf_init(&b, 5);
	cr_expect_eq(buf_append(&b, "abc", 3), 0);
	errno = 0;
	cr_expect_eq(buf_append(&b, "def", 3), -1);
	cr_expect_eq(errno, ENOBUFS);
	cr_expect_eq(buf_len(&b), 3);
	cr_expect_null(buf_reserve(&b, 3));
	cr_expect_null(buf_reserve(&b, 0));
	cr_expect_eq(buf_append(&b, "de", 2), 0);
	cr_expect_eq(buf_room(&b), 0);
	cr_expect_arr_eq(buf_data(&b), "abcde", 5);
	cr_expect_leq(b.size, 10);
	buf_free(&b);
	cr_expect_eq(buf_append(&b, "again", 5), 0);
	buf_free(&b);
}

Test(buf, sizes_do_not_overflow)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	cr_expect_eq(buf_room(&b), SIZE_MAX / 4);
	cr_expect_null(buf_reserve(&b, SIZE_MAX));
	cr_expect_eq(errno, ENOBUFS);
	cr_expect_null(buf_reserve(&b, SIZE_MAX / 4));
	cr_expect_eq(errno, ENOMEM);
	cr_expect_eq(buf_append(&b, "x", 1), 0);
	cr_expect_null(buf_reserve(&b, SIZE_MAX / 4));
	cr_expect_eq(errno, ENOBUFS);
	cr_expect_null(buf_reserve(&b, SIZE_MAX / 4 - 1));
	cr_expect_eq(errno, ENOMEM);
	cr_expect_arr_eq(buf_data(&b), "x", 1);
	buf_free(&b);
	buf_init(&b, 0);
	cr_expect_eq(buf_room(&b), 1);
}

Test(buf, formats)
{
	struct buf b;
	char text[1000];

	buf_init(&b, 1200);
	cr_expect_eq(buf_appendf(&b, "%s %d;", "nick", 7), 0);
	cr_expect_arr_eq(buf_data(&b), "nick 7;", 7);
	cr_expect_eq(buf_len(&b), 7);
	memset(text, 'x', sizeof(text));
	cr_expect_eq(buf_appendf(&b, "%.*s", 1000, text), 0);
	cr_expect_eq(buf_len(&b), 1007);
	cr_expect_arr_eq(buf_data(&b) + 7, text, 1000);
	cr_expect_eq(buf_appendf(&b, "%.*s", 1000, text), -1);
	cr_expect_eq(errno, ENOBUFS);
	cr_expect_eq(buf_appendf(&b, "%s", ""), 0);
	cr_expect_eq(buf_len(&b), 1007);
	buf_free(&b);
}

/* The source ends where the page does: one byte too many is a crash. */
Test(buf, reads_no_byte_too_many)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct buf b;

	cr_assert_neq(map, MAP_FAILED);
	cr_assert_eq(mprotect(map + page, page, PROT_NONE), 0);
	buf_init(&b, 2 * page);
	for (size_t n = 1; n <= page; n += n < 100 ? 1 : 97) {
		memset(map + page - n, (int)n, n);
		cr_assert_eq(buf_append(&b, map + page - n, n), 0);
		cr_assert_eq(memcmp(buf_data(&b), map + page - n, n), 0);
		buf_consume(&b, n);
	}
	munmap(map, 2 * page);
}

/* A full queue through which bytes trickle: the memory moved stays linear. */
Test(buf, trickle_is_cheap)
{
	const size_t limit = 1 << 20;
	struct buf b;
	int64_t begin;
	char *block = calloc(1, limit);

	cr_assert(block);
	buf_init(&b, limit);
	cr_assert_eq(buf_append(&b, block, limit), 0);
	begin = clock_ms();
	/* Were all moved each time, these would be 4 TB. */
	for (size_t i = 0; i < 4 * limit; i++) {
		buf_consume(&b, 1);
		cr_assert_eq(buf_append(&b, "x", 1), 0);
	}
	cr_expect_lt(clock_ms() - begin, 20000);
	cr_expect_leq(b.size, 2 * limit);
	buf_consume(&b, limit - 1);
	cr_expect_eq(buf_append(&b, block, 1000), 0);
	cr_expect_eq(buf_append(&b, block, limit / 2), 0);
	buf_free(&b);
	free(block);
}

/* After a burst, a queue that never runs empty goes back to a small block. */
Test(buf, burst_is_given_back)
{
	const size_t limit = 1 << 20;
	struct buf b;
	char *block = calloc(1, limit);

	cr_assert(block);
	buf_init(&b, limit);
	cr_assert_eq(buf_append(&b, block, limit), 0);
	buf_consume(&b, limit - 1);
	for (size_t i = 0; i < 2 * limit; i++) {
		cr_assert_eq(buf_append(&b, "x", 1), 0);
		buf_consume(&b, 1);
	}
	cr_expect_leq(b.size, 4096);
	buf_free(&b);
	free(block);
}

struct model {
	unsigned char bytes[1 << 16];
	size_t first;
	size_t last;
};

static void step(struct buf *b, struct model *m, size_t limit)
{
	size_t len = m->last - m->first;
	size_t n = (size_t)rand() % (rand() % 4 ? 40 : limit + 20);
	unsigned char *to;

	if (rand() % 2) {
		n = MIN(n, len);
		buf_consume(b, n);
		m->first += n;
		return;
	}
	to = buf_reserve(b, n);
	cr_assert_eq(to != NULL, n > 0 && n <= limit - len);
	if (!to)
		return;
	for (size_t i = 0; i < n; i++)
		to[i] = m->bytes[m->last + i] = (unsigned char)rand();
	n = rand() % 2 ? n : (size_t)rand() % (n + 1);
	buf_commit(b, n);
	m->last += n;
}

Test(buf, like_the_model)
{
	static struct model m;
	unsigned int seed = (unsigned int)clock_ns();
	struct buf b;

	fprintf(stderr, "buf/like_the_model: seed %u\n", seed);
	srand(seed);
	for (int run = 0; run < 200; run++) {
		size_t limit = 1 + (size_t)rand() % 3000;

		buf_init(&b, limit);
		m.first = m.last = 0;
		while (m.last + limit + 20 < sizeof(m.bytes) && rand() % 2000) {
			size_t len;

			step(&b, &m, limit);
			len = m.last - m.first;
			cr_assert_eq(buf_len(&b), len);
			cr_assert_eq(buf_room(&b), limit - len);
			cr_assert_leq(b.size, 2 * limit);
			cr_assert_eq(b.data == NULL, len == 0);
			cr_assert(len == 0 ||
				  memcmp(buf_data(&b), m.bytes + m.first,
					 len) == 0);
		}
		buf_free(&b);
	}
}
