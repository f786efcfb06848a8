/* SPDX-License-Identifier: MIT */
/*
 * Task 5: what has to happen at a certain byte, in the same batch, or one after
 * the other, by way of tests/drivers/room-driver.c: there the room that a
 * client's queue has is what the test says. All under Valgrind, which sees each
 * use of a member that has gone.
 */
#include <stdio.h>
#include <string.h>

#include "lab03.h"

/* A room of N members, guest0 being none; all have got all that was told. */
static struct prog *room_of(int n)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/room-driver");

	for (int i = 1; i <= n; i++)
		prog_ask(d, "0", "join %d 100000", i);
	for (int i = 1; i <= n; i++)
		prog_answer(d, "got %d", i);
	return d;
}

static void room_ends(struct prog *d)
{
	prog_ask(d, "0", "stop");
	prog_finish(d);
}

/* "guest1: hello\n" is 14 bytes, "* guest2 dropped: too slow\n" is 27. */
GRADED(room, slow_to_the_byte)
{
	struct prog *d = room_of(4);

	prog_ask(d, "0", "room 2 14");
	prog_ask(d, "0", "send 1 hello\\n");
	prog_ask(d, "guest1: hello", "got 2");
	prog_ask(d, "guest1: hello", "got 3");
	prog_ask(d, "0", "room 2 1000");
	prog_ask(d, "0", "room 3 13");
	prog_ask(d, "0", "send 1 hello\\nagain\\n");
	prog_ask(d, "- [dropped]", "got 3");
	prog_ask(d,
		 "guest1: hello / * guest3 dropped: too slow / guest1: again",
		 "got 2");
	prog_ask(d,
		 "guest1: hello / guest1: hello / * guest3 dropped: too slow / "
		 "guest1: again",
		 "got 4");
	prog_ask(d, "* guest3 dropped: too slow", "got 1");
	judge_step("no room for an answer");
	prog_ask(d, "0", "room 2 5");
	prog_ask(d, "0", "send 2 /who\\n");
	prog_ask(d, "- [dropped]", "got 2");
	prog_ask(d, "* guest2 dropped: too slow", "got 1");
	room_ends(d);
}

/*
 * Each has just so much room that the line fits, or the line and some of the
 * notices: each notice is the end of the next one.
 */
GRADED(room, one_drop_after_the_other)
{
	/* "guest1: hello", and a notice about guest12, with their newlines */
	const int line = 14, notice = 28;
	const int first = 12, last = 30;
	struct prog *d = room_of(last);
	const char *text;

	prog_ask(d, "0", "room %d %d", first, line - 1);
	for (int i = first + 1; i <= last; i++)
		prog_ask(d, "0", "room %d %d", i,
			 line + notice * (i - first - 1));
	prog_ask(d, "0", "send 1 hello\\n");
	for (int i = first; i <= last; i++) {
		text = prog_answer(d, "got %d", i);
		judge_check(strstr(text, "[dropped]"),
			    "each of them to be dropped by the notice of the "
			    "one before",
			    "of %d: \"%s\"", i, text);
	}
	text = prog_answer(d, "got 11");
	for (int i = first; i <= last; i++) {
		char want[40];
		const char *at;

		snprintf(want, sizeof(want), "* guest%d dropped: too slow", i);
		at = strstr(text, want);
		judge_check(at && !strstr(at + 1, want),
			    "the others to be told of each, once",
			    "of %d: \"%s\"", i, text);
	}
	prog_ask(d, "0", "room 1 1000");
	prog_answer(d, "got 1");
	prog_ask(d, "0", "send 1 /who\\n");
	prog_ask(d,
		 "* 11 here: guest1 guest2 guest3 guest4 guest5 guest6 guest7 "
		 "guest8 guest9 guest10 guest11",
		 "got 1");
	room_ends(d);
}

/* A speaker whom his own lines drop: the rest of them is not heard. */
GRADED(room, dropped_by_ones_own_line)
{
	struct prog *d = room_of(4);

	prog_ask(d, "0", "room 2 10");
	prog_ask(d, "0", "send 2 one\\n/who\\ntwo\\n/nick x\\n");
	prog_ask(d, "- [dropped]", "got 2");
	prog_ask(d, "guest2: one / * guest2 dropped: too slow", "got 1");

	judge_step("too little room for the notice of another one's drop");
	prog_answer(d, "got 3");
	prog_answer(d, "got 4");
	prog_ask(d, "0", "room 3 20");
	prog_ask(d, "0", "room 4 5");
	prog_ask(d, "0", "send 3 one\\ntwo\\n");
	prog_ask(d, "- [dropped]", "got 3");
	prog_ask(d, "- [dropped]", "got 4");
	prog_answer(d, "got 1");
	prog_ask(d, "0", "send 1 /who\\n");
	prog_ask(d, "* 1 here: guest1", "got 1");

	judge_step("none for \"bye\": dropped, and not told of twice");
	prog_ask(d, "0", "join 5 1000");
	prog_answer(d, "got 1");
	prog_ask(d, "0", "room 5 5");
	prog_ask(d, "0", "send 5 /quit\\n/who\\n");
	prog_answer(d, "got 5");
	prog_ask(d, "* guest5 dropped: too slow", "got 1");

	judge_step("its last line is the one, and then its input ends");
	prog_ask(d, "0", "join 6 1000");
	prog_answer(d, "got 1");
	prog_ask(d, "0", "room 6 5");
	prog_ask(d, "0", "send 6 /who");
	prog_ask(d, "0", "end 6");
	prog_ask(d, "* guest6 dropped: too slow", "got 1");

	judge_step("no room for the answer: what it was about has happened");
	judge_checking("chat_it_has_happened");
	prog_ask(d, "0", "join 7 5");
	prog_ask(d, "* guest7 joined / * guest7 dropped: too slow", "got 1");
	prog_ask(d, "0", "join 8 1000");
	prog_answer(d, "got 1");
	prog_ask(d, "0", "room 8 5");
	prog_ask(d, "0", "send 8 /nick zoe\\n");
	prog_ask(d, "* guest8 is now zoe / * zoe dropped: too slow", "got 1");
	judge_checking(NULL);
	room_ends(d);
}

/* They go by themselves; that it is told may drop others, at once. */
GRADED(room, a_good_bye_drops_others)
{
	struct prog *d = room_of(6);

	prog_ask(d, "0", "room 2 5");
	prog_ask(d, "0", "break 1");
	prog_ask(d, "- [dropped]", "got 2");
	prog_ask(d, "* guest1 left / * guest2 dropped: too slow", "got 3");

	prog_ask(d, "0", "room 4 5");
	prog_ask(d, "0", "end 3");
	prog_ask(d, "* bye [finished]", "got 3");
	prog_answer(d, "got 4");
	prog_ask(d, "0", "break 3");
	prog_answer(d, "got 5");
	prog_ask(d, "0", "room 5 5");
	prog_ask(d, "0", "join 7 1000");
	prog_ask(d, "- [dropped]", "got 5");
	prog_ask(d, "* welcome, guest7 / * guest5 dropped: too slow", "got 7");
	prog_ask(d, "0", "send 7 /who\\n");
	prog_ask(d, "* 2 here: guest6 guest7", "got 7");
	room_ends(d);
}

/* Clients that have quit, or ended, or gone in the middle of a line. */
GRADED(room, leaves_in_every_state)
{
	struct prog *d = room_of(6);

	prog_ask(d, "0", "send 1 /quit\\n");
	prog_ask(d, "* bye [finished]", "got 1");
	prog_ask(d, "0", "send 1 hello?\\n");
	prog_ask(d, "0", "end 1");
	prog_ask(d, "0", "break 1");
	prog_ask(d, "* guest1 left", "got 6");
	prog_ask(d, "0", "send 2 half a li");
	prog_ask(d, "0", "break 2");
	prog_ask(d, "* guest2 left", "got 6");
	prog_ask(d, "0", "send 3 half a line");
	prog_ask(d, "0", "end 3");
	prog_ask(d, "guest3: half a line / * guest3 left", "got 6");
	prog_ask(d, "0", "break 3");
	prog_ask(d, "0", "send 4 /quit");
	prog_ask(d, "-", "got 6");
	prog_answer(d, "got 4");
	prog_ask(d, "0", "end 4");
	prog_ask(d, "* guest4 left", "got 6");
	prog_ask(d, "* bye [finished]", "got 4");
	prog_ask(d, "0", "send 5 /who\\r\\n");
	prog_answer(d, "got 5");
	prog_ask(d, "0", "send 6 /who\\r\\n");
	prog_ask(d, "* 2 here: guest5 guest6", "got 6");
	judge_checking("chat_short_last_line");
	prog_ask(d, "0", "send 5 x");
	prog_ask(d, "0", "end 5");
	prog_ask(d, "guest5: x / * guest5 left", "got 6");
	judge_checking(NULL);
	room_ends(d);
	room_follows_the_model();
}
