/* SPDX-License-Identifier: MIT */
/* The drivers' standard input, read whole lines at a time. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

char *words_line(void)
{
	static char *line;
	static size_t size;
	ssize_t n = getline(&line, &size, stdin);

	if (n < 0) {
		free(line);
		line = NULL;
		return NULL;
	}
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	return line;
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
