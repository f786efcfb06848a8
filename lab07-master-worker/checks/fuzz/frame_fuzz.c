/* SPDX-License-Identifier: MIT */
/*
 * A libFuzzer target for the machine that reads packets. What must hold for any
 * bytes, in any pieces:
 *
 *	- where they are cut changes nothing of what is found in them, nor where
 *	  the stream breaks, nor why;
 *	- no byte behind them is read: each piece is memory of its own;
 *	- a packet that is found is the one that frame_write_header() writes.
 *
 * The first byte of the input says how long the pieces are. `make fuzz-frame
 * FUZZ_SECONDS=20` builds and runs it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What was found, as one number. */
struct digest {
	uint64_t value;
};

static void note(struct digest *d, const void *p, size_t len)
{
	for (const unsigned char *c = p; len--; c++)
		d->value = (d->value ^ *c) * 0x100000001b3;
}

static void note_packet(struct digest *d, const struct frame *f)
{
	unsigned char header[FRAME_HEADER];

	if (f->size > FRAME_MAX - FRAME_HEADER || !f->body != !f->size)
		abort();
	frame_write_header(header, f->code, f->body, f->size);
	note(d, header, sizeof(header));
	note(d, f->body, f->size);
}

/* Reads the N bytes in pieces of PIECE; returns whether the stream broke. */
static struct digest read_all(const uint8_t *bytes, size_t n, size_t piece)
{
	struct digest d = { 0xcbf29ce484222325 };
	struct frame_reader r;
	struct frame f;
	int ret = 0;

	frame_reader_init(&r);
	while (n && ret >= 0) {
		size_t left = MIN(n, piece);
		unsigned char *copy = malloc(left);
		const unsigned char *at = copy;

		if (!copy)
			abort();
		memcpy(copy, bytes, left);
		bytes += left;
		n -= left;
		while ((ret = frame_read(&r, &at, &left, &f)) > 0)
			note_packet(&d, &f);
		if (ret == 0 && left)
			abort();
		free(copy);
	}
	if (ret < 0)
		note(&d, &errno, sizeof(errno));
	frame_reader_free(&r);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	size_t piece;

	if (n < 2)
		return 0;
	piece = bytes[0] + 1;
	if (read_all(bytes + 1, n - 1, n).value !=
	    read_all(bytes + 1, n - 1, piece).value)
		abort();
	return 0;
}
