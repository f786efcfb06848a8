/* SPDX-License-Identifier: MIT */
#include "asking.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

long long ask_number(const char *answer)
{
	char *end;
	long long n = strtoll(answer, &end, 10);

	judge_check(end > answer, "a number", "\"%s\"", answer);
	return n;
}

uint32_t packet_crc(const void *body, size_t len)
{
	const unsigned char *p = body;
	uint32_t crc = ~UINT32_C(0);

	if (!len)
		return 0;
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

void packet_header(unsigned char *to, unsigned int length, unsigned int code,
		   uint32_t crc)
{
	to[0] = (unsigned char)(length >> 8);
	to[1] = (unsigned char)length;
	to[2] = (unsigned char)(code >> 8);
	to[3] = (unsigned char)code;
	for (int i = 0; i < 4; i++)
		to[4 + i] = (unsigned char)(crc >> (24 - 8 * i));
}

size_t packet_make(unsigned char *to, unsigned int code, const void *body,
		   size_t len)
{
	packet_header(to, (unsigned int)(PACKET_HEADER + len), code,
		      packet_crc(body, len));
	if (len)
		memmove(to + PACKET_HEADER, body, len);
	return PACKET_HEADER + len;
}

uint64_t packet_sum(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	while (len--)
		sum = (sum ^ *p++) * UINT64_C(0x100000001b3);
	return sum;
}

char *packet_hex(const void *data, size_t n)
{
	const unsigned char *p = data;
	char *text = malloc(2 * n + 2);

	if (!text)
		judge_infra("memory");
	strcpy(text, "-");
	for (size_t i = 0; i < n; i++)
		sprintf(text + 2 * i, "%02x", p[i]);
	return text;
}

bool process_has_ended(pid_t pid)
{
	char path[64], text[512];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n <= 0 || strstr(text, ") Z ") || strstr(text, ") X ");
}
