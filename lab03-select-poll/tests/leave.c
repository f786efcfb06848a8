/* SPDX-License-Identifier: MIT */
/*
 * Task 5: members who go, over real connections. What has to happen at a
 * certain byte is in room.c.
 */
#include <stdio.h>
#include <string.h>

#include "lab03.h"

#define LINE	   400
#define LINES	   50 /* said at a time */
#define FLOODS_MAX 1000

/* A member who says LINES lines at a time, and one who reads all. */
struct flood {
	struct peer *speaker;
	struct peer *reader;
	char text[LINE + 1];
	int notices; /* "dropped: too slow", as the reader has seen them */
	int floods;
};

/* What READER sees of LINES lines; the notices are counted. */
static void flood(struct flood *f)
{
	judge_check(++f->floods < FLOODS_MAX,
		    "those who do not read to be dropped at some time",
		    "%d notices after %d lines", f->notices,
		    FLOODS_MAX * LINES);
	for (int i = 0; i < LINES; i++)
		peer_sendf(f->speaker, "%s\n", f->text);
	for (int got = 0; got < LINES;) {
		const char *line = peer_line(f->reader);

		if (strstr(line, f->text)) {
			got++;
			continue;
		}
		judge_check(strstr(line, " dropped: too slow"),
			    "what was said, and notices of those dropped",
			    "\"%s\"", line);
		f->notices++;
	}
}

/* The speaker gets the notices, too; each of them, and nothing else. */
static void read_notices(struct flood *f)
{
	for (int i = 0; i < f->notices; i++) {
		const char *line = peer_line(f->speaker);

		judge_check(!strncmp(line, "* guest", 7) &&
				    strstr(line, " dropped: too slow"),
			    "the same notice to the speaker", "\"%s\"", line);
	}
}

/* A room with a speaker, a reader, and N that do not read. */
static struct flood flood_begin(struct room *room, int n)
{
	const struct prog_opts opts = { .count_calls = true };
	struct flood f = { .notices = 0 };

	*room = room_open(&opts, "poll", 2);
	f.speaker = room->member[0];
	f.reader = room->member[1];
	for (int i = 0; i < n; i++) {
		char guest[16];
		struct peer *c = peer_connect_small(room->srv, 4096);

		snprintf(guest, sizeof(guest), "guest%d", i + 3);
		peer_expectf(c, "* welcome, %s\n", guest);
		room_others(room, NULL, "* %s joined", guest);
	}
	memset(f.text, 'z', LINE);
	return f;
}

GRADED(chat, slow_member_is_dropped)
{
	struct room room;
	struct flood f = flood_begin(&room, 1);
	size_t descriptors = prog_descriptors(room.srv);
	size_t before = prog_rss_kib(room.srv);

	while (f.notices == 0)
		flood(&f);
	judge_until(prog_descriptors(room.srv) == descriptors - 1,
		    "its connection is closed");
	for (int i = 0; i < 5; i++)
		flood(&f);
	judge_check(f.notices == 1, "one notice", "%d", f.notices);
	read_notices(&f);
	peer_sendf(f.speaker, "/who\n");
	peer_expectf(f.speaker, "* 2 here: guest1 guest2\n");
	prog_expect_rss(room.srv, before, 1024);
	prog_stop(room.srv);
}

/* Their queues are alike, so one's drop and its notice fill the next one's. */
GRADED(chat, many_are_slow)
{
	struct room room;
	struct flood f = flood_begin(&room, 12);
	size_t descriptors = prog_descriptors(room.srv);

	while (f.notices < 12)
		flood(&f);
	judge_until(prog_descriptors(room.srv) == descriptors - 12,
		    "their connections are closed");
	flood(&f);
	read_notices(&f);
	peer_sendf(f.speaker, "/who\n");
	peer_expectf(f.speaker, "* 2 here: guest1 guest2\n");
	prog_stop(room.srv);
}

/* While the server is stopped, resets and lines gather: one batch for it. */
GRADED(chat, reset_during_a_broadcast)
{
	const struct prog_opts opts = { .valgrind = true };

	for (int k = 0; k < 2; k++) {
		struct room room = room_open(&opts, both_kinds[k], 9);
		struct peer *reader = room.member[8];
		int lines = 0, left = 0;

		judge_step("the server is stopped for a moment (SIGSTOP)");
		prog_pause(room.srv);
		for (int i = 0; i < 4; i++) {
			peer_sendf(room.member[2 * i], "one\ntwo\n");
			peer_reset(room.member[2 * i + 1]);
		}
		prog_resume(room.srv);
		while (lines < 8 || left < 4) {
			const char *line = peer_line(reader);

			lines += strstr(line, ": one") || strstr(line, ": two");
			left += strstr(line, " left") != NULL;
		}
		judge_check(lines == 8 && left == 4, "8 lines, and 4 who left",
			    "%d and %d", lines, left);
		peer_sendf(reader, "/who\n");
		peer_expectf(reader, "* 5 here: guest1 guest3 guest5 guest7 "
				     "guest9\n");
		prog_stop(room.srv);
	}
}

#define TALKERS 8

/* Everybody talks at the same time; each hears all others, each in order. */
GRADED(chat, survives_faults)
{
	const struct chaos chaos = { .short_read = 40,
				     .short_write = 40,
				     .eintr = 20,
				     .eagain = 30,
				     .econnaborted = 20 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct room room = room_open(&opts, "poll", TALKERS);

	for (int said = 0; said < 10; said++)
		for (int i = 0; i < TALKERS; i++)
			peer_sendf(room.member[i], "line %d\n", said);
	for (int i = 0; i < TALKERS; i++) {
		int next[TALKERS + 1] = { 0 };

		for (int k = 0; k < 10 * (TALKERS - 1); k++) {
			const char *line = peer_line(room.member[i]);
			int who = 0, what = -1;

			judge_check(sscanf(line, "guest%d: line %d", &who,
					   &what) == 2 &&
					    who >= 1 && who <= TALKERS &&
					    who != i + 1 && what == next[who],
				    "the lines of each other, in their order",
				    "\"%s\"", line);
			next[who]++;
		}
	}
	prog_stop(room.srv);
}

/* The messages of one make all that a chat does happen; then it ends. */
GRADED(chat, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };
	struct room room = room_open(&opts, "poll", 5);
	struct peer *a = room.member[0];
	char xs[600];

	memset(xs, 'x', sizeof(xs));
	peer_sendf(a, "hello\n/nick a\n/who\n%.600s\n%.512s\nhalf", xs, xs);
	peer_expectf(a,
		     "* you are a\n* 5 here: a guest2 guest3 guest4 "
		     "guest5\n%s",
		     "! a line is at most 512 bytes\n");
	room_others(&room, a, "guest1: hello");
	room_others(&room, a, "* guest1 is now a");
	room_others(&room, a, "a: %.512s", xs);
	peer_sendf(room.member[1], "/quit\n");
	peer_reset(room.member[2]);
	peer_half_close(room.member[3]);
	for (int i = 0; i < 3; i++)
		peer_line(a);
	peer_sendf(a, " a line\n/who\n");
	peer_expectf(a, "* 2 here: a guest5\n");
	prog_stop(room.srv);
}
