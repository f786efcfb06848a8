/* SPDX-License-Identifier: MIT */
/* Files that change while they are served, and those that are served anew. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/httptest.h"

/* Writes a line to PATH; "" for none. */
static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fprintf(f, *text ? "%s\n" : "%s", text) < 0 || fclose(f) != 0)
		judge_infra("cannot write %s", path);
}

/* As if PATH had been written a minute ago. */
static void age(const char *path)
{
	const struct timespec times[2] = {
		{ .tv_sec = time(NULL) - 60 },
		{ .tv_sec = time(NULL) - 60 },
	};

	if (utimensat(AT_FDCWD, path, times, 0) < 0)
		judge_infra("cannot set the time of %s", path);
}

/* An answer: its head, as lines, and its body, a line at most. */
struct got {
	int status;
	char head[4096];
	char body[4096];
};

static struct got get(struct peer *c, const char *path, const char *more)
{
	struct got got = { 0 };
	size_t len = 0, length = 0;
	const char *line;

	http_get(c, path, more);
	while (*(line = peer_line(c)) && strcmp(line, "\r") != 0) {
		sscanf(line, "HTTP/1.1 %d ", &got.status);
		sscanf(line, "Content-Length: %zu", &length);
		len += snprintf(got.head + len, sizeof(got.head) - len, "%s\n",
				line);
	}
	for (len = 0; got.status != 304 && len < length;) {
		line = peer_line(c);
		len += snprintf(got.body + len, sizeof(got.body) - len, "%s\n",
				line);
	}
	got.body[strcspn(got.body, "\n")] = '\0';
	return got;
}

static bool has(const struct got *got, const char *text)
{
	return strstr(got->head, text) != NULL;
}

#define CHECK_HAS(got, text, yes)                                             \
	judge_check(has(got, text) == (yes),                                  \
		    yes ? text " in the head" : "no " text, "this head:\n%s", \
		    (got)->head)

/* The field NAME of the head, as "NAME: value\r\n"; "" if it has none. */
static const char *field(const struct got *got, const char *name)
{
	static char text[256];
	const char *p = strstr(got->head, name);

	text[0] = '\0';
	if (p)
		snprintf(text, sizeof(text), "%.*s\r\n", (int)strcspn(p, "\r"),
			 p);
	return text;
}

GRADED(files, what_changed_just_now_is_not_kept)
{
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);
	struct got got;

	put("root/file", "");
	got = get(c, "/file", "");
	judge_check(!got.body[0], "an empty body", "\"%s\"", got.body);
	CHECK_HAS(&got, "\nETag:", false);
	CHECK_HAS(&got, "\nLast-Modified:", false);
	for (int i = 0; i < 10; i++) {
		char text[32];

		sprintf(text, "content %d", i);
		put("root/file", text);
		got = get(c, "/file", "");
		judge_check(strcmp(got.body, text) == 0,
			    "the content of this moment", "\"%s\"", got.body);
	}
	age("root/file");
	got = get(c, "/file", "");
	CHECK_HAS(&got, "\nETag: \"", true);
	CHECK_HAS(&got, "\nLast-Modified:", true);
	prog_stop(srv);
}

/* Two versions of one second must not be spliced. */
GRADED(files, no_range_of_what_changed_just_now)
{
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);
	char more[128], date[64];
	struct stat st;
	struct tm tm;
	struct got got;

	put("root/file", "aaaaaaaaaa");
	stat("root/file", &st);
	gmtime_r(&st.st_mtime, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	snprintf(more, sizeof(more), "Range: bytes=5-\r\nIf-Range: %s\r\n",
		 date);
	got = get(c, "/file", more);
	judge_check(got.status == 200, "200, with all of it", "%d", got.status);
	snprintf(more, sizeof(more), "If-Modified-Since: %s\r\n", date);
	got = get(c, "/file", more);
	judge_check(got.status == 200, "200", "%d", got.status);
	prog_stop(srv);
}

/* A large file is sent from a descriptor: its head must fit. */
GRADED(files, a_large_file_that_grows)
{
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);
	struct got got;
	FILE *f;

	age("root/big");
	peer_sendf(c, "HEAD /big HTTP/1.1\r\nHost: a\r\n\r\n");
	http_expect_head(c, 200, HTTP_BIG);
	f = fopen("root/big", "a");
	fputs("mor\n", f);
	fclose(f);
	got = get(c, "/big", "Range: bytes=-4\r\n");
	judge_check(strcmp(got.body, "mor") == 0, "the new end", "\"%s\"",
		    got.body);
	CHECK_HAS(&got, "\nETag:", false);
	prog_stop(srv);
}

GRADED(files, the_end_of_nothing)
{
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);
	struct got got;

	put("root/empty", "");
	age("root/empty");
	got = get(c, "/empty", "Range: bytes=-5\r\n");
	judge_check(got.status == 200, "200", "%d", got.status);
	got = get(c, "/empty", "Range: bytes=0-\r\n");
	judge_check(got.status == 416, "416", "%d", got.status);
	prog_stop(srv);
}

GRADED(files, sighup_opens_the_root_again)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--loops", "2",
					      "--access-log", "log");
		struct peer *c = peer_connect(srv);

		http_get(c, "/1", "");
		http_expect_file(c, 1);
		if (rename("root", "root.old") < 0 || mkdir("root", 0755) < 0 ||
		    rename("log", "log.old") < 0)
			judge_infra("cannot rename the root");
		put("root/1", "anew");
		prog_signal(srv, SIGHUP);
		judge_until(access("log", F_OK) == 0, "the log is there again");
		http_get(c, "/1", "");
		http_expect(c, 200, "anew\n", 5, false);
		prog_stop(srv);
		if (remove("root/1") < 0 || rmdir("root") < 0 ||
		    rename("root.old", "root") < 0)
			judge_infra("cannot rename the root back");
		remove("log");
		remove("log.old");
	}
}

GRADED(files, names_with_a_dot)
{
	static const char *const paths[] = { "/.env", "/.git/config", "/%2eenv",
					     "/.git/", "/x/../.env" };
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);

	put("root/.env", "secret");
	mkdir("root/.git", 0755);
	put("root/.git/config", "secret");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct got got = get(c, paths[i], "");

		judge_check(got.status == 404, "404", "%d for %s", got.status,
			    paths[i]);
	}
	prog_stop(srv);
	srv = http_start("inline", "--dot-files");
	c = peer_connect(srv);
	http_get(c, "/.env", "");
	http_expect(c, 200, "secret\n", 7, false);
	prog_stop(srv);
}

GRADED(files, the_page_of_figures_moves)
{
	struct prog *srv = http_start("inline", "--status", "off");
	struct peer *c = peer_connect(srv);
	struct got got = get(c, "/status.json", "");

	judge_check(got.status == 404, "404", "%d", got.status);
	prog_stop(srv);
	srv = http_start("inline", "--status", "/inner/figures");
	c = peer_connect(srv);
	got = get(c, "/status", "");
	judge_check(got.status == 404, "404", "%d", got.status);
	got = get(c, "/inner/figures.json", "");
	judge_check(got.status == 200, "200", "%d", got.status);
	CHECK_HAS(&got, "\nContent-Type: application/json", true);
	prog_stop(srv);
}

GRADED(files, types)
{
	static const char *const types[][2] = {
		{ "a.wav", "\nContent-Type: audio/" },
		{ "a.m4a", "\nContent-Type: audio/" },
		{ "a.flac", "\nContent-Type: audio/flac" },
		{ "a.vtt", "\nContent-Type: text/vtt" },
		{ "a.mov", "\nContent-Type: video/quicktime" },
		{ "a.opus", "\nContent-Type: audio/" },
		{ "a.yaml", "\nContent-Type: application/yaml" },
		{ "a.css", "\nContent-Type: text/css; charset=utf-8" },
		{ "a.nothing", "\nContent-Type: application/octet-stream" },
	};
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char path[32];
		struct got got;

		sprintf(path, "root/%s", types[i][0]);
		put(path, "x");
		got = get(c, path + 4, "");
		judge_check(has(&got, types[i][1]), types[i][1] + 1,
			    "for %s:\n%s", types[i][0], got.head);
	}
	prog_stop(srv);
}

GRADED(files, compressed_beforehand)
{
	static const struct {
		const char *accept, *body, *encoding;
	} cases[] = {
		{ "", "plain", "" },
		{ "Accept-Encoding: gzip, br\r\n", "brotli",
		  "Content-Encoding: br\r\n" },
		{ "Accept-Encoding: gzip;q=0.5\r\n", "gz",
		  "Content-Encoding: gzip\r\n" },
		{ "Accept-Encoding: br;q=0, gzip\r\n", "gz",
		  "Content-Encoding: gzip\r\n" },
		{ "Accept-Encoding: br; q=0.000, *\r\n", "gz",
		  "Content-Encoding: gzip\r\n" },
		{ "Accept-Encoding: identity\r\n", "plain", "" },
		{ "Accept-Encoding: *;q=0\r\n", "plain", "" },
	};
	struct prog *srv;
	struct peer *c;
	struct got got;

	mkdir("root", 0755);
	put("root/a.css", "plain");
	put("root/a.css.gz", "gz");
	put("root/a.css.br", "brotli");
	put("root/b.css", "plain");
	srv = http_start("inline");
	c = peer_connect(srv);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			got = get(c, "/a.css", cases[i].accept);
			judge_check(strcmp(got.body, cases[i].body) == 0,
				    cases[i].body, "%s for %s", got.body,
				    cases[i].accept);
			judge_check(strcmp(field(&got, "Content-Encoding: "),
					   cases[i].encoding) == 0,
				    "the right Content-Encoding", "%s",
				    got.head);
			CHECK_HAS(&got, "\nVary: Accept-Encoding", true);
			CHECK_HAS(&got, "\nContent-Type: text/css", true);
		}
		age("root/a.css");
		age("root/a.css.gz");
		age("root/a.css.br");
	}
	got = get(c, "/b.css", "Accept-Encoding: br\r\n");
	CHECK_HAS(&got, "\nVary:", false);
	put("root/a.css", "newer");
	got = get(c, "/a.css", "Accept-Encoding: br\r\n");
	prog_stop(srv);
	srv = http_start("inline");
	c = peer_connect(srv);
	got = get(c, "/a.css", "Accept-Encoding: br\r\n");
	judge_check(strcmp(got.body, "newer") == 0,
		    "the file, as what is beside it is older", "%s", got.body);
	prog_stop(srv);
}

GRADED(files, heads_as_the_operator_wants_them)
{
	struct prog *srv = http_start("inline", "--cache-control",
				      "max-age=60, public", "--nosniff");
	struct peer *c = peer_connect(srv);
	char more[256] = "If-None-Match: ";
	struct got got;

	age("root/1");
	got = get(c, "/1", "");
	CHECK_HAS(&got, "\nCache-Control: max-age=60, public\r", true);
	CHECK_HAS(&got, "\nX-Content-Type-Options: nosniff\r", true);
	strcat(more, field(&got, "ETag: ") + 6);
	got = get(c, "/1", more);
	judge_check(got.status == 304, "304", "%d", got.status);
	CHECK_HAS(&got, "\nCache-Control: max-age=60, public\r", true);
	got = get(c, "/nothing", "");
	CHECK_HAS(&got, "\nCache-Control", false);
	prog_stop(srv);
}

/* A request's line in the log: what was sent, not what was meant. */
GRADED(files, the_log_says_what_was_sent)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv =
			http_start(http_models[m], "--access-log", "log");
		struct peer *c = peer_connect_small(srv, 4096);
		char line[512] = "";
		int status, bytes = -1;
		FILE *f;

		http_get(c, "/big", "");
		peer_expectf(c, "HTTP/1.1 200 OK\r\n");
		peer_reset(c);
		prog_stop(srv);
		f = fopen("log", "r");
		if (!f || !fgets(line, sizeof(line), f))
			judge_infra("cannot read the log");
		fclose(f);
		sscanf(line,
		       "127.0.0.1 - - %*[^]]] \"GET /big HTTP/1.1\" %d %d",
		       &status, &bytes);
		judge_check(bytes >= 0 && bytes < (int)HTTP_BIG,
			    "fewer bytes than the file has", "%s", line);
		remove("log");
	}
}
