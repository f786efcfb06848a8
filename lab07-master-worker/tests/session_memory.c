/* SPDX-License-Identifier: MIT */
#include "session_memory.h"

#include <string.h>

#include "asking.h"

#define ALLOCATIONS_MAX 100 /* of sessions_create() */

void session_creates_or_not(void)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");
	long long before = ask_number(prog_answer(d, "held"));
	bool created = false;

	judge_checking("session_without_memory");
	judge_promise("Returns it, or NULL with errno ENOMEM.");
	for (int i = 1; !created; i++) {
		const char *line;

		judge_check(i < ALLOCATIONS_MAX, "a pool at some time", "none");
		prog_ask(d, "ok", "no-memory %d", i);
		line = prog_answer(d, "create 10 400 50000 60000");
		created = !strcmp(line, "ok");
		judge_check(created || !strcmp(line, "ENOMEM"),
			    "a pool, or NULL with ENOMEM", "%s", line);
		prog_ask(d, "ok", "memory");
		judge_check(created || ask_number(prog_answer(d, "held")) ==
					       before,
			    "what was taken before the failure is given back",
			    "it is not, if allocation %d fails", i);
	}
	judge_promise("Closes what is open, without a word to the");
	prog_ask(d, "ok", "destroy");
	judge_check(ask_number(prog_answer(d, "held")) == before,
		    "sessions_destroy() to give all back", "it does not");
	judge_checking(NULL);
	judge_promise(NULL);
	prog_finish(d);
}

void session_without_memory(struct prog *d)
{
	const char *before =
		judge_promise("ENOMEM, or what loop_fd_start() says; FD is");

	judge_checking("session_without_memory");
	judge_step("no slot is free, and there is no memory for more");
	peer_connect(d);
	prog_ask(d, "ok", "no-memory 1");
	prog_ask(d, "ENOMEM", "open 0");
	prog_ask(d, "ok", "memory");
	judge_step("the same, but a slot is there that waits");
	judge_promise("past that, or without memory, the one that");
	prog_ask(d, "ok", "close 7 peer");
	peer_connect(d);
	prog_ask(d, "ok", "no-memory 1");
	prog_ask(d, "7 2", "open 0");
	prog_ask(d, "ok", "memory");
	prog_answer(d, "events");
	judge_checking(NULL);
	judge_promise(before);
}
