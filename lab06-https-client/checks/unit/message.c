/* SPDX-License-Identifier: MIT */
/* What a request looks like on the wire. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/message.h"

static struct options o;
static char *text;
static size_t size;

static void add(const char *line)
{
	o.headers[o.nheaders++] = (struct header){
		{ line, strcspn(line, ":") },
		line,
	};
}

static void is(bool home, enum message_body body, const char *path,
	       const char *want)
{
	struct message_blocks m;
	size_t n;

	cr_assert_eq(message_prepare(&m, &o), 0);
	n = message_build(&m, home, body, "PUT",
			  (struct slice){ path, strlen(path) }, "a.test:81",
			  &text, &size);
	message_free(&m);
	cr_assert(n == strlen(want) && !memcmp(text, want, n),
		  "%.*s instead of %s", (int)n, text, want);
}

Test(message, by_itself)
{
	is(true, MESSAGE_NONE, "/x?y",
	   "PUT /x?y HTTP/1.1\r\nHost: a.test:81\r\n"
	   "User-Agent: readylist-bot\r\n\r\n");
	is(true, MESSAGE_EMPTY, "",
	   "PUT / HTTP/1.1\r\nHost: a.test:81\r\n"
	   "User-Agent: readylist-bot\r\n"
	   "Content-Length: 0\r\n\r\n");
	o.data = (struct slice){ "abc", 3 };
	o.no_keepalive = true;
	is(true, MESSAGE_DATA, "?q",
	   "PUT /?q HTTP/1.1\r\nHost: a.test:81\r\n"
	   "User-Agent: readylist-bot\r\n"
	   "Content-Length: 3\r\nConnection: close\r\n\r\n");
}

Test(message, replaced)
{
	add("host: b.test");
	add("User-agent: me");
	add("ACCEPT:");
	add("Content-length: 5");
	o.data = (struct slice){ "abc", 3 };
	is(true, MESSAGE_DATA, "/",
	   "PUT / HTTP/1.1\r\nhost: b.test\r\nUser-agent: me\r\nACCEPT:\r\n"
	   "Content-length: 5\r\n\r\n");
}

/* What is sent of a body's fields without a body, and elsewhere. */
Test(message, redirected)
{
	add("Host: b.test");
	add("Authorization: secret");
	add("cookie: secret");
	add("Content-Type: text/plain");
	add("transfer-encoding: chunked");
	add("X-Mine: yes");
	is(true, MESSAGE_GONE, "/",
	   "PUT / HTTP/1.1\r\n"
	   "User-Agent: readylist-bot\r\nHost: b.test\r\n"
	   "Authorization: secret\r\ncookie: secret\r\nX-Mine: yes\r\n\r\n");
	is(false, MESSAGE_GONE, "/",
	   "PUT / HTTP/1.1\r\nHost: a.test:81\r\n"
	   "User-Agent: readylist-bot\r\nX-Mine: yes\r\n\r\n");
	is(false, MESSAGE_NONE, "/",
	   "PUT / HTTP/1.1\r\nHost: a.test:81\r\n"
	   "User-Agent: readylist-bot\r\n"
	   "Content-Type: text/plain\r\ntransfer-encoding: chunked\r\n"
	   "X-Mine: yes\r\n\r\n");
}
