/* SPDX-License-Identifier: MIT */
/*
 * asking - a driver's commands and answers (tests/drivers/script.h), and packets
 * as the tests make them: by themselves, without a line of the lab's code.
 */
#ifndef LAB07_TESTS_ASKING_H
#define LAB07_TESTS_ASKING_H

#include "judge.h"

#define PACKET_HEADER 8
#define PACKET_MAX    30000

/* A driver's answer as a number. */
long long ask_number(const char *answer);

/* The checksum, bit by bit as its polynomial says; 0 for no bytes. */
uint32_t packet_crc(const void *body, size_t len);

/* A header of any content at TO: 8 bytes. */
void packet_header(unsigned char *to, unsigned int length, unsigned int code,
		   uint32_t crc);

/* A packet at TO; returns its length. */
size_t packet_make(unsigned char *to, unsigned int code, const void *body,
		   size_t len);

/* FNV-1a, as the drivers sum up what is too long to be shown. */
uint64_t packet_sum(const void *data, size_t len);

/* N bytes as hex digits; "-" for none. Malloc'ed, the test's. */
char *packet_hex(const void *data, size_t n);

/* Whether the process PID has ended; nobody has to have waited for it. */
bool process_has_ended(pid_t pid);

#endif
