/* SPDX-License-Identifier: MIT */
/*
 * Nearly every answer is the one that filecache has prepared: a whole file for
 * an HTTP/1.1 client that keeps the connection. It costs a lookup and no copy.
 * This file puts all others together.
 */
#include "answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "path.h"
#include "status.h"
#include "util.h"

#define NAME_SIZE 4096 /* PATH_MAX */
#define INDEX	  "index.html"

/* What is being answered. */
struct question {
	const struct site *site;
	const struct request *r;
	const char *head;
	time_t now;
};

void answer_free(struct answer *a)
{
	file_release(a->file);
	free(a->owned);
	a->file = NULL;
	a->owned = NULL;
	a->left = 0;
}

static void set_head(struct answer *a, char *at, const struct answer_head *head)
{
	a->status = head->status;
	a->head = (struct slice){ at, answer_head_write(at, head) };
}

/* What the head of the answer to *R always says. */
static struct answer_head head_for(const struct answer *a, int status,
				   const struct request *r)
{
	return (struct answer_head){
		.status = status,
		.minor = r->minor,
		.keep_alive = a->keep_alive,
		.now = time(NULL),
	};
}

/* A page that says STATUS, and in its head what else HEAD has. */
static void put_page(struct answer *a, struct answer_head *head,
		     const struct request *r)
{
	char *page = a->small + ANSWER_HEAD_MAX;
	char *at = a->owned ? a->owned : a->small;

	head->type = "text/html";
	head->length = answer_error_page(page, head->status);
	set_head(a, at, head);
	a->length = r->method == HTTP_HEAD ? 0 : head->length;
	a->body = (struct slice){ page, a->length };
}

void answer_error(struct answer *a, int status, const struct request *r,
		  bool keep_alive)
{
	struct answer_head head;

	a->keep_alive = keep_alive;
	head = head_for(a, status, r);
	put_page(a, &head, r);
}

/*
 * The directory NAME was asked for without its last "/". What the client wrote
 * is not sent back: to a browser "//host" and "/\host" are another site, and so
 * is "/\host/../dir", which is ours.
 */
static void answer_redirect(struct answer *a, const char *name,
			    const struct question *q)
{
	struct answer_head head = head_for(a, 301, q->r);
	struct slice query = span_slice(q->head, q->r->target.query);
	size_t size = 3 * strlen(name) + query.len + sizeof("//?");
	char *location, *p;

	a->owned = malloc(ANSWER_HEAD_MAX + 2 * size);
	if (!a->owned) {
		answer_error(a, 503, q->r, false);
		return;
	}
	location = a->owned + ANSWER_HEAD_MAX + size;
	p = location;
	*p++ = '/';
	p = path_encode(p, name);
	*p++ = '/';
	if (query.len) {
		*p++ = '?';
		p = mempcpy(p, query.p, query.len);
	}
	*p = '\0';
	head.location = location;
	put_page(a, &head, q->r);
}

/* The bytes FIRST to FIRST + LENGTH of the file follow the head. */
static void put_content(struct answer *a, uint64_t first, uint64_t length)
{
	const struct file *f = a->file;

	a->length = length;
	if (f->fd < 0) {
		a->body.p = f->bytes + f->head_len + first;
		a->body.len = length;
	} else {
		a->from = first;
		a->left = length;
	}
}

/* Does the head that filecache has prepared fit? */
static bool is_plain(const struct answer *a, const struct question *q)
{
	const uint8_t *known = q->r->known;

	return a->keep_alive && q->r->minor &&
	       !(known[FIELD_IF_MATCH] | known[FIELD_IF_UNMODIFIED_SINCE] |
		 known[FIELD_IF_NONE_MATCH] | known[FIELD_IF_MODIFIED_SINCE] |
		 known[FIELD_RANGE]) &&
	       a->file->second == q->now;
}

/* 200, 206 or 304. */
static void put_file(struct answer *a, const struct question *q, int status,
		     const struct range *range)
{
	struct file *f = a->file;
	struct answer_head head = head_for(a, status, q->r);
	uint64_t first = 0, length = f->version.size;

	if (status == 206) {
		first = range->first;
		length = range->last - range->first + 1;
		head.range = range;
	}
	head.version = &f->version;
	head.encoding = status == 304 ? NULL : encoding_name[f->encoding];
	head.varies = f->encoding || f->compressed;
	head.policy = &q->site->policy;
	head.length = length;
	if (status != 304)
		head.type = f->type;
	set_head(a, a->small, &head);
	if (q->r->method != HTTP_HEAD && status != 304)
		put_content(a, first, length);
}

static void answer_file(struct answer *a, const struct question *q)
{
	const struct version *v = &a->file->version;
	struct answer_head head;
	struct range range;
	int status;

	if (is_plain(a, q)) {
		a->status = 200;
		a->head.p = a->file->bytes;
		a->head.len = a->file->head_len;
		if (q->r->method != HTTP_HEAD)
			put_content(a, 0, v->size);
		return;
	}
	status = condition_status(q->r, q->head, v);
	if (status == 200)
		status = condition_range(q->r, q->head, v, &range);
	if (status < 400) {
		put_file(a, q, status, &range);
		return;
	}
	head = head_for(a, status, q->r);
	head.version = status == 416 ? v : NULL;
	put_page(a, &head, q->r);
}

/*
 * "" and "a/" are directories: their index is meant, and 1 returned. 0: NAME is
 * what was asked for.
 */
static int file_name(char name[NAME_SIZE], struct slice path)
{
	size_t len;

	if (path_decode(path, name, NAME_SIZE - sizeof(INDEX)) < 0)
		return -1;
	len = strlen(name);
	if (len == 1 && name[0] == '.')
		len = 0;
	else if (name[len - 1] != '/')
		return 0;
	memcpy(name + len, INDEX, sizeof(INDEX));
	return 1;
}

static void put_status(struct answer *a, const struct question *q, bool json)
{
	struct answer_head head = head_for(a, 200, q->r);

	head.type = json ? "application/json" : "text/html; charset=utf-8";
	head.length = status_page(q->site->status, json, &a->owned);
	if (!head.length) {
		answer_error(a, 503, q->r, a->keep_alive);
		return;
	}
	set_head(a, a->small, &head);
	a->length = q->r->method == HTTP_HEAD ? 0 : head.length;
	a->body = (struct slice){ a->owned, a->length };
}

/* The page of the figures, if NAME is that. */
static bool answer_status(struct answer *a, const struct question *q,
			  const char *name)
{
	const char *status = q->site->status_name;
	size_t len;

	if (!status || name[0] != status[0])
		return false;
	len = strlen(status);
	if (strncmp(name, status, len) != 0 ||
	    (name[len] && strcmp(name + len, ".json") != 0))
		return false;
	put_status(a, q, name[len]);
	return true;
}

/* Does a segment of NAME begin with a dot? */
static bool is_dot_file(const char *name)
{
	return name[0] == '.' || strstr(name, "/.");
}

/* The file NAME, compressed if there is such a one and the client takes it. */
static struct file *find_file(const struct question *q, const char *name)
{
	struct filecache *cache = q->site->cache;
	struct file *f, *better;
	encodings wanted;

	f = filecache_open(cache, name, ENCODING_NONE, q->now);
	if (!f || !f->compressed)
		return f;
	wanted = f->compressed & encoding_accepted(q->r, q->head);
	for (int e = ENCODINGS - 1; e > ENCODING_NONE; e--) {
		if (!(wanted >> e & 1))
			continue;
		better = filecache_open(cache, name, e, q->now);
		if (better) {
			file_release(f);
			return better;
		}
	}
	return f;
}

void answer_make(struct answer *a, struct site *site, const struct request *r,
		 const char *head, bool keep_alive)
{
	const struct question q = { site, r, head, time(NULL) };
	char name[NAME_SIZE];
	int is_index;

	a->body.len = 0;
	a->left = a->length = 0;
	a->keep_alive =
		keep_alive && r->keep_alive &&
		!atomic_load_explicit(&site->closing, memory_order_relaxed);
	if (r->method != HTTP_GET && r->method != HTTP_HEAD) {
		answer_error(a, r->method == HTTP_OTHER ? 501 : 405, r,
			     a->keep_alive);
		return;
	}
	is_index = file_name(name, span_slice(head, r->target.path));
	if (is_index < 0) {
		answer_error(a, path_status(errno), r, a->keep_alive);
		return;
	}
	if (answer_status(a, &q, name))
		return;
	if (!site->dot_files && is_dot_file(name)) {
		answer_error(a, 404, r, a->keep_alive);
		return;
	}
	a->file = find_file(&q, name);
	if (a->file)
		answer_file(a, &q);
	else if (errno == EISDIR && !is_index)
		answer_redirect(a, name, &q);
	else
		answer_error(a, path_status(errno), r, a->keep_alive);
}
