/* SPDX-License-Identifier: MIT */
/* The channel, the log's file, statistics, and the rule of a flood. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "log/logfile.h"
#include "server/flood.h"
#include "stats/stats.h"

TestSuite(channel, .timeout = 20);
TestSuite(logfile, .timeout = 20);
TestSuite(stats, .timeout = 20);
TestSuite(flood, .timeout = 20);

Test(channel, commands)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(channel_open(ends), 0);
	cr_expect(fcntl(ends[0], F_GETFD) & FD_CLOEXEC);
	cr_expect_eq(channel_receive(ends[0]), CHANNEL_NONE);
	channel_send(ends[1], CHANNEL_LEAVE);
	channel_send(ends[1], CHANNEL_STOP);
	cr_expect_eq(channel_receive(ends[0]), CHANNEL_LEAVE);
	cr_expect_eq(channel_receive(ends[0]), CHANNEL_STOP);
	cr_expect_eq(channel_receive(ends[0]), CHANNEL_NONE);
	close(ends[1]);
	cr_expect_eq(channel_receive(ends[0]), CHANNEL_LOST);
	close(ends[0]);
	cr_assert_eq(channel_open(ends), 0);
	close(ends[0]);
	cr_expect_eq(channel_send(ends[1], CHANNEL_CUT), -1);
	cr_expect_eq(errno, EPIPE);
	close(ends[1]);
}

Test(channel, reports)
{
	struct channel_report report;
	int ends[2];

	cr_assert_eq(channel_open(ends), 0);
	cr_expect_eq(channel_hear(ends[0], &report), 0);
	channel_tell(ends[1], CHANNEL_READY);
	channel_tell(ends[1], CHANNEL_LEAVING);
	cr_expect_eq(channel_hear(ends[0], &report), 1);
	cr_expect_eq(report.pid, getpid());
	cr_expect_eq(report.event, CHANNEL_READY);
	cr_expect_eq(channel_hear(ends[0], &report), 1);
	cr_expect_eq(report.event, CHANNEL_LEAVING);
	cr_expect_eq(channel_hear(ends[0], &report), 0);
	close(ends[0]);
	close(ends[1]);
}

Test(logfile, appends_and_is_exchanged)
{
	char path[] = "/tmp/logfile-XXXXXX";
	char old[64];
	struct stat st;
	int saved = dup(STDERR_FILENO);

	close(mkstemp(path));
	snprintf(old, sizeof(old), "%s.1", path);
	unlink(path);
	cr_assert_eq(logfile_open(path), 0);
	cr_expect_eq(write(STDERR_FILENO, "one\n", 4), 4);
	cr_expect_eq(rename(path, old), 0);
	cr_expect_eq(write(STDERR_FILENO, "two\n", 4), 4);
	cr_expect_eq(logfile_open(path), 0);
	cr_expect_eq(write(STDERR_FILENO, "three\n", 6), 6);
	cr_expect_eq(logfile_open("/nowhere/log"), -1);
	cr_expect_eq(errno, ENOENT);
	cr_expect_eq(write(STDERR_FILENO, "four\n", 5), 5);
	dup2(saved, STDERR_FILENO);
	close(saved);
	cr_expect_eq(stat(old, &st), 0);
	cr_expect_eq(st.st_size, 8);
	cr_expect_eq(st.st_mode & 0777, 0600);
	cr_expect_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_size, 11);
	unlink(path);
	unlink(old);
}

/* A worker counts, ends, and what it has counted stays in the sum. */
Test(stats, outlive_their_worker)
{
	struct stats_board *board = stats_create();
	char text[STATS_LINE_MAX];
	struct stats *stats;
	pid_t pid;

	cr_assert(board);
	stats = stats_reserve(board);
	cr_assert(stats);
	pid = fork();
	if (pid == 0) {
		stats_add(stats, STATS_PINGS, 5);
		stats_add(stats, STATS_CONNECTIONS, 3);
		stats_add(stats, STATS_CONNECTIONS, -1);
		_exit(0);
	}
	stats_assign(board, pid);
	waitpid(pid, NULL, 0);
	stats_print(board, text, sizeof(text));
	cr_expect(strstr(text, "workers=1 started=1 connections=2 "), "%s",
		  text);
	cr_expect(strstr(text, " pings=5 "), "%s", text);
	stats_retire(board, pid);
	stats_print(board, text, sizeof(text));
	cr_expect(strstr(text, "workers=0 started=1 connections=0 "), "%s",
		  text);
	cr_expect(strstr(text, " pings=5 "), "%s", text);
	cr_expect(strstr(text, " closed_send_queue=0 "), "%s", text);
	stats_destroy(board);
}

Test(stats, of_a_fork_that_failed)
{
	struct stats_board *board = stats_create();
	char text[STATS_LINE_MAX];

	cr_assert(stats_reserve(board));
	stats_assign(board, -1);
	stats_print(board, text, sizeof(text));
	cr_expect(strstr(text, "workers=0 started=0 "), "%s", text);
	stats_destroy(board);
}

/* The longest line still fits a line of the log. */
Test(stats, fit_a_line)
{
	struct stats_board *board = stats_create();
	struct stats *stats = stats_reserve(board);
	char text[STATS_LINE_MAX];

	for (size_t i = 0; i < STATS_COUNTS; i++)
		stats_add(stats, (enum stats_count)i, 999999999999);
	stats_assign(board, getpid());
	stats_print(board, text, sizeof(text));
	cr_expect_lt(strlen(text), sizeof(text) - 1);
	cr_expect(strstr(text, "closed_peer=999999999999"), "%s", text);
	stats_destroy(board);
}

Test(flood, a_row)
{
	const struct flood_rules rules = { true, 3, 100 };
	struct flood f = { 0 };

	cr_expect_not(flood_packet(&f, &rules, 1000));
	cr_expect_not(flood_packet(&f, &rules, 1100));
	cr_expect_not(flood_packet(&f, &rules, 1201), "a new row");
	cr_expect_not(flood_packet(&f, &rules, 1201));
	cr_expect(flood_packet(&f, &rules, 1301));
}

Test(flood, off)
{
	const struct flood_rules rules = { false, 2, 100 };
	struct flood f = { 0 };

	for (int i = 0; i < 10; i++)
		cr_expect_not(flood_packet(&f, &rules, 1000));
}
