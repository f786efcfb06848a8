/* SPDX-License-Identifier: MIT */
/*
 * frame - packets on a stream of bytes: a header that says how long each is,
 * and a machine that finds them again, in whatever pieces they arrive.
 *
 *	 0        2        4                 8                     length
 *	 +--------+--------+-----------------+---------------------+
 *	 | length |  code  |   crc32(body)   |  body: length - 8   |
 *	 +--------+--------+-----------------+---------------------+
 *
 * All numbers are in network byte order (ntohs(3)), and nothing is between
 * them: the bytes are put there one by one, never as a C structure. `length`
 * counts header and body, FRAME_HEADER to FRAME_MAX. The checksum is zlib's
 * crc32() of the body, which is 0 if there is no body.
 *
 * The machine reads one packet after the other:
 *
 *	              1 byte                  header whole, with a body
 *	HEADER_START --------> HEADER_PART ------------------------> BODY_START
 *	   ^   ^                    |                                     |
 *	   |   |  header whole,     |                              1 byte |
 *	   |   |  no body: a packet |                                     v
 *	   |   `--------------------'                                 BODY_PART
 *	   |                                                              |
 *	   `--------------------------------------------------------------'
 *	                         body whole: a packet
 *
 *	from HEADER_PART	length out of range	--> BROKEN
 *	from BODY_PART		wrong checksum		--> BROKEN
 *	from HEADER_PART	wrong checksum, no body	--> BROKEN
 *
 * BROKEN is for ever: once a length is wrong, nobody knows where the next
 * packet begins, and whatever is made of the bytes after it would be a guess.
 *
 * A reader belongs to one thread at a time.
 */
#ifndef LAB07_FRAME_H
#define LAB07_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER 8	   /* bytes of a header */
#define FRAME_MAX    30000 /* bytes of the longest packet, header included */

enum frame_state {
	FRAME_HEADER_START,
	FRAME_HEADER_PART,
	FRAME_BODY_START,
	FRAME_BODY_PART,
	FRAME_BROKEN,
};

/* A packet that has come whole. */
struct frame {
	uint16_t code;
	uint16_t size;		   /* of the body, 0 to FRAME_MAX - 8 */
	const unsigned char *body; /* see frame_read(); NULL if size is 0 */
};

/* Where a reader is. Others may read STATE; the rest is frame.c's. */
struct frame_reader {
	enum frame_state state;
	uint16_t code;
	uint16_t size; /* of the body that is being read */
	uint16_t have; /* bytes of the present part that are here */
	uint16_t room; /* bytes that `body` can hold */
	uint32_t crc;
	unsigned char header[FRAME_HEADER];
	unsigned char
		*body; /* memory is held only while a body comes in pieces */
};

/* Makes *R a reader at the beginning of a stream. Takes no memory. */
void frame_reader_init(struct frame_reader *r);

/* Gives the memory back. *R is as after frame_reader_init(). */
void frame_reader_free(struct frame_reader *r);

/*
 * Takes bytes from the front of the *N bytes at *DATA, up to the end of the
 * next packet, and moves *DATA and *N past what it took.
 *
 * Returns
 *   1	a packet has come whole: it is in *F. Its body lies in the caller's
 *	bytes, or in memory of the reader's that stays until the next call here
 *	with *R.
 *   0	all bytes are taken, and the packet goes on (or has yet to begin).
 *	Nothing of the packets before is held any more.
 *  -1	with errno
 *	EMSGSIZE	a length out of range; known as soon as the two bytes of
 *			the length are here
 *	EBADMSG		the checksum is not that of the body
 *	EPIPE		the reader is BROKEN since an earlier call
 *	ENOMEM		no memory for a body; BROKEN as well
 *
 * Of a body that comes in pieces it holds no more than twice what has come, or
 * 256 bytes: a header that promises 30,000 bytes costs nothing. A BROKEN reader
 * holds nothing.
 */
int frame_read(struct frame_reader *r, const unsigned char **data, size_t *n,
	       struct frame *f);

/*
 * Writes the header of a packet with CODE and the SIZE bytes of BODY, 0 to
 * FRAME_MAX - FRAME_HEADER, to the FRAME_HEADER bytes at TO. The body is not
 * copied; BODY may be NULL if SIZE is 0.
 */
void frame_write_header(unsigned char *to, uint16_t code, const void *body,
			size_t size);

#endif
