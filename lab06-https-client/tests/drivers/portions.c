/* SPDX-License-Identifier: MIT */
/* Behind the arena lies a page that nobody may touch (mprotect(2)). */
#include "portions.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char stream[PORTIONS_MAX];
static size_t shown;	/* bytes that lie there now */
static char *arena_end; /* here the readable memory ends */

int portions_begin(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *arena = mmap(NULL, PORTIONS_MAX + page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (arena == MAP_FAILED ||
	    mprotect(arena + PORTIONS_MAX, page, PROT_NONE))
		return -1;
	arena_end = arena + PORTIONS_MAX;
	return 0;
}

/* One byte; returns how many characters of TEXT say it. */
static int read_byte(const char *text, char *byte)
{
	unsigned int hex;

	*byte = text[0];
	if (text[0] != '\\' || !text[1])
		return 1;
	if (text[1] == 'x' && sscanf(text + 2, "%2x", &hex) == 1) {
		*byte = hex;
		return 4;
	}
	*byte = text[1] == 'r' ? '\r' : text[1] == 'n' ? '\n' : text[1];
	return 2;
}

size_t portions_read(const char *text)
{
	size_t len = 0;

	while (len < PORTIONS_MAX && *text)
		text += read_byte(text, &stream[len++]);
	return len;
}

char *portions_show(size_t from, size_t upto)
{
	size_t len = upto - from;

	/* Whoever looks where it was before finds nothing there. */
	if (shown > len)
		memset(arena_end - shown, '?', shown - len);
	shown = len;
	return memcpy(arena_end - len, stream + from, len);
}

void portions_print(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] >= ' ' && data[i] < 0x7f && data[i] != '\\')
			putchar(data[i]);
		else
			printf("\\x%02x", (unsigned char)data[i]);
}
