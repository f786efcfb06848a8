/* SPDX-License-Identifier: MIT */
/* The drivers' standard input, read whole lines at a time. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* No memory is taken: tests make each allocation of a program fail in turn. */
#define INPUT_MAX (20u << 20)

static char input[INPUT_MAX];
static size_t input_at, input_len; /* what came and was not given out */

static char *cut(char *end)
{
	char *line = input + input_at;

	*end = '\0';
	input_at = (size_t)(end - input) + 1;
	return line;
}

char *words_line(void)
{
	static char output[65536];
	size_t seen = input_at;
	char *end;
	ssize_t n;

	if (!input_len)
		setvbuf(stdout, output, _IOFBF, sizeof(output));
	for (;;) {
		end = memchr(input + seen, '\n', input_len - seen);
		if (end)
			return cut(end);
		if (input_at) {
			input_len -= input_at;
			memmove(input, input + input_at, input_len);
			input_at = 0;
		}
		seen = input_len;
		n = read(STDIN_FILENO, input + input_len,
			 sizeof(input) - input_len);
		if (n <= 0)
			return NULL;
		input_len += (size_t)n;
	}
}

char *words_next(char **rest)
{
	char *word = strsep(rest, " ");

	return word ? word : "";
}

int64_t words_number(char **rest)
{
	char *word = words_next(rest), *end;
	int64_t n = strtoll(word, &end, 10);

	if (*word && !*end)
		return n;
	fprintf(stderr, "driver: not a number: %s\n", word);
	exit(2);
}

size_t words_bytes(char *text)
{
	char *to = text;
	unsigned int hex;

	for (char *from = text; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		from++;
		if (*from == 'r') {
			*to++ = '\r';
		} else if (*from == 'n') {
			*to++ = '\n';
		} else if (*from == 'x' && sscanf(from + 1, "%2x", &hex) == 1) {
			*to++ = (char)hex;
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

void words_print(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\\')
			printf("\\\\");
		else if (c < ' ' || c > '~')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

static size_t room(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len / page + 1) * page;
}

char *words_at_the_edge(const char *bytes, size_t len)
{
	size_t size = room(len), page = (size_t)sysconf(_SC_PAGESIZE);
	char *area = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || mprotect(area + size, page, PROT_NONE) < 0) {
		perror("driver: mmap");
		exit(2);
	}
	memcpy(area + size - len, bytes, len);
	return area + size - len;
}

void words_away(char *copy, size_t len)
{
	size_t size = room(len), page = (size_t)sysconf(_SC_PAGESIZE);

	munmap(copy + len - size, size + page);
}

const char *words_errno(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "0";
}
