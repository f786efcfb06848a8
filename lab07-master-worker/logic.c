/* SPDX-License-Identifier: MIT */
/*
 * A handler is two functions: one that reads the body, and one that does what
 * takes time. A code is an index into the table, and a hole in the table is a
 * code that nobody serves.
 *
 * An answer is built byte by byte into memory that was wiped before. Were it
 * built in memory as malloc(3) returns it, the bytes behind a short name would
 * be whatever lay there last: another client's password, for example.
 */
#include "logic.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "util.h"

#define RESULT_SIZE 4 /* an i32 */
#define TYPE_SIZE   4

struct logic_handler {
	/* Fills in W from the body; whether the body is as it should be. */
	bool (*read)(struct logic_work *w, const struct frame *f);
	/* Does it; NULL: there is nothing to do, and the answer is the header. */
	enum logic_result (*run)(const struct logic_work *w,
				 const struct logic_accounts *accounts);
};

/* How many bytes the UTF-8 form has that begins with FIRST; 0: none does. */
static size_t utf8_bytes(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0)
		return 0; /* goes on with a form */
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf8 ? 4 : 0;
}

/*
 * The bytes of the character at S, a string; 0 if they are not UTF-8. The
 * least value that a form is for keeps overlong ones out.
 */
static size_t utf8_read(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = utf8_bytes(s[0]);
	uint32_t c = n ? s[0] & (0xffu >> (n + 1)) : 0;

	if (n < 2)
		return n;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}

static bool is_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	if (!*s)
		return false;
	while (*s) {
		size_t n = *s < ' ' || *s == 0x7f ? 0 : utf8_read(s);

		if (!n)
			return false;
		s += n;
	}
	return true;
}

/* Copies the string in the SIZE bytes at FIELD to TEXT, wiped before. */
static bool read_text(char *text, const unsigned char *field, size_t size)
{
	size_t n = strnlen((const char *)field, size);

	if (n == size)
		return false;
	memcpy(text, field, n);
	return is_text(text);
}

/* Reads user and password from BODY, their fields one after the other. */
static bool read_names(struct logic_work *w, const unsigned char *body)
{
	return read_text(w->user, body, LOGIC_USER) &&
	       read_text(w->password, body + LOGIC_USER, LOGIC_PASSWORD);
}

static bool read_ping(struct logic_work *w, const struct frame *f)
{
	(void)w;
	return f->size == 0;
}

static bool read_register(struct logic_work *w, const struct frame *f)
{
	uint32_t type;

	if (f->size != TYPE_SIZE + LOGIC_USER + LOGIC_PASSWORD)
		return false;
	memcpy(&type, f->body, sizeof(type));
	w->type = (int32_t)ntohl(type);
	return read_names(w, f->body + TYPE_SIZE);
}

static bool read_login(struct logic_work *w, const struct frame *f)
{
	return f->size == LOGIC_USER + LOGIC_PASSWORD && read_names(w, f->body);
}

static enum logic_result run_register(const struct logic_work *w,
				      const struct logic_accounts *accounts)
{
	return accounts->enroll(accounts->arg, w->user, w->password, w->type);
}

static enum logic_result run_login(const struct logic_work *w,
				   const struct logic_accounts *accounts)
{
	return accounts->login(accounts->arg, w->user, w->password);
}

static const struct logic_handler handlers[LOGIC_CODES] = {
	[LOGIC_PING] = { read_ping, NULL },
	[LOGIC_REGISTER] = { read_register, run_register },
	[LOGIC_LOGIN] = { read_login, run_login },
};

/* The handler for CODE, or NULL. */
static const struct logic_handler *find_handler(uint16_t code)
{
	if (code >= LOGIC_CODES || !handlers[code].read)
		return NULL;
	return &handlers[code];
}

/* The answer with RESULT. The password has been needed for the last time. */
static void answer(struct logic_work *w, enum logic_result result)
{
	const uint32_t number = htonl((uint32_t)result);
	unsigned char *body = w->answer + FRAME_HEADER;

	explicit_bzero(w->password, sizeof(w->password));
	if (result == LOGIC_MALFORMED)
		memset(w->user, 0, sizeof(w->user));
	w->result = result;
	w->answer_size = sizeof(w->answer);
	memset(w->answer, 0, sizeof(w->answer));
	memcpy(body, &number, sizeof(number));
	memcpy(body + RESULT_SIZE, w->user, LOGIC_USER);
	frame_write_header(w->answer, w->code, body,
			   sizeof(w->answer) - FRAME_HEADER);
}

static void answer_ping(struct logic_work *w)
{
	w->answer_size = FRAME_HEADER;
	frame_write_header(w->answer, w->code, NULL, 0);
}

/* All of *W but the origin as if nothing had been there before. */
static void wipe(struct logic_work *w)
{
	const struct logic_origin origin = w->origin;

	memset(w, 0, sizeof(*w));
	w->origin = origin;
}

enum logic_verdict logic_begin(struct logic_work *w, const struct frame *f)
{
	const struct logic_handler *handler = find_handler(f->code);
	bool right;

	wipe(w);
	w->code = f->code;
	w->handler = handler;
	if (!handler)
		return LOGIC_DROPPED;
	right = handler->read(w, f);
	if (!handler->run) {
		if (!right)
			return LOGIC_DROPPED;
		answer_ping(w);
		return LOGIC_ANSWERED;
	}
	if (right)
		return LOGIC_SLOW;
	answer(w, LOGIC_MALFORMED);
	return LOGIC_ANSWERED;
}

void logic_run(struct logic_work *w, const struct logic_accounts *accounts)
{
	answer(w, w->handler->run(w, accounts));
}

void logic_busy(struct logic_work *w)
{
	answer(w, LOGIC_LATER);
}

enum logic_stale logic_stale(const struct logic_work *w,
			     const struct logic_conn *now)
{
	const struct logic_origin *origin = &w->origin;

	if (now->fd < 0 || now->fd != origin->fd)
		return LOGIC_STALE_DESCRIPTOR;
	if (now->generation != origin->generation)
		return LOGIC_STALE_GENERATION;
	if (origin->sequence < now->oldest || origin->sequence >= now->next)
		return LOGIC_STALE_SEQUENCE;
	if (w->code >= LOGIC_CODES)
		return LOGIC_STALE_CODE;
	if (!w->handler || w->handler != find_handler(w->code))
		return LOGIC_STALE_HANDLER;
	return LOGIC_FRESH;
}
