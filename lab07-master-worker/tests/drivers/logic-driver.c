/* SPDX-License-Identifier: MIT */
/*
 * Drives one logic_work. See script.h for the form of it.
 *
 *	origin FD GEN SEQ	what work->origin is
 *	begin CODE HEX		logic_begin() on that packet: "answered HEX",
 *				"dropped", or "slow USER PASSWORD TYPE", the
 *				strings as hex digits
 *	run RESULT		logic_run(), with accounts that say RESULT:
 *				what they were asked, the answer, and whether
 *				the password is still there
 *	busy			logic_busy(): likewise
 *	stale FD GEN OLDEST NEXT	logic_stale() for that connection
 *	code N			work->code is N from here on
 *	handler WHAT		work->handler is "none" or "other"
 *
 * Before each "begin", all of the work but its origin is filled with 0xaa.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logic.h"
#include "script.h"

static struct logic_work work;
static struct logic_origin origin;
static enum logic_result next_result;
static char asked[1024];

static enum logic_result enroll(void *arg, const char *user,
				const char *password, int32_t type)
{
	size_t n = (size_t)sprintf(asked, "%s %s ", (const char *)arg,
				   script_hex(user, strlen(user)));

	sprintf(asked + n, "%s %d", script_hex(password, strlen(password)),
		type);
	return next_result;
}

static enum logic_result login(void *arg, const char *user,
			       const char *password)
{
	size_t n = (size_t)sprintf(asked, "%s login %s ", (const char *)arg,
				   script_hex(user, strlen(user)));

	strcpy(asked + n, script_hex(password, strlen(password)));
	return next_result;
}

/* Whether `result` is what the answer says; DONE, if that is a ping's. */
static bool result_as_said(void)
{
	uint32_t said = 0;

	if (work.answer_size > FRAME_HEADER)
		memcpy(&said, work.answer + FRAME_HEADER, sizeof(said));
	return (uint32_t)work.result == ntohl(said);
}

static void begin(const struct script *s)
{
	static unsigned char body[FRAME_MAX];
	size_t n = script_bytes(s->word[2], body, FRAME_MAX - FRAME_HEADER);
	unsigned char *exact = malloc(n + !n); /* for the sanitizers' sake */
	struct frame f = { .code = (uint16_t)script_number(s, 1),
			   .size = (uint16_t)n,
			   .body = n ? memcpy(exact, body, n) : NULL };
	char user[2 * LOGIC_USER + 1];

	memset(&work, 0xaa, sizeof(work));
	work.origin = origin;
	switch (logic_begin(&work, &f)) {
	case LOGIC_ANSWERED:
		script_say("answered%s %s",
			   result_as_said() ? "" : "-otherwise",
			   script_hex(work.answer, work.answer_size));
		break;
	case LOGIC_DROPPED:
		script_say("dropped");
		break;
	case LOGIC_SLOW:
		strcpy(user, script_hex(work.user, strlen(work.user)));
		script_say("slow %s %s %d", user,
			   script_hex(work.password, strlen(work.password)),
			   f.code == LOGIC_REGISTER ? work.type : 0);
	}
	free(exact);
}

static void say_answer(void)
{
	static const char nothing[LOGIC_PASSWORD];

	script_say("%s %s %s%s", asked,
		   script_hex(work.answer, work.answer_size),
		   memcmp(work.password, nothing, sizeof(nothing)) ? "kept"
								   : "wiped",
		   result_as_said() ? "" : " but the result is another");
}

static void run(const struct script *s)
{
	static char arg[] = "enroll";
	const struct logic_accounts accounts = {
		.enroll = enroll,
		.login = login,
		.arg = work.code == LOGIC_LOGIN ? (char *)"asked" : arg,
	};

	next_result = (enum logic_result)script_number(s, 1);
	strcpy(asked, "nobody was asked");
	logic_run(&work, &accounts);
	say_answer();
}

static void stale(const struct script *s)
{
	static const char *const names[] = {
		[LOGIC_FRESH] = "fresh",
		[LOGIC_STALE_DESCRIPTOR] = "descriptor",
		[LOGIC_STALE_GENERATION] = "generation",
		[LOGIC_STALE_SEQUENCE] = "sequence",
		[LOGIC_STALE_CODE] = "code",
		[LOGIC_STALE_HANDLER] = "handler",
	};
	const struct logic_conn now = {
		.fd = (int)script_number(s, 1),
		.generation = (uint32_t)script_number(s, 2),
		.oldest = (uint64_t)script_number(s, 3),
		.next = (uint64_t)script_number(s, 4),
	};

	script_say("%s", names[logic_stale(&work, &now)]);
}

static void obey(const struct script *s)
{
	static char other;

	if (script_is(s, "origin")) {
		origin.fd = (int)script_number(s, 1);
		origin.generation = (uint32_t)script_number(s, 2);
		origin.sequence = (uint64_t)script_number(s, 3);
		script_say("ok");
	} else if (script_is(s, "begin")) {
		begin(s);
	} else if (script_is(s, "run")) {
		run(s);
	} else if (script_is(s, "busy")) {
		strcpy(asked, "nobody was asked");
		logic_busy(&work);
		say_answer();
	} else if (script_is(s, "stale")) {
		stale(s);
	} else if (script_is(s, "code")) {
		work.code = (uint16_t)script_number(s, 1);
		script_say("ok");
	} else if (script_is(s, "handler")) {
		work.handler = s->word[1][0] == 'n' ? NULL : (void *)&other;
		script_say("ok");
	} else {
		script_unknown(s);
	}
}

int main(void)
{
	struct script s;

	while (script_read(&s))
		obey(&s);
	return 0;
}
