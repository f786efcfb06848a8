/* SPDX-License-Identifier: MIT */
/*
 * Task 4: worker.c and names that a driver resolves, to addresses that let it wait.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bottest.h"
#include "clock.h"

static bool is_connected(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) > 0;
}

/* Listens on PORT of 127.0.0.2, and answers nobody: its queue is full. */
static int listen_silent(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port),
				   .sin_addr.s_addr = htonl(0x7f000002) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
	    listen(fd, 0) < 0)
		judge_infra("a listener on 127.0.0.2");
	for (int i = 0; i < 2; i++) {
		int client = socket(
			AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		/* Left open until the test ends. */
		connect(client, (struct sockaddr *)&sin, sizeof(sin));
		/* The first one has the only place, before the second asks. */
		if (i == 0)
			judge_until(is_connected(client),
				    "the queue of 127.0.0.2 is full");
	}
	return fd;
}

/* How many connects to PORT of 127.0.0.2 wait for an answer (proc(5)). */
static int count_waiting(int port)
{
	char line[256], wanted[32];
	FILE *f = fopen("/proc/net/tcp", "re");
	int n = 0;

	if (!f)
		judge_infra("/proc/net/tcp");
	snprintf(wanted, sizeof(wanted), " 0200007F:%04X 02 ", port);
	while (fgets(line, sizeof(line), f))
		n += strstr(line, wanted) != NULL;
	fclose(f);
	return n;
}

/*
 * The first address of a name refuses, but not at once: its socket is watched by
 * then. The next one mostly has the same number.
 */
void names_one_address_after_the_other(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2"), *bot;
	int port = prog_port(origin), silent = listen_silent(port);
	int before = count_waiting(port);
	char to[64];
	const char *args[] = { "--json",
			       "--cacert",
			       ORIGIN_CA,
			       "--connect-timeout",
			       "120",
			       "-c",
			       "3",
			       "-n",
			       "12",
			       "--connect-to",
			       to,
			       "http://a.test/ok",
			       "https://a.test/ok",
			       NULL };
	json_t *r;

	judge_checking("worker_next_address");
	snprintf(to, sizeof(to), "::two.test:%d", port);
	bot = prog_spawn(&opts, "drivers/bot-of-names", args);
	judge_until(count_waiting(port) >= before + 3, "three connects wait");
	close(silent);
	r = bot_report(bot, 0);
	bot_expect_done(r, 12);
	json_decref(r);
	judge_checking(NULL);
	prog_stop(origin);
}

#define LOOK_UP_US 300000 /* late.test takes longer */

/* The phases follow each other: to connect takes none of the look-up's time. */
void names_phases_follow_each_other(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2");
	char to[64];
	const char *args[] = {
		"--json",	    "-n", "1", "-c", "1", "--connect-to", to,
		"http://a.test/ok", NULL
	};
	long dns = 0, connect = LOOK_UP_US;

	judge_checking("worker_phases_follow");
	snprintf(to, sizeof(to), "::late.test:%d", prog_port(origin));
	/* On a busy machine it may take as long, too. */
	for (int i = 0; i < 4 && connect >= LOOK_UP_US; i++) {
		json_t *r = bot_report(
			prog_spawn(&opts, "drivers/bot-of-names", args), 0);

		bot_expect_done(r, 1);
		dns = bot_number(r, "phases_us.dns.p50");
		connect = bot_number(r, "phases_us.connect.p50");
		json_decref(r);
		judge_check(dns >= LOOK_UP_US,
			    "the time of the look-up for \"dns\"", "%ld us",
			    dns);
	}
	judge_check(connect < LOOK_UP_US,
		    "\"connect\" to begin with the dial, not with the look-up",
		    "%ld us, and %ld us for \"dns\"", connect, dns);
	judge_checking(NULL);
	prog_stop(origin);
}

/*
 * Its name is resolved when nobody waits for it any more: whatever has begun with
 * it is over at once.
 */
void names_given_up_while_resolved(void)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *origin = origin_start("--tickets", "2"), *bot;
	int port = prog_port(origin), silent = listen_silent(port);
	int before = count_waiting(port);
	int64_t begin_ms = clock_ms();
	char to[64];
	/* The second request keeps bot from ending. */
	const char *args[] = {
		"--json", "--timeout",	  "1", "--rate",
		"0.01",	  "-n",		  "2", "-c",
		"2",	  "--connect-to", to,  "http://a.test/ok",
		NULL
	};

	judge_checking("worker_given_up");
	snprintf(to, sizeof(to), "::slow.test:%d", port);
	bot = prog_spawn(&opts, "drivers/bot-of-names", args);
	judge_until(access("asked", F_OK) == 0, "the name is looked up");
	judge_until(clock_ms() - begin_ms > 1500 && prog_sleeps(bot),
		    "the request has been given up");
	judge_step("now the resolver answers");
	fclose(fopen("answer", "we"));
	judge_until(access("answered", F_OK) == 0 && prog_sleeps(bot),
		    "bot has been told");
	judge_until_detail(count_waiting(port) == before,
			   "no connect is under way for a request that failed",
			   "%d more than before", count_waiting(port) - before);
	prog_signal(bot, SIGINT);
	json_decref(bot_report(bot, 130));
	judge_checking(NULL);
	close(silent);
	prog_stop(origin);
}
