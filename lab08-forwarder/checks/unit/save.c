/* SPDX-License-Identifier: MIT */
/* A file that is replaced keeps what it is. */
#include "server/save.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], path[80], by_name[80];

static void make_dir(void)
{
	strcpy(dir, "/tmp/save-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	snprintf(by_name, sizeof(by_name), "%s/link", dir);
}

static void remove_dir(void)
{
	unlink(path);
	unlink(by_name);
	cr_expect_eq(rmdir(dir), 0, "something is left in %s", dir);
}

TestSuite(save, .timeout = 20, .init = make_dir, .fini = remove_dir);

static void write_file(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	cr_assert(f);
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static void expect_file(const char *expected)
{
	size_t len;
	char *text = load_file(path, 100, &len);

	cr_assert(text);
	cr_expect_eq(len, strlen(expected));
	cr_expect_str_eq(text, expected);
	free(text);
}

Test(save, keeps_the_mode)
{
	struct stat st;

	write_file("old", 0640);
	cr_assert_eq(save_file(path, "newer", 5), 0);
	expect_file("newer");
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0640);
}

Test(save, follows_a_link)
{
	struct stat st;

	write_file("old", 0600);
	cr_assert_eq(symlink("file", by_name), 0);
	cr_assert_eq(save_file(by_name, "new", 3), 0);
	expect_file("new");
	cr_assert_eq(lstat(by_name, &st), 0);
	cr_expect(S_ISLNK(st.st_mode));
}

Test(save, is_not_followed_by_readers)
{
	int fd;
	char was[4] = "";

	write_file("old", 0600);
	fd = open(path, O_RDONLY);
	cr_assert_eq(save_file(path, "new", 3), 0);
	cr_expect_eq(read(fd, was, 3), 3);
	cr_expect_str_eq(was, "old");
	close(fd);
}

Test(save, says_what_is_wrong)
{
	size_t len;

	cr_expect_eq(save_file(path, "x", 1), -1);
	cr_expect_eq(errno, ENOENT);
	cr_expect_null(load_file(dir, 10, &len));
	cr_expect_eq(errno, EISDIR);
}

/* Also where its room has to grow in between. */
Test(save, loads_so_many_bytes_at_most)
{
	static char text[70001];
	size_t len;
	char *got;

	memset(text, 'x', sizeof(text) - 1);
	write_file(text, 0600);
	for (size_t max = 65535; max < 70002; max += 1489) {
		got = load_file(path, max, &len);
		cr_assert(got);
		cr_expect_eq(len, max < 70000 ? max : 70000, "%zu of %zu", len,
			     max);
		cr_expect_eq(strlen(got), len);
		free(got);
	}
}
