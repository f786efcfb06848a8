/* SPDX-License-Identifier: MIT */
/*
 * Nobody's name is stored: the answer to a request is compared with the name
 * made anew from the number. Four bytes a person are enough.
 */
#include "load/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

void people_init(struct people *p)
{
	*p = (struct people){ 0 };
	if (getrandom(&p->run, sizeof(p->run), 0) != sizeof(p->run))
		p->run = (uint64_t)clock_ns() ^ (uint64_t)getpid() << 32;
}

void people_free(struct people *p)
{
	free(p->known);
}

uint32_t people_next(struct people *p)
{
	return p->born++;
}

void people_registered(struct people *p, uint32_t who)
{
	if (p->nknown == p->room) {
		size_t room = p->room ? 2 * p->room : 64;
		uint32_t *more = realloc(p->known, room * sizeof(*more));

		if (!more)
			return;
		p->known = more;
		p->room = room;
	}
	p->known[p->nknown++] = who;
}

void people_name(const struct people *p, uint32_t who, char name[WIRE_USER])
{
	snprintf(name, WIRE_USER, "load-%016" PRIx64 "-%" PRIu32, p->run, who);
}

void people_password(const struct people *p, uint32_t who,
		     char password[WIRE_PASSWORD])
{
	snprintf(password, WIRE_PASSWORD, "pw-%08" PRIx32 "-%" PRIu32,
		 (uint32_t)(p->run >> 7) ^ who * UINT32_C(2654435761), who);
}
