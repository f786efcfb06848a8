/* SPDX-License-Identifier: MIT */
#include "site/path.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

TestSuite(path, .timeout = 20);

static int decode(const char *path, size_t len, char *name, size_t size)
{
	return path_decode((struct slice){ path, len }, name, size);
}

Test(path, decodes)
{
	static const char *const good[][2] = {
		{ "", "." },
		{ "/", "." },
		{ "//", "." },
		{ "/.", "." },
		{ "/a", "a" },
		{ "/a/", "a/" },
		{ "//a///b", "a/b" },
		{ "/a%20b//./c/../d", "a b/d" },
		{ "/a/..", "." },
		{ "/a/b/..", "a/" },
		{ "/a/b/../", "a/" },
		{ "/a/%2e%2E/b", "b" },
		{ "/%41%7e", "A~" },
		{ "/...", "..." },
		{ "/..a/.b", "..a/.b" },
		{ "/%25%32%65", "%2e" },
		{ "/%c3%a4", "\xc3\xa4" },
	};
	char name[64];

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		cr_assert_eq(decode(good[i][0], strlen(good[i][0]), name, 64),
			     0, "%s", good[i][0]);
		cr_assert_str_eq(name, good[i][1]);
	}
}

Test(path, refuses)
{
	static const struct {
		const char *path;
		int err;
	} bad[] = {
		{ "/..", EINVAL },
		{ "/a/../..", EINVAL },
		{ "/%2e%2e/a", EINVAL },
		{ "/.%2e/", EINVAL },
		{ "a", EINVAL },
		{ "/%", EINVAL },
		{ "/%2", EINVAL },
		{ "/%g0", EINVAL },
		{ "/%0g", EINVAL },
		{ "/%00", EINVAL },
		{ "/a%00.html", EINVAL },
		{ "/a%2fb", ENOENT },
		{ "/..%2f..%2fetc", ENOENT },
	};
	char name[64];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		errno = 0;
		cr_assert_eq(decode(bad[i].path, strlen(bad[i].path), name, 64),
			     -1, "%s", bad[i].path);
		cr_assert_eq(errno, bad[i].err, "%s", bad[i].path);
	}
	cr_assert_eq(decode("/a\0b", 4, name, 64), -1);
}

/* Whatever the size, nothing is written behind it. */
Test(path, respects_the_size)
{
	static const char path[] = "/ab/cd/%65f";
	char name[32];

	for (size_t size = 0; size < sizeof(name); size++) {
		memset(name, '#', sizeof(name));
		if (!decode(path, sizeof(path) - 1, name, size))
			cr_assert_str_eq(name, "ab/cd/ef");
		else
			cr_assert_eq(errno, ENAMETOOLONG);
		for (size_t i = size; i < sizeof(name); i++)
			cr_assert_eq(name[i], '#');
	}
	cr_assert_eq(decode(path, sizeof(path) - 1, name, 10), 0);
}

static char dir[64];

static void put_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	cr_assert(f);
	fputs(text, f);
	fclose(f);
}

static void put_link(const char *name, const char *target)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	cr_assert_eq(symlink(target, path), 0);
}

/* DIR/root with a file, a folder and links; DIR/secret is outside. */
static int make_tree(void)
{
	char path[256];

	strcpy(dir, "/tmp/path-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/root", dir);
	cr_assert_eq(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/root/sub", dir);
	cr_assert_eq(mkdir(path, 0755), 0);
	put_file("secret", "secret");
	put_file("root/file", "file");
	put_file("root/sub/file", "file");
	put_link("root/inside", "sub/file");
	put_link("root/up-and-in", "sub/../file");
	put_link("root/outside", "../secret");
	put_link("root/absolute", "/etc/passwd");
	put_link("root/out-dir", "..");
	snprintf(path, sizeof(path), "%s/root/fifo", dir);
	cr_assert_eq(mkfifo(path, 0644), 0);
	snprintf(path, sizeof(path), "%s/root", dir);
	return path_open_root(path);
}

static void remove_tree(int root)
{
	char command[128];

	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
}

/* Better refused at once than 403 for all that is asked for. */
Test(path, needs_a_root_it_may_enter)
{
	/* root may enter what it likes. */
	cr_assert(getuid() != 0 || setuid(65534) == 0);
	strcpy(dir, "/tmp/path-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	cr_assert_eq(chmod(dir, 0600), 0);
	cr_assert_eq(path_open_root(dir), -1);
	cr_assert_eq(errno, EACCES);
	cr_assert_eq(chmod(dir, 0100), 0);
	cr_assert_geq(path_open_root(dir), 0);
	cr_assert_eq(rmdir(dir), 0);
}

static int try_open(int (*open_it)(int, const char *), int root,
		    const char *name)
{
	int fd = open_it(root, name);

	if (fd < 0)
		return errno;
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	return 0;
}

Test(path, opens_below_the_root_only)
{
	int root = make_tree();

	cr_assert_geq(root, 0);
	cr_assert_eq(try_open(path_open, root, "file"), 0);
	cr_assert_eq(try_open(path_open, root, "sub/file"), 0);
	cr_assert_eq(try_open(path_open, root, "sub/"), 0);
	cr_assert_eq(try_open(path_open, root, "."), 0);
	cr_assert_eq(try_open(path_open, root, "inside"), 0);
	cr_assert_eq(try_open(path_open, root, "up-and-in"), 0);
	cr_assert_eq(try_open(path_open, root, "fifo"), 0);
	cr_assert_eq(try_open(path_open, root, "none"), ENOENT);
	cr_assert_eq(try_open(path_open, root, "file/"), ENOTDIR);
	cr_assert_eq(try_open(path_open, root, "outside"), EXDEV);
	cr_assert_eq(try_open(path_open, root, "absolute"), EXDEV);
	cr_assert_eq(try_open(path_open, root, "out-dir/secret"), EXDEV);
	cr_assert_eq(try_open(path_open, root, "../secret"), EXDEV);
	cr_assert_eq(try_open(path_open, root, "/etc/passwd"), EXDEV);
	remove_tree(root);
}

Test(path, walks_where_there_is_no_openat2)
{
	int root = make_tree();

	cr_assert_eq(try_open(path_open_walk, root, "file"), 0);
	cr_assert_eq(try_open(path_open_walk, root, "sub/file"), 0);
	cr_assert_eq(try_open(path_open_walk, root, "sub/"), 0);
	cr_assert_eq(try_open(path_open_walk, root, "."), 0);
	cr_assert_eq(try_open(path_open_walk, root, "none/file"), ENOENT);
	cr_assert_eq(try_open(path_open_walk, root, "file/"), ENOTDIR);
	cr_assert_eq(try_open(path_open_walk, root, "inside"), ELOOP);
	cr_assert_eq(try_open(path_open_walk, root, "outside"), ELOOP);
	cr_assert_eq(try_open(path_open_walk, root, "out-dir/secret"), ENOTDIR);
	cr_assert_eq(try_open(path_open_walk, root, "../secret"), EXDEV);
	cr_assert_eq(try_open(path_open_walk, root, "sub/.."), EXDEV);
	cr_assert_eq(try_open(path_open_walk, root, "/etc/passwd"), EXDEV);
	remove_tree(root);
}

/* To enter a directory and to list it are two rights. Root has both. */
Test(path, a_directory_that_may_only_be_entered)
{
	int root = make_tree();
	char path[256];

	snprintf(path, sizeof(path), "%s/root/sub", dir);
	cr_assert_eq(chmod(dir, 0711), 0);
	cr_assert_eq(chmod(path, 0711), 0);
	if (geteuid() == 0)
		cr_assert_eq(seteuid(65534), 0);
	else
		cr_assert_eq(chmod(path, 0100), 0);
	cr_assert_eq(path_open(root, "sub"), -1);
	cr_assert_eq(errno, EISDIR);
	cr_assert_eq(path_open_walk(root, "sub"), -1);
	cr_assert_eq(errno, EISDIR);
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
	cr_assert_eq(chmod(path, 0000), 0);
	if (getuid() == 0)
		cr_assert_eq(seteuid(65534), 0);
	cr_assert_eq(path_open(root, "sub"), -1);
	cr_assert_eq(errno, EACCES);
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
	cr_assert_eq(chmod(path, 0755), 0);
	remove_tree(root);
}
