/* SPDX-License-Identifier: MIT */
#include "session_again.h"

#include <stdio.h>

#include "asking.h"
#include "util.h"

#define CLIENTS 100

static bool by_chance(void)
{
	return judge_random_between(0, 1);
}

/* All that a client may change of its slot, each by chance, in this order. */
static void leave_in_disorder(struct prog *d, size_t slot)
{
	static const char *const does[][2] = {
		{ "read-on", " 0" },  { "reply", " 1 8 3" }, { "expect", "" },
		{ "peer-ended", "" }, { "finish", " crc" },
	};

	for (size_t i = 0; i < ARRAY_LEN(does); i++)
		if (by_chance())
			prog_answer(d, "%s %zu%s", does[i][0], slot,
				    does[i][1]);
}

static void shows(struct prog *d, size_t slot, const char *state,
		  unsigned int generation)
{
	char want[64];
	const char *said = prog_answer(d, "show %zu", slot);

	snprintf(want, sizeof(want), "%s %u descriptor r-", state, generation);
	/* All is as it should be, but the slot is not read. */
	if (!strncmp(said, want, strlen(want) - 2))
		judge_promise("Has the loop look for bytes, or not");
	prog_said(d, said, want);
}

void session_begins_anew(void)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");

	judge_checking("session_slot_anew");
	judge_promise("slots that are used again and again");
	prog_ask(d, "ok", "create 1 400 50000 0");
	for (int i = 0; i < CLIENTS; i++) {
		struct peer *c = peer_connect(d);
		unsigned int generation;
		size_t slot;

		if (sscanf(prog_answer(d, "open 1000"), "%zu %u", &slot,
			   &generation) != 2)
			judge_fail(OUTCOME_FAIL, "a session", "none");
		judge_promise("slots that are used again and again");
		prog_ask(d, "ok", "flush %zu", slot);
		shows(d, slot, "open", generation);
		if (by_chance()) {
			leave_in_disorder(d, slot);
		} else {
			judge_promise("recv(2) said 0: the peer will send no");
			prog_ask(d, "ok", "finish %zu drain", slot);
			shows(d, slot, "lingering", generation);
		}
		judge_promise("slots that are used again and again");
		prog_ask(d, "ok", "close %zu peer", slot);
		peer_close(c);
	}
	judge_checking(NULL);
	judge_promise(NULL);
	prog_finish(d);
}
