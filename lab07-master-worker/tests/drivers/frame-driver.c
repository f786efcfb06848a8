/* SPDX-License-Identifier: MIT */
/*
 * Drives one frame_reader. See script.h for the form of it.
 *
 *	feed HEX	gives these bytes to frame_read() until they are used
 *			up or an error comes. The answer has a word for each
 *			packet, CODE/SIZE/SUM, where SUM is FNV-1a of the body,
 *			and at the end "more", or the errno's name
 *	body		of the last packet that "feed" found, as hex digits
 *	state		the reader's
 *	held		bytes of memory that the reader holds
 *	no-memory	from now on, nothing more is given to it
 *	memory		it is given again
 *	free		frame_reader_free()
 *	header CODE HEX	frame_write_header() for that body
 *
 * The bytes given end where readable memory ends, and are gone as soon as the
 * answer is there: who reads too far, or later, crashes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame.h"
#include "memory.h"
#include "script.h"

static struct frame_reader reader;
static unsigned char *end; /* of readable memory */
static unsigned char last[FRAME_MAX];
static size_t last_size;

#define ROOM (SCRIPT_LINE / 2)

static void make_room(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *p = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + ROOM, page, PROT_NONE) < 0)
		exit(2);
	end = p + ROOM;
}

static uint64_t sum_of(const unsigned char *p, size_t n)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	while (n--)
		sum = (sum ^ *p++) * UINT64_C(0x100000001b3);
	return sum;
}

static void feed(const char *hex)
{
	static unsigned char bytes[ROOM];
	static char words[SCRIPT_LINE];
	size_t n = script_bytes(hex, bytes, sizeof(bytes)), at = 0;
	const unsigned char *data = memcpy(end - n, bytes, n);
	struct frame f;
	int got;

	while ((got = frame_read(&reader, &data, &n, &f)) == 1) {
		last_size = f.size;
		memcpy(last, f.body ? f.body : last, f.size);
		at += (size_t)snprintf(words + at, sizeof(words) - at,
				       "%s%u/%u/%016jx ",
				       !f.size && f.body ? "a-body-of-" : "",
				       f.code, f.size,
				       (uintmax_t)sum_of(last, f.size));
		if (at > sizeof(words) - 64)
			break;
	}
	words[at] = '\0';
	script_say("%s%s", words, got < 0 ? script_result(got) : "more");
	memset(end - ROOM, 0xee, ROOM);
}

static void header(const struct script *s)
{
	static unsigned char body[FRAME_MAX];
	unsigned char to[FRAME_HEADER];
	size_t n = script_bytes(s->word[2], body, sizeof(body));

	memset(to, 0xee, sizeof(to));
	frame_write_header(to, (uint16_t)script_number(s, 1), n ? body : NULL,
			   n);
	script_say("%s", script_hex(to, sizeof(to)));
}

static const char *state(void)
{
	switch (reader.state) {
	case FRAME_HEADER_START:
		return "HEADER_START";
	case FRAME_HEADER_PART:
		return "HEADER_PART";
	case FRAME_BODY_START:
		return "BODY_START";
	case FRAME_BODY_PART:
		return "BODY_PART";
	default:
		return "BROKEN";
	}
}

static void obey(const struct script *s)
{
	if (script_is(s, "feed")) {
		feed(s->word[1]);
	} else if (script_is(s, "body")) {
		script_say("%s", script_hex(last, last_size));
	} else if (script_is(s, "state")) {
		script_say("%s", state());
	} else if (script_is(s, "held")) {
		script_say("%zu", memory_held());
	} else if (script_is(s, "header")) {
		header(s);
	} else if (script_is(s, "no-memory")) {
		memory_fail(1);
		script_say("ok");
	} else if (script_is(s, "memory")) {
		memory_mend();
		script_say("ok");
	} else if (script_is(s, "free")) {
		frame_reader_free(&reader);
		script_say("ok");
	} else {
		script_unknown(s);
	}
}

int main(void)
{
	struct script s;

	make_room();
	memset(&reader, 0xee, sizeof(reader));
	frame_reader_init(&reader);
	while (script_read(&s))
		obey(&s);
	frame_reader_free(&reader);
	return 0;
}
