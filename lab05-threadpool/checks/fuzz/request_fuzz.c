/* SPDX-License-Identifier: MIT */
/*
 * A libFuzzer target for the request parser. What must hold for any bytes:
 *
 *	- where they are split changes nothing of what is found in them;
 *	- no byte behind them is read: they end where the memory ends;
 *	- no more is consumed than there is, and no offset leads out of it;
 *	- the number of calls without progress is bounded.
 *
 * `make fuzz-request FUZZ_SECONDS=20` builds and runs it. The sanitizers say
 * what else goes wrong.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "request.h"
#include "util.h"

#define ROOM	 (1 << 16)
#define BODY_MAX 100000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What was found, as one number. */
static uint64_t digest;

static void note(const void *p, size_t len)
{
	for (const unsigned char *c = p; len--; c++)
		digest = (digest ^ *c) * 0x100000001b3;
}

static void note_number(uint64_t n)
{
	note(&n, sizeof(n));
}

static void note_span(const char *head, struct span s, size_t head_len)
{
	if ((size_t)s.at + s.len > head_len)
		abort();
	note_number(s.len);
	note(head + s.at, s.len);
}

static void note_head(const struct request *r, const char *head, size_t n)
{
	note_number(n);
	note_number(r->method << 16 | r->minor << 8 | r->keep_alive << 1 |
		    r->expect_continue);
	note_span(head, r->method_name, n);
	note_span(head, r->text, n);
	note_span(head, r->target.authority, n);
	note_span(head, r->target.path, n);
	note_span(head, r->target.query, n);
	for (size_t i = 0; i < r->nfields; i++) {
		note_span(head, r->fields[i].name, n);
		note_span(head, r->fields[i].value, n);
		note_number(r->fields[i].id);
	}
}

struct run {
	struct request r;
	bool in_body;
	bool refused;
	size_t used;
};

static size_t feed(struct run *run, const char *data, size_t len)
{
	struct slice piece;
	ssize_t n;

	if (run->in_body) {
		n = body_feed(&run->r.body, data, len, &piece);
		if (n >= 0 && piece.len > (size_t)n)
			abort();
		if (n >= 0)
			note(piece.p, piece.len);
	} else {
		n = request_parse(&run->r, data, len);
		if (n > 0 && (size_t)n <= len)
			note_head(&run->r, data, n);
	}
	if (n > (ssize_t)len)
		abort();
	run->refused = n < 0;
	if (run->refused)
		note_number(run->in_body ? run->r.body.status : run->r.status);
	else if (n > 0)
		run->in_body = true;
	if (run->in_body && body_done(&run->r.body)) {
		note_number(run->r.body.total);
		run->in_body = false;
		request_begin(&run->r, BODY_MAX);
	}
	return n < 0 ? 0 : n;
}

/* All that can be done when only the first UPTO bytes are there. */
static void portion(struct run *run, const char *bytes, size_t upto)
{
	size_t n;

	do {
		n = feed(run, bytes + run->used, upto - run->used);
		run->used += n;
	} while (n && !run->refused && run->used < upto);
}

/* In portions of 1 to MOST bytes; their lengths follow from the bytes. */
static uint64_t run_split(const char *bytes, size_t n, size_t most)
{
	static struct run run;
	size_t upto = 0, seed = n;

	digest = 0xcbf29ce484222325;
	run.in_body = run.refused = false;
	run.used = 0;
	request_begin(&run.r, BODY_MAX);
	while (upto < n && !run.refused) {
		seed = seed * 0x5851f42d4c957f2d + (unsigned char)bytes[upto];
		upto = MIN(n, upto + 1 + (seed >> 33) % most);
		portion(&run, bytes, upto);
	}
	/* How much was consumed before a refusal does not matter. */
	note_number(run.refused ? 0 : run.used);
	note_number(run.refused);
	return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char *end;
	uint64_t whole;

	if (!end) {
		char *m = mmap(NULL, ROOM + sysconf(_SC_PAGESIZE),
			       PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (m == MAP_FAILED ||
		    mprotect(m + ROOM, sysconf(_SC_PAGESIZE), PROT_NONE))
			abort();
		end = m + ROOM;
	}
	if (!n || n > ROOM)
		return 0;
	memcpy(end - n, bytes, n);
	/* One portion as long as all of it, or byte by byte, or between. */
	whole = run_split(end - n, n, 1);
	for (size_t most = 2; most < 2 * ROOM; most *= 16)
		if (run_split(end - n, n, most) != whole)
			abort();
	return 0;
}
