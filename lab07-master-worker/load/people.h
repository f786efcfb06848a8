/* SPDX-License-Identifier: MIT */
/*
 * people - who registers and logs in. A person is a number; name and password
 * follow from it. The names of one run are of no other, so it is known what a
 * server has to answer to each of them.
 */
#ifndef LAB07_LOAD_PEOPLE_H
#define LAB07_LOAD_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "load/wire.h"

struct people {
	uint64_t run;	 /* random, in each name */
	uint32_t born;	 /* the next number */
	uint32_t *known; /* those that a server said are registered */
	size_t nknown;
	size_t room;
};

/* Nobody yet. people_free() at the end. */
void people_init(struct people *p);
void people_free(struct people *p);

/* A number that was never given out. */
uint32_t people_next(struct people *p);

/* The server has registered WHO. Forgotten if there is no memory. */
void people_registered(struct people *p, uint32_t who);

/* Name and password of WHO, each with a final NUL. */
void people_name(const struct people *p, uint32_t who, char name[WIRE_USER]);
void people_password(const struct people *p, uint32_t who,
		     char password[WIRE_PASSWORD]);

#endif
