/* SPDX-License-Identifier: MIT */
/*
 * Idea: A file is written, and then run as a library's code is: mapped.
 * Wants: code that nobody has looked at
 * Seen by: the program's words
 * Told: run
 * Won: says "REACHED code in a file"
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static void attack(void)
{
	static const char *const paths[] = { "code", "/tmp/code",
					     "/dev/shm/code" };
	static const unsigned char code[4096] = { 0xb8, 42, 0, 0, 0, 0xc3 };

	for (int i = 0; i < 3; i++) {
		int fd = open(paths[i], O_RDWR | O_CREAT, 0600);
		void *p;

		if (fd < 0 || write(fd, code, sizeof(code)) < 0)
			continue;
		p = mmap(NULL, sizeof(code), PROT_READ | PROT_EXEC, MAP_PRIVATE,
			 fd, 0);
		if (p != MAP_FAILED)
			fputs("REACHED code in a file\n", stderr);
	}
}
