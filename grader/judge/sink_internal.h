/* SPDX-License-Identifier: MIT */
/*
 * sink - writing text and JSON with nothing but write(2). Async-signal-safe.
 */
#ifndef JUDGE_SINK_INTERNAL_H
#define JUDGE_SINK_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A little buffer in front of write(2). */
struct sink {
	int fd;
	bool failed;
	size_t len;
	char buf[4096];
};

void sink_flush(struct sink *s);
void sink_put(struct sink *s, const char *data, size_t len);
void sink_text(struct sink *s, const char *text);
void sink_number(struct sink *s, uint64_t n);
/* A JSON string; bytes that are not UTF-8 become U+FFFD. */
void sink_json(struct sink *s, const char *text, size_t len);

#endif
