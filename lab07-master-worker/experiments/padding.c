/* SPDX-License-Identifier: MIT */
/*
 * A structure is laid out for the machine that works with it: each member where
 * the processor likes it, in the order of bytes that the processor has. What is
 * between the members has no value, and whoever sends the structure sends what
 * was in that memory before.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "experiment.h"

struct header {
	uint16_t length;
	uint16_t code;
	uint32_t crc;
};

struct registration {
	uint16_t code;
	uint32_t type;
};

/* How many of the N bytes at P are BYTE. */
static size_t count(const void *p, size_t n, unsigned char byte)
{
	const unsigned char *b = p;
	size_t found = 0;

	while (n--)
		found += *b++ == byte;
	return found;
}

/* A structure in memory that held something else before. */
static size_t stale_bytes(void)
{
	_Alignas(struct registration) unsigned char
		memory[sizeof(struct registration)];
	struct registration *r = (void *)memory;

	memset(memory, 0xaa, sizeof(memory));
	r->code = 5;
	r->type = 1;
	return count(memory, sizeof(memory), 0xaa);
}

int main(void)
{
	const struct header h = { .length = 8 };
	unsigned char first;

	exp_begin("padding", "a C struct is a wire format");
	exp_did("{u16, u16, u32} and {u16, u32}, as the compiler lays them "
		"out");
	exp_saw("8 bytes of members take %zu, 6 bytes of members take %zu",
		sizeof(struct header), sizeof(struct registration));
	exp_saw("in the second, the u32 is at offset %zu and not at 2",
		offsetof(struct registration, type));
	exp_expect(sizeof(struct header) == 8 &&
			   sizeof(struct registration) == 8 &&
			   offsetof(struct registration, type) == 4,
		   "8 and 8, and offset 4");
	exp_did("its members are set, in memory that held 0xaa");
	exp_saw("%zu bytes still do", stale_bytes());
	exp_expect(stale_bytes() == 2, "2");
	memcpy(&first, &h, 1);
	exp_did("the number 8 in a u16; the wire wants 00 08");
	exp_saw("its first byte here is %02x; after htons(3), in memory, 00",
		first);
	if (htons(1) != 1)
		exp_expect(first == 8, "08: the low byte comes first");
	return exp_end(EXP_FALSE, "padding and byte order are the machine's: "
				  "put bytes down one by one");
}
