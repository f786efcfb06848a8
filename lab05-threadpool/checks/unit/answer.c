/* SPDX-License-Identifier: MIT */
/* Answers that a request could lead astray. */
#include "site/answer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/path.h"
#include "util.h"

TestSuite(answer, .timeout = 20);

static char dir[32];
static int root;
static struct site site;

static void make_dir(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	cr_assert_eq(mkdir(path, 0755), 0);
}

static void make_site(void)
{
	strcpy(dir, "/tmp/answer-test-XXXXXX");
	cr_assert(mkdtemp(dir));
	make_dir("sub");
	make_dir("sub/index.html");
	make_dir("\\back");
	make_dir("a \"b\"%[x]\r\n");
	root = path_open_root(dir);
	cr_assert_geq(root, 0);
	site.cache = filecache_create(root, &site.policy);
	cr_assert(site.cache);
}

static void remove_site(void)
{
	char command[64];

	filecache_free(site.cache);
	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert_eq(system(command), 0);
}

/* The status of a GET for TARGET; LOCATION is what its answer says. */
static int get(const char *target, char location[256])
{
	static struct request r;
	static struct answer a;
	static char head[1024];
	int n = sprintf(head, "GET %s HTTP/1.0\r\n\r\n", target);
	const char *p;

	request_begin(&r, 0);
	cr_assert_eq(request_parse(&r, head, n), n, "%s", target);
	answer_make(&a, &site, &r, head, false);
	p = memmem(a.head.p, a.head.len, "\r\nLocation: ", 12);
	location[0] = '\0';
	if (p)
		sscanf(p + 12, "%255[^\r]", location);
	answer_free(&a);
	return a.status;
}

Test(answer, redirects_to_this_site_only, .init = make_site,
     .fini = remove_site)
{
	static const char *const cases[][2] = {
		{ "/sub", "/sub/" },
		{ "/sub?a=//b", "/sub/?a=//b" },
		{ "//sub", "/sub/" },
		{ "//host/../sub", "/sub/" },
		{ "/\\host/../sub", "/sub/" },
		{ "/.//host/../sub", "/sub/" },
		{ "http://host//x/../sub", "/sub/" },
		{ "/\\back", "/%5Cback/" },
		{ "/%5cback", "/%5Cback/" },
		{ "/a%20\"b\"%25[x]%0d%0a", "/a%20%22b%22%25%5Bx%5D%0D%0A/" },
	};
	char location[256];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_assert_eq(get(cases[i][0], location), 301, "%s",
			     cases[i][0]);
		cr_assert_str_eq(location, cases[i][1], "%s: %s", cases[i][0],
				 location);
	}
}

/* It would be told to look behind one more "/", for ever. */
Test(answer, an_index_is_no_directory, .init = make_site, .fini = remove_site)
{
	char location[256];

	cr_assert_eq(get("/sub/", location), 404);
	cr_assert_eq(get("/sub//", location), 404);
	cr_assert_eq(get("/sub/index.html", location), 301);
	cr_assert_str_eq(location, "/sub/index.html/");
}
