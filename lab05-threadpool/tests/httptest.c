/* SPDX-License-Identifier: MIT */
#include "httptest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const http_models[3] = { "inline", "reactor", "proactor" };

const char *http_file(int i)
{
	static char text[HTTP_FILES][1024];

	if (!text[i][0]) {
		size_t len = sprintf(text[i], "file %d:", i);

		memset(text[i] + len, 'a' + i, 100 * i + 1);
		text[i][len + 100 * i + 1] = '\n';
	}
	return text[i];
}

const void *http_big(void)
{
	static void *big;

	if (!big)
		big = judge_bytes(HTTP_BIG);
	return big;
}

static void write_file(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		judge_infra("cannot write %s", path);
}

static void make_site(void)
{
	char path[64];

	if ((mkdir("root", 0755) < 0 || mkdir("root/dir", 0755) < 0) &&
	    errno != EEXIST)
		judge_infra("cannot make the site");
	for (int i = 0; i < HTTP_FILES; i++) {
		sprintf(path, "root/%d", i);
		write_file(path, http_file(i), strlen(http_file(i)));
	}
	write_file("root/big", http_big(), HTTP_BIG);
	write_file("root/dir/index.html", "index", 5);
	write_file("outside", "secret\n", 7);
	if (symlink("../outside", "root/link") < 0 && errno != EEXIST)
		judge_infra("cannot make the site");
}

struct prog *http_startv(const struct prog_opts *opts, const char *const *words)
{
	static const struct prog_opts none;
	const char *args[32] = { "--root", "root", "--listen", "127.0.0.1:0",
				 "--model" };
	size_t n = 5;

	make_site();
	while (*words)
		args[n++] = *words++;
	args[n] = NULL;
	return prog_spawn(opts ? opts : &none, "httpd", args);
}

struct prog *http_start_chaos(const struct chaos *chaos, const char *model)
{
	const struct prog_opts opts = { .chaos = chaos };

	return http_startv(&opts, (const char *[]){ model, NULL });
}

void http_get(struct peer *c, const char *path, const char *more)
{
	peer_sendf(c, "GET %s HTTP/1.1\r\nHost: test\r\n%s\r\n", path, more);
}

struct head {
	int status;
	size_t length;
	bool closes;
};

static void read_head(struct peer *c, struct head *head)
{
	const char *line = peer_line(c);

	*head = (struct head){ 0 };
	if (sscanf(line, "HTTP/1.1 %d ", &head->status) != 1)
		judge_fail(OUTCOME_FAIL, "a status line", "\"%s\"", line);
	while (*(line = peer_line(c)) && strcmp(line, "\r") != 0) {
		sscanf(line, "Content-Length: %zu", &head->length);
		if (strcmp(line, "Connection: close\r") == 0)
			head->closes = true;
	}
}

/* Takes N bytes of text, whole lines, off the stream. */
static void skip(struct peer *c, size_t n)
{
	while (n) {
		size_t got = strlen(peer_line(c)) + 1;

		judge_check(got <= n, "a line's end before the content's",
			    "%zu bytes more", got - n);
		n -= got;
	}
}

/* Reads a head with these values; LEN: NULL for any. */
static void expect_head(struct peer *c, struct head *head, int status,
			const size_t *len, bool closes)
{
	char want[64];

	read_head(c, head);
	snprintf(want, sizeof(want), "an answer with status %d", status);
	judge_check(head->status == status, want, "status %d", head->status);
	if (len) {
		snprintf(want, sizeof(want), "Content-Length: %zu", *len);
		judge_check(head->length == *len, want,
			    "Content-Length: %zu (the answer to another "
			    "request, or another client's?)",
			    head->length);
	}
	judge_check(head->closes == closes,
		    closes ? "\"Connection: close\" in the answer"
			   : "no \"Connection: close\" in the answer",
		    closes ? "none" : "one");
}

void http_expect(struct peer *c, int status, const void *content, size_t len,
		 bool closes)
{
	struct head head;

	expect_head(c, &head, status, content ? &len : NULL, closes);
	if (content)
		peer_expect(c, content, len);
	else
		skip(c, head.length);
}

void http_expect_head(struct peer *c, int status, size_t len)
{
	struct head head;

	expect_head(c, &head, status, &len, false);
}

void http_expect_file(struct peer *c, int i)
{
	http_expect(c, 200, http_file(i), strlen(http_file(i)), false);
}

void http_expect_big(struct peer *c)
{
	http_expect(c, 200, http_big(), HTTP_BIG, false);
}

int http_status(struct peer *c)
{
	struct head head;

	read_head(c, &head);
	skip(c, head.length);
	return head.status;
}

static long sum_of(const char *text)
{
	long sum = 0;

	for (char *end; *text; text = end) {
		while (*text == ' ' || *text == '[' || *text == ',')
			text++;
		sum += strtol(text, &end, 10);
		if (end == text)
			break;
	}
	return sum;
}

long http_figure(struct prog *srv, const char *name)
{
	struct peer *c = peer_connect(srv);
	char key[64];
	long sum = -1;

	sprintf(key, "  \"%s\": ", name);
	http_get(c, "/status.json", "Connection: close\r\n");
	for (;;) {
		const char *line = peer_line(c);

		if (strncmp(line, key, strlen(key)) == 0)
			sum = sum_of(line + strlen(key));
		if (strcmp(line, "}") == 0)
			break;
	}
	peer_close(c);
	return sum;
}
