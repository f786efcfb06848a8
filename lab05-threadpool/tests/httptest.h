/* SPDX-License-Identifier: MIT */
/*
 * httptest - httpd with a site of known files, and answers that are looked at.
 */
#ifndef LAB05_TESTS_HTTPTEST_H
#define LAB05_TESTS_HTTPTEST_H

#include "judge.h"

/*
 * The site: "/0" to "/7", each of other content; "/big", of HTTP_BIG bytes;
 * "/dir/index.html"; and beside the root, "outside" with the line "secret".
 */
#define HTTP_FILES 8
#define HTTP_BIG   (4u << 20)

/* The models that dispatch knows. */
extern const char *const http_models[3];

/* The site, and httpd with it: the model, then further options. */
#define http_start(...) http_startv(NULL, (const char *[]){ __VA_ARGS__, NULL })
struct prog *http_startv(const struct prog_opts *opts,
			 const char *const *words);

/* The site, and httpd in that model with these faults. */
struct prog *http_start_chaos(const struct chaos *chaos, const char *model);

/* The content of "/I" and of "/big". */
const char *http_file(int i);
const void *http_big(void);

/* Sends "GET PATH" with a Host field and the lines MORE ("A: b\r\n", ""). */
void http_get(struct peer *c, const char *path, const char *more);

/*
 * Reads an answer, which must have this status and this content; NULL: any,
 * which is not looked at. CLOSES: it must say "Connection: close", or must not.
 */
void http_expect(struct peer *c, int status, const void *content, size_t len,
		 bool closes);

/* The answer to a HEAD, of content that is LEN bytes long; it goes on. */
void http_expect_head(struct peer *c, int status, size_t len);

/* The answer to a GET of "/I" that goes on, and of "/big". */
void http_expect_file(struct peer *c, int i);
void http_expect_big(struct peer *c);

/* Reads an answer and returns its status; its content is any. */
int http_status(struct peer *c);

/* The sum of the list NAME in /status.json, or the number. */
long http_figure(struct prog *srv, const char *name);

#endif
