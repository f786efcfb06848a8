/* SPDX-License-Identifier: MIT */
/* Requests of all kinds, in any order, whole and damaged; not in a handout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../httptest.h"
#include "vector.h"

#define CLIENTS	  8
#define REQUESTS  20
#define DAMAGED	  60
#define TEXT_MAX  (32 * 1024)
#define PIECE_MAX 600
#define FIELDS	  "Host: test\r\nAccept: */*\r\n"
#define CHUNKED	  "Transfer-Encoding: chunked\r\n"
#define SIX_IN_THREE \
	"3\r\nabc\r\n2 ;a=\"b\"\r\nde\r\n1\r\nf\r\n0\r\nA: b\r\n\r\n"

struct kind {
	const char *line;   /* with a file's number in place of %d */
	const char *fields; /* and the content that follows */
	int status;
	bool head; /* no content comes, whatever its length is */
};

static const struct kind kinds[] = {
	{ "GET /%d HTTP/1.1", FIELDS "\r\n", 200, false },
	{ "GET /%%3%d?a=b HTTP/1.1", FIELDS "\r\n", 200, false },
	{ "GET http://test/%d HTTP/1.1", FIELDS "\r\n", 200, false },
	{ "HEAD /%d HTTP/1.1", FIELDS "\r\n", 200, true },
	{ "GET /dir/../%d HTTP/1.1", FIELDS "Content-Length: 6\r\n\r\nGET / ",
	  200, false },
	{ "GET /%d HTTP/1.1", FIELDS CHUNKED "\r\n" SIX_IN_THREE, 200, false },
	{ "POST /%d HTTP/1.1", FIELDS CHUNKED "\r\n" SIX_IN_THREE, 405, false },
	{ "GET /missing/%d HTTP/1.1", FIELDS "\r\n", 404, false },
	{ "GET /dir?%d HTTP/1.1", FIELDS "\r\n", 301, false },
	{ "GET /%d HTTP/1.1", FIELDS "Range: bytes=99999-\r\n\r\n", 416,
	  false },
};

/* A pipeline, as bytes and as what it is made of. */
struct pipeline {
	struct peer *peer;
	const struct kind *kind[REQUESTS];
	int file[REQUESTS];
	char text[TEXT_MAX];
	size_t len, sent;
};

static void make(struct pipeline *p, size_t n)
{
	p->len = p->sent = 0;
	for (size_t i = 0; i < n; i++) {
		p->kind[i] = &kinds[judge_random_between(
			0, sizeof(kinds) / sizeof(kinds[0]) - 1)];
		p->file[i] = judge_random_between(0, HTTP_FILES - 1);
		p->len +=
			sprintf(p->text + p->len, p->kind[i]->line, p->file[i]);
		p->len +=
			sprintf(p->text + p->len, "\r\n%s", p->kind[i]->fields);
	}
}

static void send_piece(struct pipeline *p)
{
	size_t n = judge_random_between(1, PIECE_MAX);

	if (n > p->len - p->sent)
		n = p->len - p->sent;
	if (n)
		peer_send(p->peer, p->text + p->sent, n);
	p->sent += n;
}

static void expect_answers(struct pipeline *p)
{
	for (int i = 0; i < REQUESTS; i++) {
		const struct kind *kind = p->kind[i];
		const char *file = http_file(p->file[i]);

		judge_step("answer %d of %d, to %s", i + 1, REQUESTS,
			   kind->line);
		if (kind->head)
			http_expect_head(p->peer, kind->status, strlen(file));
		else if (kind->status == 200)
			http_expect_file(p->peer, p->file[i]);
		else
			http_expect(p->peer, kind->status, NULL, 0, false);
	}
}

static void pipelines(struct prog *srv)
{
	static struct pipeline p[CLIENTS];
	size_t left = CLIENTS;

	for (size_t i = 0; i < CLIENTS; i++) {
		make(&p[i], REQUESTS);
		p[i].peer = peer_connect(srv);
	}
	while (left) {
		left = 0;
		for (size_t i = 0; i < CLIENTS; i++) {
			send_piece(&p[i]);
			left += p[i].sent < p[i].len;
		}
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		expect_answers(&p[i]);
		peer_close(p[i].peer);
	}
}

GRADED(hidden, traffic_with_faults)
{
	static const struct chaos chaos = {
		.short_read = 30,
		.short_write = 30,
		.eintr = 10,
		.eagain = 40,
		.econnaborted = 10,
	};

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start_chaos(&chaos, http_models[m]);

		for (int i = 0; i < 2; i++)
			pipelines(srv);
		prog_stop(srv);
	}
}

/* Some bytes become others, which mean something in HTTP, or go. */
static void damage(struct pipeline *p)
{
	static const char bytes[] = "\r\n :;,0fF\t\"/%\0\x7f\x80";
	size_t times = judge_random_between(1, 3);

	for (size_t i = 0; i < times && p->len > 1; i++) {
		size_t at = judge_random_between(0, p->len - 1);

		if (judge_random_between(0, 1)) {
			p->text[at] = bytes[judge_random_between(
				0, sizeof(bytes) - 2)];
			continue;
		}
		memmove(p->text + at, p->text + at + 1, p->len - at - 1);
		p->len--;
	}
}

/*
 * ONE and OTHER are answers to the same bytes. Where they differ, is it within a
 * body or before it?
 */
static void about_splits(const char *one, const char *other)
{
	const char *line = one;
	bool in_body = false;

	for (size_t i = 0; one[i] && one[i] == other[i]; i++) {
		if (one[i] != '\n')
			continue;
		if (!strncmp(line, "length ", 7) ||
		    !strncmp(line, "chunked", 7))
			in_body = true;
		else if (!strncmp(line, "end\n", 4))
			in_body = false;
		line = one + i + 1;
	}
	if (in_body)
		judge_promise("Where they are split changes neither the");
	else
		judge_promise("The verdict does not depend on how the bytes");
}

GRADED(hidden, splits_of_damaged_requests)
{
	static struct pipeline p;
	struct prog *driver = prog_driver("request-driver");

	for (int i = 0; i < DAMAGED; i++) {
		char *whole;

		make(&p, 3);
		damage(&p);
		judge_step("damaged requests, number %d", i);
		vector_command(driver, "whole", p.text, p.len);
		whole = strdup(vector_answer(driver));
		if (!whole)
			judge_infra("no memory");
		vector_command(driver, "each", p.text, p.len);
		about_splits(whole, vector_answer(driver));
		vector_check(driver,
			     &(struct vector){ "as it was whole", p.text, p.len,
					       whole, NULL });
		free(whole);
	}
	prog_finish(driver);
}
