/* SPDX-License-Identifier: MIT */
#include "session_held.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "asking.h"

static struct prog *start(void)
{
	static const struct prog_opts opts = { .keep_stdin = true };

	return prog_start_opts(&opts, "drivers/session-driver");
}

void session_refuses_a_file(void)
{
	struct prog *d = start();

	judge_checking("session_refuses_a_file");
	prog_ask(d, "ok", "create 10 400 50000 60000");
	judge_step("the loop cannot watch a regular file, more often than "
		   "there are slots");
	prog_ask(d, "EPERM", "open-file 1100");
	prog_ask(d, "-", "events");
	prog_ask(d, "0 1024 0 0 not-full", "counts");
	peer_connect(d);
	prog_answer(d, "open 0");
	prog_ask(d, "1 1024 0 0 not-full", "counts");
	judge_checking(NULL);
	prog_finish(d);
}

/* Reads what there is: whether that is all, for the connection is closed. */
static bool is_over(struct peer *c)
{
	char bytes[4096];
	ssize_t n;

	do
		n = recv(peer_fd(c), bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	return n == 0 || errno != EAGAIN;
}

/*
 * Four clients: answers are owed to one, wait in the queue of another, are owed
 * to one that is FINISHING, and the last one lingers. Then there is no pool.
 */
static void destroy_with_clients(struct prog *d)
{
	long long before = ask_number(prog_answer(d, "descriptors")), now;
	struct peer *c[4];
	int slot[4];

	prog_ask(d, "ok", "create 10 400 50000 60000");
	for (int i = 0; i < 4; i++) {
		c[i] = peer_connect_small(d, 4096);
		slot[i] = atoi(prog_answer(d, "open 0 4096"));
	}
	prog_answer(d, "expect %d", slot[0]);
	prog_ask(d, "ok", "reply %d 1 3000 5", slot[0]);
	prog_ask(d, "ok", "reply %d 1 30000 10", slot[1]);
	prog_ask(d, "ok", "flush %d", slot[1]);
	prog_answer(d, "expect %d", slot[2]);
	prog_ask(d, "ok", "finish %d crc", slot[2]);
	prog_ask(d, "ok", "finish %d drain", slot[3]);
	prog_answer(d, "events");
	prog_ask(d, "ok", "destroy");
	prog_ask(d, "-", "events");
	now = ask_number(prog_answer(d, "descriptors"));
	judge_check(now == before, "all connections closed with their pool",
		    "%lld are open", now - before);
	for (int i = 0; i < 4; i++) {
		judge_until(is_over(c[i]), "the connection is closed");
		peer_close(c[i]);
	}
}

void session_destroys_with_clients(void)
{
	struct prog *d = start();
	long long held = 0;

	judge_checking("session_destroys_with_clients");
	/* What the loop keeps for so many descriptors is there the second time. */
	for (int i = 0; i < 3; i++) {
		destroy_with_clients(d);
		if (i == 0)
			held = ask_number(prog_answer(d, "held"));
	}
	judge_check(ask_number(prog_answer(d, "held")) == held,
		    "no memory of a pool that was destroyed", "%lld bytes more",
		    ask_number(prog_answer(d, "held")) - held);
	judge_checking(NULL);
	prog_finish(d);
}

void session_lets_in_when_closed(void)
{
	struct prog *d = start();
	struct peer *next;
	int slot;

	judge_checking("session_lets_in_when_closed");
	prog_ask(d, "ok", "create 1 5 50000 0");
	peer_connect_small(d, 4096);
	prog_ask(d, "0 1", "open 0 4096");
	prog_ask(d, "ok", "reply 0 1 30000 30");
	next = peer_connect(d);
	judge_step("the client in slot 0 does not read, and closed() lets "
		   "another one in");
	prog_ask(d, "ok", "let-in");
	prog_ask(d, "closed", "flush 0");
	judge_check(sscanf(prog_answer(d, "events"),
			   "ended 0 send-queue; closed 0; opened %d",
			   &slot) == 1,
		    "a place for another client in closed()", "none");
	judge_check(atoi(prog_answer(d, "counts")) == 1, "one client",
		    "%s are counted", prog_answer(d, "counts"));
	judge_step("the other one is served, from slot %d", slot);
	peer_send(next, "x", 1);
	judge_until(!strncmp(prog_answer(d, "events"), "readable", 8),
		    "it is read");
	prog_ask(d, "1", "receive %d", slot);
	prog_ask(d, "ok", "flush %d", slot);
	judge_checking(NULL);
	prog_finish(d);
}
