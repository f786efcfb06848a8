/* SPDX-License-Identifier: MIT */
#include "fwdtest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX (1u << 20)

void write_whole_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, strlen(text), f) != strlen(text) ||
	    fclose(f) != 0)
		judge_infra("cannot write %s", path);
}

const char *read_whole_file(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		judge_infra("cannot read %s", path);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void write_rules(const char *path, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		judge_infra("no memory");
	judge_step("the rules file: %s", text);
	write_whole_file(path, text);
	free(text);
}

void fwd_write(const struct fwd *f, const char *rules_fmt, ...)
{
	va_list ap;

	va_start(ap, rules_fmt);
	write_rules(f->path, rules_fmt, ap);
	va_end(ap);
}

static void take_listening(struct fwd *f, size_t i)
{
	const char *line = prog_line(f->p);

	judge_check(sscanf(line, "listening on %159s %64s", f->at[i],
			   f->id[i]) == 2,
		    "listening on HOST:PORT ID", "%s", line);
}

static struct fwd *start(const struct fwd_opts *opts, size_t listeners,
			 const char *fmt, va_list ap)
{
	static unsigned int number;
	struct prog_opts prog = opts ? opts->prog : (struct prog_opts){ 0 };
	struct fwd *f = calloc(1, sizeof(*f));
	const char *args[12] = { "-f", NULL, "--drain", "0" };
	size_t n = opts && opts->drains ? 2 : 4;
	char *path;

	if (!f || asprintf(&path, "%s/rules-%u", judge_folder(), ++number) < 0)
		judge_infra("no memory");
	f->path = path;
	f->n = listeners;
	write_rules(path, fmt, ap);
	args[1] = path;
	for (size_t i = 0; opts && opts->args[i]; i++)
		args[n++] = opts->args[i];
	args[n] = NULL;
	prog.no_listen = true;
	f->p = prog_spawn(&prog, "forwarder", args);
	for (size_t i = 0; i < listeners; i++)
		take_listening(f, i);
	return f;
}

struct fwd *fwd_start_opts(const struct fwd_opts *opts, size_t listeners,
			   const char *rules_fmt, ...)
{
	struct fwd *f;
	va_list ap;

	va_start(ap, rules_fmt);
	f = start(opts, listeners, rules_fmt, ap);
	va_end(ap);
	return f;
}

struct fwd *fwd_start(size_t listeners, const char *rules_fmt, ...)
{
	struct fwd *f;
	va_list ap;

	va_start(ap, rules_fmt);
	f = start(NULL, listeners, rules_fmt, ap);
	va_end(ap);
	return f;
}

struct peer *fwd_client(const struct fwd *f, size_t i, const char *from)
{
	return peer_dial_opts(f->at[i], &(struct peer_opts){ .from = from });
}

void fwd_says(struct fwd *f, const char *text)
{
	char what[200];

	snprintf(what, sizeof(what), "\"%.150s\" is on standard error", text);
	judge_until_detail(strstr(prog_errors(f->p), text), what,
			   "there is:\n%s", prog_errors(f->p));
}

size_t fwd_said(struct fwd *f, const char *text)
{
	size_t n = 0;

	for (const char *at = prog_errors(f->p); (at = strstr(at, text));
	     at += strlen(text))
		n++;
	return n;
}

static long long number_or_dash(const char *text)
{
	return strcmp(text, "-") == 0 ? -1 : atoll(text);
}

struct fwd_line fwd_line(struct fwd *f, const char *client)
{
	char mark[100], connect[32], total[32], up[32], down[32];
	struct fwd_line l;
	const char *at, *end;

	snprintf(mark, sizeof(mark), "client=%s ", client);
	judge_until_detail((at = strstr(prog_errors(f->p), mark)) &&
				   strchr(at, '\n'),
			   "there is a line for this connection",
			   "no %s in:\n%s", mark, prog_errors(f->p));
	end = strchr(at, '\n');
	judge_step("%.*s", (int)(end - at), at);
	judge_check(sscanf(at,
			   "client=%79s listener=%159s id=%64s server=%79s "
			   "up=%31s down=%31s connect_us=%31s total_ms=%31s "
			   "reason=%31s",
			   l.client, l.listener, l.id, l.server, up, down,
			   connect, total, l.reason) == 9,
		    "client= listener= id= server= up= down= connect_us="
		    " total_ms= reason=",
		    "%.*s", (int)(end - at), at);
	l.up = strtoull(up, NULL, 10);
	l.down = strtoull(down, NULL, 10);
	l.connect_us = number_or_dash(connect);
	l.total_ms = number_or_dash(total);
	return l;
}

void fwd_expect_reason(struct fwd *f, const char *client, const char *want)
{
	struct fwd_line line = fwd_line(f, client);

	judge_check(strcmp(line.reason, want) == 0, want, "reason=%s",
		    line.reason);
}

void fwd_turned_away(struct fwd *f, const char *from, const char *why)
{
	struct peer *c = fwd_client(f, 0, from);
	char client[80];

	strcpy(client, peer_local(c));
	peer_expect_closed(c);
	fwd_expect_reason(f, client, why);
	peer_close(c);
}

struct peer *fwd_let_in(struct fwd *f, const char *from,
			struct peer_listener *l, struct peer **server)
{
	struct peer *c = fwd_client(f, 0, from);

	*server = peer_accept(l);
	peer_across(c, 10, *server, 10);
	return c;
}

void fwd_leave(struct fwd *f, struct peer *c, struct peer *s)
{
	char client[80];

	strcpy(client, peer_local(c));
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
	fwd_expect_reason(f, client, "client-closed");
}

struct peer *fwd_manage(const struct fwd *f, size_t i)
{
	struct peer *m = fwd_client(f, i, NULL);

	peer_expect(m, "> ", 2);
	return m;
}

static const char *answer(struct peer *m)
{
	static char text[ANSWER_MAX];
	char byte[1];
	size_t len = 0;

	for (;;) {
		peer_take(m, byte, 1);
		if (*byte == '\r')
			continue;
		text[len++] = *byte;
		if (len >= 2 && memcmp(text + len - 2, "> ", 2) == 0 &&
		    (len == 2 || text[len - 3] == '\n'))
			break;
		judge_check(len < sizeof(text), "a prompt behind the answer",
			    "1 MiB without one");
	}
	text[len - 2] = '\0';
	return text;
}

const char *fwd_ask(struct peer *m, const char *fmt, ...)
{
	char *command;
	const char *got;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&command, fmt, ap) < 0)
		judge_infra("no memory");
	va_end(ap);
	peer_sendf(m, "%s\n", command);
	free(command);
	got = answer(m);
	judge_step("the answer: %s", got);
	return got;
}

void fwd_expect(struct peer *m, const char *command, const char *want)
{
	const char *got = fwd_ask(m, "%s", command);
	size_t len = strlen(want);

	judge_check(strncmp(got, want, len) == 0 &&
			    strcmp(got + len, *want ? "\n" : "") == 0,
		    want, "%s", got);
}

void fwd_count(const struct fwd *f, size_t i, struct peer_listener *const l[],
	       size_t n, size_t connections, size_t count[])
{
	memset(count, 0, n * sizeof(count[0]));
	while (connections--) {
		struct peer *c = fwd_client(f, i, NULL), *s;
		size_t which;

		peer_send(c, "x", 1);
		s = peer_accept_any(l, n, &which);
		peer_expect(s, "x", 1);
		count[which]++;
		peer_close(s);
		peer_expect_eof(c);
		peer_close(c);
	}
}
