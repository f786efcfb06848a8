/* SPDX-License-Identifier: MIT */
/* Task 4: chat.h, line by line, over real connections. */
#include <stdio.h>
#include <string.h>

#include "lab03.h"

GRADED(chat, everybody_else_hears)
{
	for (int k = 0; k < 2; k++) {
		struct room room = room_open(NULL, both_kinds[k], 4);
		struct peer *a = room.member[0], *d = room.member[3];

		judge_promise("it sends TEXT to the others: NAME: TEXT");
		peer_sendf(a, "good morning\n");
		room_others(&room, a, "guest1: good morning");
		peer_sendf(d, "* not from the server: %%s\n\n");
		room_others(&room, d, "guest4: * not from the server: %%s");
		judge_step("what one said does not come back to him: the next "
			   "line that he gets is another one");
		judge_promise("Everything is lines, each ended by a newline");
		peer_sendf(d, "bye, a\r\nand b\n\r\n");
		room_others(&room, d, "guest4: bye, a");
		room_others(&room, d, "guest4: and b");
		judge_promise("it sends TEXT to the others: NAME: TEXT");
		peer_sendf(room.member[1], "I am here, too\n");
		room_others(&room, room.member[1], "guest2: I am here, too");
		judge_checking("chat_one_return");
		peer_sendf(d, "two returns\r\r\n\r\r\n");
		room_others(&room, d, "guest4: two returns?");
		room_others(&room, d, "guest4: ?");
		judge_checking(NULL);
		prog_stop(room.srv);
	}
}

/* Everybody has gone: the numbers of guests go on all the same. */
static void numbers_go_on(void)
{
	struct room room = room_open(NULL, "select", 0);
	char guest[16];

	judge_checking("chat_number_once");
	for (int i = 1; i <= 3; i++) {
		struct peer *c;
		size_t there;

		snprintf(guest, sizeof(guest), "guest%d", i);
		c = room_enter(&room, guest);
		there = prog_descriptors(room.srv);
		room_without(&room, c);
		peer_close(c);
		judge_until(prog_descriptors(room.srv) < there,
			    "the only member has left");
	}
	judge_checking(NULL);
	prog_stop(room.srv);
}

/* /nick with the name that one has already is told to nobody else. */
static void own_name(struct room *room, struct peer *c, const char *name)
{
	judge_checking("chat_own_name");
	judge_promise("NEW is its own to it: * you are NEW");
	peer_sendf(c, "/nick %s\nstill here\n", name);
	peer_expectf(c, "* you are %s\n", name);
	room_others(room, c, "%s: still here", name);
	judge_checking(NULL);
}

/* What C asks for is no name; what is behind the blank belongs to it, all of it. */
static void asks_for_no_names(struct peer *c)
{
	static const char *const no_names[] = {
		"",
		"two words",
		"12345678901234567",
		"\xc3\xa9t\xc3\xa9",
		" anna",
		"anna ",
		"anna!",
		"\xff\xfe",
	};

	for (size_t i = 0; i < sizeof(no_names) / sizeof(no_names[0]); i++) {
		judge_promise("NEW is no name to it: ! a name is 1 to 16");
		if (!*no_names[i] || strchr(no_names[i], ' '))
			judge_promise("NEW is all that stands behind that");
		peer_sendf(c, "/nick %s\n", no_names[i]);
		peer_expectf(c, "! a name is 1 to 16 letters, digits, - or "
				"_\n");
	}
}

GRADED(chat, names_are_unique)
{
	struct room room = room_open(NULL, "poll", 3);
	struct peer *a = room.member[0], *b = room.member[1];

	judge_promise("/nick NEW to it: * you are NEW");
	peer_sendf(a, "/nick anna\n");
	peer_expectf(a, "* you are anna\n");
	room_others(&room, a, "* guest1 is now anna");
	asks_for_no_names(b);
	judge_checking("chat_whole_names");
	peer_sendf(b, "/nick ann\n/nick guest2\n");
	peer_expectf(b, "* you are ann\n* you are guest2\n");
	room_others(&room, b, "* guest2 is now ann");
	room_others(&room, b, "* ann is now guest2");
	judge_checking(NULL);
	own_name(&room, b, "guest2");
	judge_promise("Names are unique, upper and lower case");
	peer_sendf(b, "/nick anna\n/nick guest3\n/nick guest2\n");
	peer_expectf(b, "! anna is taken\n! guest3 is taken\n"
			"* you are guest2\n");
	peer_sendf(b, "/nick Anna\r\n");
	peer_expectf(b, "* you are Anna\n");
	room_others(&room, b, "* guest2 is now Anna");
	judge_promise("NEW is no name to it: ! a name is 1 to 16");
	peer_sendf(b, "/nick 1234567890-_abcZ\n");
	peer_expectf(b, "* you are 1234567890-_abcZ\n");
	room_others(&room, b, "* Anna is now 1234567890-_abcZ");

	judge_step("somebody is called as the next guest would be");
	judge_promise("/nick NEW to it: * you are NEW");
	peer_sendf(a, "/nick guest4\nhello\n");
	peer_expectf(a, "* you are guest4\n");
	room_others(&room, a, "* anna is now guest4");
	room_others(&room, a, "guest4: hello");
	judge_promise("a number is not given twice, and one whose name");
	room_enter(&room, "guest5");

	judge_step("a name is free again when its member has left");
	judge_promise("its input ends as /quit; a last line without");
	room_without(&room, a);
	peer_close(a);
	room_others(&room, NULL, "* guest4 left");
	judge_promise("A name is free again when its member has left.");
	peer_sendf(b, "/nick guest4\n");
	peer_expectf(b, "* you are guest4\n");
	room_others(&room, b, "* 1234567890-_abcZ is now guest4");
	prog_stop(room.srv);
	numbers_go_on();
}

#define MANY 300

/*
 * More members with long names than connections would be quick to make: the
 * answer is longer than a page of memory, and than most buffers of one line.
 */
static void who_of_many(void)
{
	struct prog *d = prog_driver("room-driver");
	char want[32 + MANY * 17];
	int n = sprintf(want, "* %d here:", MANY);

	judge_checking("chat_who_of_many");
	for (int i = 1; i <= MANY; i++) {
		prog_ask(d, "0", "join %d 1000000", i);
		prog_ask(d, "0", "send %d /nick a-longer-nam-%03d\\n", i, i);
		n += sprintf(want + n, " a-longer-nam-%03d", i);
	}
	prog_answer(d, "got 1");
	prog_ask(d, "0", "send 1 /who\\n");
	prog_said(d, prog_answer(d, "got 1"), want);
	judge_checking(NULL);
	prog_ask(d, "0", "stop");
	prog_finish(d);
}

GRADED(chat, who_lists_in_order)
{
	struct room room = room_open(NULL, "select", 4);
	struct peer *a = room.member[0], *b = room.member[1];

	judge_promise("/who lists in the order of joining");
	peer_sendf(b, "/who\n");
	peer_expectf(b, "* 4 here: guest1 guest2 guest3 guest4\n");
	judge_promise("/nick NEW to it: * you are NEW");
	peer_sendf(a, "/nick zoe\n");
	peer_expectf(a, "* you are zoe\n");
	room_others(&room, a, "* guest1 is now zoe");
	judge_promise("its connection breaks to the others: * NAME left");
	room_without(&room, b);
	peer_reset(b);
	room_others(&room, NULL, "* guest2 left");
	judge_promise("a member comes to it: * welcome");
	room_enter(&room, "guest5");
	judge_promise("/who lists in the order of joining");
	for (int i = 0; i < room.n; i++) {
		peer_sendf(room.member[i], "/who\n");
		peer_expectf(room.member[i], "* 4 here: zoe guest3 guest4 "
					     "guest5\n");
	}
	judge_step("what is no command says so, to its sender only");
	judge_promise("Commands are as written: ");
	peer_sendf(a, "/who \n/WHO\n/\n/nick\n/quit now\n//\n");
	for (int i = 0; i < 6; i++)
		peer_expectf(a, "! unknown command: /nick NAME, /who, /quit\n");
	peer_sendf(a, " /who\n");
	room_others(&room, a, "zoe:  /who");
	prog_stop(room.srv);
	who_of_many();
}

#define MUCH 300000 /* bytes, well above the ceiling of a buffer */

GRADED(chat, quit_and_the_end)
{
	struct room room = room_open(NULL, "poll", 5);
	size_t before = prog_descriptors(room.srv);
	struct peer *c = room.member[1];

	judge_step("/quit, and what comes behind it is not heard");
	judge_promise("it sends TEXT to the others: NAME: TEXT");
	peer_sendf(c, "last words\n/quit\nnot heard\n/nick ghost\n");
	room_others(&room, c, "guest2: last words");
	judge_promise("/quit to it: * bye, then the end of the stream");
	room_without(&room, c);
	peer_expectf(c, "* bye\n");
	peer_expect_eof(c);
	room_others(&room, NULL, "* guest2 left");
	judge_promise("What comes after /quit, in the same packet");
	peer_sendf(room.member[0], "is he gone?\n");
	room_others(&room, room.member[0], "guest1: is he gone?");
	judge_checking("chat_more_behind_quit");
	peer_send(c, judge_bytes(MUCH), MUCH);
	peer_close(c);
	judge_until(prog_descriptors(room.srv) == before - 1,
		    "what comes behind /quit is read, and so its end");
	judge_checking(NULL);

	judge_step("the end of the input is good-bye, too");
	judge_promise("its input ends as /quit; a last line without");
	c = room.member[1];
	peer_sendf(c, "one\nand one without a newline");
	peer_half_close(c);
	room_others(&room, c, "guest3: one");
	room_others(&room, c, "guest3: and one without a newline");
	room_without(&room, c);
	room_others(&room, NULL, "* guest3 left");
	peer_expectf(c, "* bye\n");
	peer_expect_eof(c);
	peer_close(c);

	judge_step("a connection that breaks");
	judge_promise("its connection breaks to the others: * NAME left");
	c = room.member[1];
	peer_sendf(c, "never to be fin");
	room_without(&room, c);
	peer_reset(c);
	room_others(&room, NULL, "* guest4 left");
	judge_promise("/quit to it: * bye, then the end of the stream");
	judge_until(prog_descriptors(room.srv) == before - 3,
		    "the connections of those who left are closed");
	judge_promise("What comes after /quit, in the same packet");
	peer_sendf(room.member[1], "/who\n");
	peer_expectf(room.member[1], "* 2 here: guest1 guest5\n");
	prog_stop(room.srv);
}

/* Lines have nothing to do with packets: cut anywhere, several at once. */
GRADED(chat, lines_in_pieces)
{
	static const char script[] = "hello\n/nick carl\nhow are you?\n"
				     "/nick guest1\n\n\nfine\n/nick guest1\n";
	const struct chaos chaos = { .short_read = 50, .short_write = 30 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int k = 0; k < 2; k++) {
		struct room room = room_open(&opts, both_kinds[k], 3);
		struct peer *c = room.member[0];

		for (int i = 0; i < 3; i++) {
			if (i == 0)
				peer_send_bytewise(c, script,
						   sizeof(script) - 1);
			else
				peer_send(c, script, sizeof(script) - 1);
			peer_expectf(c, "* you are carl\n* you are guest1\n"
					"* you are guest1\n");
			room_others(&room, c, "guest1: hello");
			room_others(&room, c, "* guest1 is now carl");
			room_others(&room, c, "carl: how are you?");
			room_others(&room, c, "* carl is now guest1");
			room_others(&room, c, "guest1: fine");
		}
		judge_step("half a line is nothing yet, and delays nobody");
		peer_sendf(c, "half a ");
		peer_sendf(room.member[1], "and I?\n");
		room_others(&room, room.member[1], "guest2: and I?");
		peer_sendf(c, "line\n");
		room_others(&room, c, "guest1: half a line");
		prog_stop(room.srv);
	}
}

static const char too_long[] = "! a line is at most 512 bytes\n";

/* What is told of C while it is within a line that was refused. */
static void named_within_a_long_line(struct room *room, struct peer *c,
				     const char *xs)
{
	static const char name[] = "1234567890-_abcZ";
	struct peer *other = room->member[1];

	judge_checking("chat_longest_name");
	judge_promise("NEW is no name to it: ! a name is 1 to 16");
	peer_sendf(c, "/nick %s\n", name);
	peer_expectf(c, "* you are %s\n", name);
	room_others(room, c, "* guest1 is now %s", name);
	peer_sendf(c, "%.700s", xs);
	peer_expectf(c, "%s", too_long);
	judge_promise("/who lists in the order of joining");
	peer_sendf(other, "/who\n");
	peer_expectf(other, "* 3 here: %s guest2 guest3\n", name);
	judge_promise("Names are unique, upper and lower case");
	peer_sendf(other, "/nick %s\n", name);
	peer_expectf(other, "! %s is taken\n", name);
	judge_promise(NULL);
	judge_checking(NULL);
}

GRADED(chat, line_limit)
{
	struct room room = room_open(NULL, "poll", 3);
	struct peer *c = room.member[0];
	char xs[1024];

	memset(xs, 'x', sizeof(xs));
	peer_sendf(c, "%.512s\n", xs);
	room_others(&room, c, "guest1: %.512s", xs);
	peer_sendf(c, "%.511s\r\n", xs);
	room_others(&room, c, "guest1: %.511s", xs);

	judge_step("one byte too many, and the line after it");
	peer_sendf(c, "%.513s\nI am back\n", xs);
	peer_expectf(c, "%s", too_long);
	room_others(&room, c, "guest1: I am back");

	judge_checking("chat_return_counts");
	peer_sendf(c, "%.512s\r\nand here I am\n", xs);
	peer_expectf(c, "%s", too_long);
	room_others(&room, c, "guest1: and here I am");
	judge_checking(NULL);

	judge_step("it is refused before its newline has come, and once");
	peer_sendf(c, "%.700s", xs);
	peer_expectf(c, "%s", too_long);
	peer_sendf(c, "%.1024s", xs);
	peer_sendf(c, "%.1024s\n/who\n", xs);
	peer_expectf(c, "* 3 here: guest1 guest2 guest3\n");
	peer_sendf(c, "back again\n");
	room_others(&room, c, "guest1: back again");
	named_within_a_long_line(&room, c, xs);
	prog_stop(room.srv);
}

GRADED(chat, a_megabyte_without_a_newline)
{
	struct room room = room_open(NULL, "poll", 2);
	struct peer *c = room.member[0];
	size_t before = prog_rss_kib(room.srv);
	char xs[4096];

	memset(xs, 'x', sizeof(xs));
	for (int i = 0; i < 256; i++)
		peer_send(c, xs, sizeof(xs));
	peer_expectf(c, "%s", too_long);
	peer_sendf(c, "y\nthat was long\n");
	room_others(&room, c, "guest1: that was long");
	judge_step("a refused line is not kept in memory");
	prog_expect_rss(room.srv, before, 400);
	peer_send(c, xs, sizeof(xs));
	peer_expectf(c, "%s", too_long);
	room_without(&room, c);
	judge_step("its end comes in the middle of such a line");
	peer_half_close(c);
	peer_expectf(c, "* bye\n");
	peer_expect_eof(c);
	room_others(&room, NULL, "* guest1 left");
	prog_stop(room.srv);
}

GRADED(chat, binary_is_harmless)
{
	struct room room = room_open(NULL, "poll", 3);
	struct peer *c = room.member[0];
	unsigned char line[512];
	char want[600];
	int n = 0;

	peer_send(c, "a\0b\033[2J\a\177c\td\re\n", 15);
	room_others(&room, c, "guest1: a?b?[2J??c\td?e");
	peer_send(c, "/who\0\n", 6);
	peer_expectf(c, "! unknown command: /nick NAME, /who, /quit\n");
	peer_send(c, "/nick a\0b\n", 10);
	peer_expectf(c, "! a name is 1 to 16 letters, digits, - or _\n");
	peer_send(c, "\0\n", 2);
	room_others(&room, c, "guest1: ?");

	judge_step("every byte but the newline, in a random order");
	for (int i = 0; i < 256; i++)
		if (i != '\n')
			line[n++] = (unsigned char)i;
	for (int i = 1; i < n - 1; i++) {
		int j = (int)judge_random_between(1, (size_t)i);
		unsigned char swap = line[i];

		line[i] = line[j];
		line[j] = swap;
	}
	line[0] = 'b'; /* neither a command nor a return at its ends */
	line[n - 1] = 'e';
	for (int i = 0; i < n; i++)
		want[i] = (line[i] < 0x20 && line[i] != '\t') || line[i] == 127
				  ? '?'
				  : (char)line[i];
	line[n] = '\n';
	want[n] = '\0';
	peer_send(c, line, (size_t)n + 1);
	room_others(&room, c, "guest1: %s", want);
	peer_sendf(c, "gr\xc3\xbc\xc3\x9f dich\n");
	room_others(&room, c, "guest1: gr\xc3\xbc\xc3\x9f dich");
	prog_stop(room.srv);
}
