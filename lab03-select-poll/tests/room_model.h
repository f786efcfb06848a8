/* SPDX-License-Identifier: MIT */
/* room_model - what chat.h says, apart from chat.c: who gets which line. */
#ifndef LAB03_TESTS_ROOM_MODEL_H
#define LAB03_TESTS_ROOM_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define MEMBERS	 6
#define LINE_MAX 512 /* CHAT_LINE_MAX of chat.h */

struct member {
	bool here;    /* the driver has it */
	bool in_room; /* and it is to be told what is said */
	bool finished, dropped;
	bool eof, skipping, slow;
	size_t room;
	unsigned int joined; /* the lower, the earlier */
	char name[32];
	char in[8192]; /* LEN bytes that were sent and not heard */
	size_t len;
	char got[65536]; /* since the last look, as the driver prints it */
};

struct room_model {
	struct prog *driver;
	struct member m[MEMBERS];
	unsigned int joins, guests;
};

/* A line, without its newline, for M; it is slow if it has no room for it. */
void tell(struct member *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define TELL_OTHERS(g, about, ...)                                            \
	do {                                                                  \
		for (struct member *m_ = (g)->m; m_ < (g)->m + MEMBERS; m_++) \
			if (m_ != (about))                                    \
				tell(m_, __VA_ARGS__);                        \
	} while (0)

/* Drops the members that had no room, before another line is heard. */
void settle(struct room_model *g);

/* The member of that name, or NULL. */
struct member *called(struct room_model *g, const char *name);

/* M has sent more, or ended: hears all the lines that are whole. */
void hear_all(struct room_model *g, struct member *m);

#endif
