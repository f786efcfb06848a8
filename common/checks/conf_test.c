/* SPDX-License-Identifier: MIT */
#include "conf.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(conf, .timeout = 20);

/* What was read, "section.key=value@line;" for each, and the error. */
static char seen[2 * CONF_LINE_MAX];
static char why[512];

static int note(void *arg, const struct conf_entry *e, char *reason,
		size_t size)
{
	size_t n = strlen(seen);

	(void)arg;
	if (strcmp(e->value, "refuse") == 0) {
		snprintf(reason, size, "expected something else");
		return -1;
	}
	snprintf(seen + n, sizeof(seen) - n, "%s.%s=%s@%u;", e->section, e->key,
		 e->value, e->line);
	return 0;
}

/* Reads a file of the N bytes at TEXT; what follows its name in the error. */
static int read_bytes(const char *text, size_t n, const char **error)
{
	char path[] = "/tmp/conf-XXXXXX";
	int fd = mkstemp(path);
	int result;

	cr_assert(ge(int, fd, 0));
	cr_assert(eq(sz, (size_t)write(fd, text, n), n));
	close(fd);
	seen[0] = why[0] = '\0';
	result = conf_read(path, note, NULL, why, sizeof(why));
	unlink(path);
	if (result < 0)
		cr_assert(eq(int, strncmp(why, path, strlen(path)), 0));
	*error = why + (result < 0 ? strlen(path) : 0);
	return result;
}

static void reads(const char *text, const char *expected)
{
	const char *error;

	cr_expect(eq(int, read_bytes(text, strlen(text), &error), 0), "%s",
		  error);
	cr_expect(eq(str, seen, (char *)expected));
}

static void refuses(const char *text, const char *expected)
{
	const char *error;

	cr_expect(eq(int, read_bytes(text, strlen(text), &error), -1));
	cr_expect(eq(str, (char *)error, (char *)expected));
}

Test(conf, reads_keys_of_sections)
{
	reads("", "");
	reads("[a]\nx=1\n\n[b]\n y\t= two words \n", "a.x=1@2;b.y=two "
						     "words@5;");
	reads("[a]\nx=", "a.x=@2;");
	reads("[a]\r\nx=1\r\n", "a.x=1@2;");
	reads("[a]\nx=1\n[b]\nx=1\n[a]\nX=2\n", "a.x=1@2;b.x=1@4;a.X=2@6;");
}

Test(conf, comments_begin_a_line)
{
	reads("# c\n; c\n[a]\n  # c = d\nx = 1 # 2 ; 3\ny = #\n",
	      "a.x=1 # 2 ; 3@5;a.y=#@6;");
	reads("[a]\nx = a=b\n", "a.x=a=b@2;");
}

Test(conf, a_key_given_twice)
{
	refuses("[a]\nx=1\n[b]\nx=1\n[a]\nx=1\n", ":6: [a] x is given twice, "
						  "first in line 2");
}

Test(conf, what_is_no_line)
{
	refuses("x=1\n", ":1: x is in no section: expected [SECTION] before "
			 "it");
	refuses("[a]\nhello\n", ":2: expected KEY = VALUE or [SECTION]");
	refuses("[a\n", ":1: expected [SECTION] and nothing after it");
	refuses("[a] b\n", ":1: expected [SECTION] and nothing after it");
	refuses("[]\n", ":1: expected letters, digits, _ or - as the name of a "
			"section");
	refuses("[a]\n = 1\n", ":2: expected letters, digits, _ or - as the "
			       "name of a key");
	refuses("[a]\nx y = 1\n", ":2: expected letters, digits, _ or - as "
				  "the name of a key");
}

Test(conf, what_the_caller_refuses)
{
	refuses("[a]\nx=1\n\ny=refuse\nz=3\n", ":4: expected something else");
	cr_expect(eq(str, seen, "a.x=1@2;"));
}

Test(conf, the_longest_line)
{
	char text[CONF_LINE_MAX + 64];
	const char *error;
	int n = sprintf(text, "[a]\nx=");

	memset(text + n, 'v', CONF_LINE_MAX - 2);
	strcpy(text + n + CONF_LINE_MAX - 2, "\ny=1\n");
	cr_expect(eq(int, read_bytes(text, strlen(text), &error), 0));
	cr_expect(eq(sz, strlen(seen), CONF_LINE_MAX + 5 + 8));

	memset(text + n, 'v', CONF_LINE_MAX - 1);
	strcpy(text + n + CONF_LINE_MAX - 1, "\ny=1\n");
	refuses(text, ":2: expected a line of 4096 bytes at most");
}

Test(conf, a_nul_byte)
{
	const char text[] = "[a]\nx=1\0y=2\n";
	const char *error;

	cr_expect(eq(int, read_bytes(text, sizeof(text) - 1, &error), -1));
	cr_expect(eq(str, (char *)error, ":2: expected text, not a NUL byte"));
}

Test(conf, a_file_that_cannot_be_read)
{
	cr_expect(eq(int, conf_read("/nowhere", note, NULL, why, sizeof(why)),
		     -1));
	cr_expect(eq(str, why, "/nowhere: No such file or directory"));
	cr_expect(eq(int, conf_read("/", note, NULL, why, sizeof(why)), -1));
	cr_expect(eq(str, why, "/: Is a directory"));
}

Test(conf, an_error_is_cut)
{
	char small[8];

	cr_expect(eq(int,
		     conf_read("/nowhere", note, NULL, small, sizeof(small)),
		     -1));
	cr_expect(eq(str, small, "/nowher"));
}

Test(conf, numbers)
{
	size_t n = 7;

	cr_expect(eq(int, conf_number("64", 1, 64, &n, why, sizeof(why)), 0));
	cr_expect(eq(sz, n, 64));
	cr_expect(eq(int, conf_number("65", 1, 64, &n, why, sizeof(why)), -1));
	cr_expect(eq(str, why, "expected a number from 1 to 64, not \"65\""));
	cr_expect(eq(int, conf_number("", 1, 64, &n, why, sizeof(why)), -1));
	cr_expect(eq(int, conf_number("-1", 0, 64, &n, why, sizeof(why)), -1));
	cr_expect(eq(sz, n, 64));
}

Test(conf, booleans)
{
	bool b = false;

	cr_expect(eq(int, conf_bool("yes", &b, why, sizeof(why)), 0));
	cr_expect(b);
	cr_expect(eq(int, conf_bool("no", &b, why, sizeof(why)), 0));
	cr_expect(not(b));
	cr_expect(eq(int, conf_bool("true", &b, why, sizeof(why)), -1));
	cr_expect(eq(str, why, "expected yes or no, not \"true\""));
}
