/* SPDX-License-Identifier: MIT */
/*
 * A libFuzzer target for the response parser. What must hold for any bytes:
 *
 *	- where they are split changes nothing of what is found in them;
 *	- no byte behind them is read: they end where the memory ends;
 *	- no more is consumed than there is, and no content lies outside of it;
 *	- the number of calls without progress is bounded;
 *	- after a refusal, everything is refused.
 *
 * The first byte says whether the request was HEAD and how long a body may be,
 * the second how the bytes are split. `make fuzz-response FUZZ_SECONDS=20`
 * builds and runs it. The sanitizers say what else goes wrong.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "response.h"
#include "util.h"

#define ROOM (1 << 18)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct run {
	struct response r;
	bool in_body;
	bool over; /* refused, or the answer is whole */
	size_t used;
	uint64_t digest; /* what was found, as one number */
};

static void note(struct run *run, const void *p, size_t len)
{
	for (const unsigned char *c = p; len--; c++)
		run->digest = (run->digest ^ *c) * 0x100000001b3;
}

static void note_number(struct run *run, uint64_t n)
{
	note(run, &n, sizeof(n));
}

static void refused(struct run *run)
{
	struct slice piece;

	if (!run->r.error || !run->r.reason)
		abort();
	if (response_head(&run->r, "HTTP", 4) != -1 ||
	    response_body(&run->r, "x", 1, &piece) != -1)
		abort();
	note_number(run, run->r.error);
	note(run, run->r.reason, strlen(run->r.reason));
	run->over = true;
}

static size_t feed_head(struct run *run, const char *data, size_t len)
{
	struct response *r = &run->r;
	ssize_t n = response_head(r, data, len);

	if (n > (ssize_t)len)
		abort();
	if (n < 0)
		refused(run);
	if (n <= 0)
		return 0;
	if ((size_t)r->location.at + r->location.len > (size_t)n)
		abort();
	note_number(run, n);
	note_number(run, r->status << 16 | r->minor << 8 | r->keep_alive << 1 |
				 r->until_eof);
	note(run, data + r->location.at, r->location.len);
	run->in_body = !response_interim(r);
	run->over = run->in_body && response_done(r);
	return n;
}

static size_t feed_body(struct run *run, const char *data, size_t len)
{
	struct slice piece;
	ssize_t n = response_body(&run->r, data, len, &piece);

	if (n > (ssize_t)len)
		abort();
	if (n < 0) {
		refused(run);
		return 0;
	}
	if (piece.len > (size_t)n ||
	    (piece.len && (piece.p < data || piece.p + piece.len > data + n)))
		abort();
	note(run, piece.p, piece.len);
	run->over = response_done(&run->r);
	return n;
}

/* All that is there, LEN bytes of STREAM from run->used on. */
static void portion(struct run *run, const uint8_t *stream, size_t upto,
		    char *end)
{
	size_t len, n = 1;
	char *data;

	while (n && !run->over && run->used < upto) {
		len = upto - run->used;
		data = end - len;
		memcpy(data, stream + run->used, len);
		n = run->in_body ? feed_body(run, data, len)
				 : feed_head(run, data, len);
		run->used += n;
	}
}

static uint64_t parse(const uint8_t *stream, size_t len, size_t step,
		      uint8_t mode, char *end)
{
	static const uint64_t limits[] = { UINT64_MAX, 1000, 1, INT64_MAX };
	struct run run = { 0 };

	response_begin(&run.r, mode & 1, limits[mode >> 1 & 3]);
	for (size_t upto = step; upto < len && !run.over; upto += step)
		portion(&run, stream, upto, end);
	portion(&run, stream, len, end);
	if (!run.over)
		note_number(&run, response_eof(&run.r) + 2);
	return run.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char *end; /* where the readable memory ends */
	long page = sysconf(_SC_PAGESIZE);
	uint64_t whole;
	char *arena;

	if (!end) {
		arena = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (arena == MAP_FAILED ||
		    mprotect(arena + ROOM, page, PROT_NONE))
			abort();
		end = arena + ROOM;
	}
	if (n < 2 || n > ROOM)
		return 0;
	whole = parse(bytes + 2, n - 2, n, bytes[0], end);
	if (parse(bytes + 2, n - 2, 1, bytes[0], end) != whole ||
	    parse(bytes + 2, n - 2, bytes[1] + 2, bytes[0], end) != whole)
		abort();
	return 0;
}
