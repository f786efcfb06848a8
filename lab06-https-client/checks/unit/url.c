/* SPDX-License-Identifier: MIT */
/* URLs as they are taken apart, and what references to others mean. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "url/url.h"
#include "url/url_list.h"
#include "util.h"

static void is(const char *text, bool tls, const char *host, unsigned int port,
	       const char *path)
{
	const char *why = "";
	struct url u;

	cr_assert_eq(url_parse(&u, text, strlen(text), &why), 0, "%s: %s", text,
		     why);
	cr_assert_eq(u.tls, tls, "%s", text);
	cr_assert_eq(u.port, port, "%s: %u", text, u.port);
	cr_assert(u.host.len == strlen(host) &&
			  !memcmp(u.host.p, host, u.host.len),
		  "%s: %.*s", text, (int)u.host.len, u.host.p);
	cr_assert(u.path.len == strlen(path) &&
			  !memcmp(u.path.p, path, u.path.len),
		  "%s: %.*s", text, (int)u.path.len, u.path.p);
}

Test(url, good)
{
	is("http://a.test", false, "a.test", 80, "");
	is("HTTPS://A.test/", true, "A.test", 443, "/");
	is("http://a.test:8080/x/../y?q=1#part", false, "a.test", 8080,
	   "/x/../y?q=1");
	is("http://a.test:/x", false, "a.test", 80, "/x");
	is("https://[::1]:65535?q", true, "::1", 65535, "?q");
	is("http://127.0.0.1:1/%41?a?b", false, "127.0.0.1", 1, "/%41?a?b");
	is("http://a.test#f/x", false, "a.test", 80, "");
	is("http://a.test?x@y", false, "a.test", 80, "?x@y");
}

Test(url, bad)
{
	static const char *const texts[] = {
		"",
		"a.test",
		"ftp://a.test/",
		"http:/a.test",
		"http://",
		"http:///x",
		"http://u@a.test/",
		"http://u:p@a.test/",
		"http://a.test:0/",
		"http://a.test:65536/",
		"http://a.test:99999999999999999999/",
		"http://a.test:8o/",
		"http://[::1/",
		"http://[a.test]/",
		"http://[::1]x/",
		"http://a b/",
		"http://a.test/ x",
		"http://a.test/\x7f",
		"http://a.test/\xc3\xa4",
		"http://a]b/",
		"http://::1/",
	};
	const char *why;
	struct url u;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		why = NULL;
		cr_assert_eq(url_parse(&u, texts[i], strlen(texts[i]), &why),
			     -1, "%s", texts[i]);
		cr_assert(why, "%s", texts[i]);
	}
}

static void leads(const char *reference, const char *want)
{
	static const char text[] = "http://a.test:8000/b/c/d;p?q";
	const char *why;
	struct url base;
	char *got;

	cr_assert_eq(url_parse(&base, text, strlen(text), &why), 0);
	got = url_resolve(&base,
			  (struct slice){ reference, strlen(reference) });
	cr_assert_str_eq(got, want, "%s: %s", reference, got);
	free(got);
}

/* The examples of RFC 3986 5.4 among them. */
Test(url, resolve)
{
	leads("http://b.test/../x", "http://b.test/../x");
	leads("//b.test/x", "http://b.test/x");
	leads("/g", "http://a.test:8000/g");
	leads("g", "http://a.test:8000/b/c/g");
	leads("./g", "http://a.test:8000/b/c/g");
	leads("g/", "http://a.test:8000/b/c/g/");
	leads("?y", "http://a.test:8000/b/c/d;p?y");
	leads("g?y", "http://a.test:8000/b/c/g?y");
	leads("#s", "http://a.test:8000/b/c/d;p?q");
	leads(".", "http://a.test:8000/b/c/");
	leads("..", "http://a.test:8000/b/");
	leads("../g", "http://a.test:8000/b/g");
	leads("../..", "http://a.test:8000/");
	leads("../../../g", "http://a.test:8000/g");
	leads("/./g", "http://a.test:8000/g");
	leads("/../g", "http://a.test:8000/g");
	leads("g.", "http://a.test:8000/b/c/g.");
	leads("..g", "http://a.test:8000/b/c/..g");
	leads("g?y/../x", "http://a.test:8000/b/c/g?y/../x");
	leads("g h", "http://a.test:8000/b/c/g%20h");
	leads("\xc3\xa4", "http://a.test:8000/b/c/%C3%A4");
	leads("mailto:x", "mailto:x");
}

Test(url_list, file)
{
	static const char text[] = "# comment\r\n"
				   "\n"
				   "http://a.test/1\r\n"
				   "HEAD http://a.test/2\n"
				   "no url\n"
				   "http://a.test/ 3\n"
				   "https://a.test/4";
	char name[] = "/tmp/url_list.XXXXXX";
	struct url_list l;
	int fd = mkstemp(name);

	cr_assert(fd >= 0 &&
		  write(fd, text, sizeof(text) - 1) == sizeof(text) - 1);
	close(fd);
	url_list_init(&l);
	cr_assert_eq(url_list_read(&l, name), 0);
	unlink(name);
	cr_assert_eq(l.count, 3);
	cr_assert_eq(l.bad, 2);
	cr_assert_null(l.lines[0].method);
	cr_assert_str_eq(l.lines[1].method, "HEAD");
	cr_assert(l.lines[2].url.tls);
	url_list_free(&l);
	cr_assert_eq(url_list_read(&l, "/nonexistent"), -1);
}
