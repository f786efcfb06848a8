/* SPDX-License-Identifier: MIT */
/* The access log, on disks and pipes that do not take it. */
#include "client/access.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(access, .timeout = 20);

enum { LINES = 300 }; /* of some 2 kB: more than the buffer and a pipe */

static char dir[32], path[64];

static void make_dir(void)
{
	strcpy(dir, "/tmp/access-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/log", dir);
}

static void remove_dir(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
}

/* N requests, each by a client with a long name. */
static void log_lines(struct access *log, int n)
{
	static struct exchange x;
	static char head[4096];
	int len = sprintf(head,
			  "GET / HTTP/1.0\r\nUser-Agent: %02000d\r\n"
			  "\r\n",
			  0);

	request_begin(&x.request, 0);
	cr_assert_eq(request_parse(&x.request, head, len), len);
	x.head = head;
	x.answer.status = 200;
	while (n--)
		access_log(log, "-", &x, 0);
}

/* Counts the lines of FD, which are all whole. The last may lack its end. */
static int whole_lines(int fd)
{
	FILE *in = fdopen(fd, "r");
	char line[8192];
	int n = 0;

	cr_assert(in);
	for (; fgets(line, sizeof(line), in) && strchr(line, '\n'); n++) {
		cr_assert_eq(strncmp(line, "- - - [", 7), 0, "%s", line);
		cr_assert_gt(strlen(line), 2000, "%s", line);
		cr_assert_str_eq(line + strlen(line) - 3, "0\"\n");
		cr_assert_eq(strstr(line + 1, "- - - ["), NULL, "%s", line);
	}
	fclose(in);
	return n;
}

static int lines_of(const char *name)
{
	int fd = open(name, O_RDONLY);

	cr_assert_geq(fd, 0);
	return whole_lines(fd);
}

Test(access, waits_for_no_reader, .init = make_dir, .fini = remove_dir)
{
	struct access *log;
	int fd, n;

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_eq(access_open(path), NULL);
	cr_assert_eq(errno, ENXIO);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	log = access_open(path);
	cr_assert(log);
	log_lines(log, LINES);
	access_close(log);
	fcntl(fd, F_SETFL, 0);
	n = whole_lines(fd);
	cr_assert(n > 0 && n < LINES, "%d", n);
}

/* A full disk, and then there is room again. */
Test(access, cuts_no_line, .init = make_dir, .fini = remove_dir)
{
	struct rlimit limit;
	struct access *log = access_open(path);
	int n;

	cr_assert(log);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 100000, limit.rlim_max });
	log_lines(log, LINES);
	access_flush(log);
	setrlimit(RLIMIT_FSIZE, &limit);
	access_flush(log);
	log_lines(log, 1);
	access_close(log);
	n = lines_of(path);
	cr_assert(n > 0 && n < LINES, "%d", n);
}

Test(access, goes_on_in_a_new_file, .init = make_dir, .fini = remove_dir)
{
	struct access *log = access_open(path);
	char old[80];

	cr_assert(log);
	log_lines(log, 2);
	snprintf(old, sizeof(old), "%s.1", path);
	cr_assert_eq(rename(path, old), 0);
	log_lines(log, 1);
	cr_assert_eq(access_reopen(log), 0);
	log_lines(log, 4);
	access_close(log);
	cr_assert_eq(lines_of(old), 3);
	cr_assert_eq(lines_of(path), 4);
}
