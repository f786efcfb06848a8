/* SPDX-License-Identifier: MIT */
/*
 * One register in eight is of a name that is taken, one login in eight has a
 * wrong password and one in eight a name that nobody has: answers are all
 * looked at, so there must be some of each.
 */
#include "load/ask.h"

#include <string.h>

#include "util.h"

static const struct {
	int code; /* MIX_ */
	int number;
	int result;
} kinds[] = {
	[FLIGHT_PING] = { MIX_PING, WIRE_PING, WIRE_DONE },
	[FLIGHT_REGISTER_NEW] = { MIX_REGISTER, WIRE_REGISTER, WIRE_DONE },
	[FLIGHT_REGISTER_TAKEN] = { MIX_REGISTER, WIRE_REGISTER, WIRE_TAKEN },
	[FLIGHT_LOGIN_RIGHT] = { MIX_LOGIN, WIRE_LOGIN, WIRE_DONE },
	[FLIGHT_LOGIN_WRONG] = { MIX_LOGIN, WIRE_LOGIN, WIRE_REFUSED },
	[FLIGHT_LOGIN_UNKNOWN] = { MIX_LOGIN, WIRE_LOGIN, WIRE_REFUSED },
};

struct tally_code *ask_code(struct drive *d, enum flight_kind kind)
{
	return &d->tally->code[kinds[kind].code];
}

static int pick_code(struct drive *d)
{
	const size_t *mix = d->options->mix;
	size_t sum = mix[MIX_PING] + mix[MIX_REGISTER] + mix[MIX_LOGIN], n;

	if (sum == mix[MIX_PING])
		return MIX_PING;
	n = drive_random(d) % sum;
	for (int i = 0; i < MIX_LOGIN; i++) {
		if (n < mix[i])
			return i;
		n -= mix[i];
	}
	return MIX_LOGIN;
}

static enum flight_kind pick_kind(struct drive *d, int code)
{
	size_t eighth = drive_random(d) % 8;

	if (code == MIX_REGISTER)
		return d->people.nknown && !eighth ? FLIGHT_REGISTER_TAKEN
						   : FLIGHT_REGISTER_NEW;
	if (!d->people.nknown || !eighth)
		return FLIGHT_LOGIN_UNKNOWN;
	return eighth == 1 ? FLIGHT_LOGIN_WRONG : FLIGHT_LOGIN_RIGHT;
}

size_t ask_make(struct drive *d, struct flight *f, char *out)
{
	struct people *people = &d->people;
	char name[WIRE_USER], password[WIRE_PASSWORD];
	int code = pick_code(d);

	f->kind = code == MIX_PING ? FLIGHT_PING : pick_kind(d, code);
	ask_code(d, f->kind)->requests++;
	if (f->kind == FLIGHT_PING)
		return wire_ping(out);
	if (f->kind == FLIGHT_REGISTER_NEW || f->kind == FLIGHT_LOGIN_UNKNOWN)
		f->who = people_next(people);
	else
		f->who = people->known[drive_random(d) % people->nknown];
	people_name(people, f->who, name);
	people_password(people, f->who, password);
	if (f->kind == FLIGHT_LOGIN_WRONG)
		password[0] = 'x';
	if (code == MIX_REGISTER)
		return wire_register(out, (int32_t)f->who, name, password);
	return wire_login(out, name, password);
}

/* NULL, or what is wrong with the answer to a register or login. */
static const char *wrong(struct drive *d, const struct flight *f,
			 const struct wire_answer *answer)
{
	char name[WIRE_USER] = "";

	if (answer->code != kinds[f->kind].number)
		return "the code of another request";
	if (f->kind == FLIGHT_PING)
		return NULL;
	if (answer->result != kinds[f->kind].result &&
	    answer->result != WIRE_LATER)
		return "a result that is not right";
	people_name(&d->people, f->who, name);
	memset(name + strlen(name), 0, sizeof(name) - strlen(name));
	if (memcmp(answer->user, name, sizeof(name)))
		return "another user's name, or bytes behind it";
	return NULL;
}

bool ask_check(struct drive *d, const struct flight *f,
	       const struct wire_answer *answer)
{
	struct tally_code *code = ask_code(d, f->kind);
	const char *what = wrong(d, f, answer);

	if (what) {
		code->errors++;
		tally_blame(d->tally,
			    "the answer to a request of code %d has %s: code "
			    "%d, result %d, expected result %d",
			    kinds[f->kind].number, what, answer->code,
			    answer->result, kinds[f->kind].result);
		return false;
	}
	code->results[answer->result]++;
	if (f->kind == FLIGHT_REGISTER_NEW && answer->result == WIRE_DONE)
		people_registered(&d->people, f->who);
	return true;
}
