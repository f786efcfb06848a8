/* SPDX-License-Identifier: MIT */
/*
 * Written with judge.h alone, as a test is: nothing here knows how a server
 * does what it promises.
 */
#include "echo.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#define MANY	40 /* clients of echo_own_bytes() */
#define CLIENTS 8  /* of echo_traffic() */
#define STUCK	3  /* of echo_stuck() */

void echo_text(struct peer *c, const char *text)
{
	peer_sendf(c, "%s", text);
	peer_expectf(c, "%s", text);
}

static void say_good_bye(struct peer *c)
{
	peer_half_close(c);
	peer_expect_eof(c);
	peer_close(c);
}

void echo_new_client(struct prog *srv)
{
	struct peer *c = peer_connect(srv);

	echo_text(c, "are you there?");
	say_good_bye(c);
}

void echo_every_byte(struct prog *srv)
{
	const size_t len = 60000;
	char *data = judge_bytes(len);
	struct peer *c = peer_connect(srv);

	echo_text(c, "hello");
	peer_send_bytewise(c, "a\0b\n\r\xff", 6);
	peer_expect(c, "a\0b\n\r\xff", 6);
	peer_exchange(c, judge_random_between(1 << 20, 2 << 20));

	judge_step("half-close at once: the rest comes, then the end");
	peer_send(c, data, len);
	peer_half_close(c);
	peer_expect(c, data, len);
	peer_expect_eof(c);
	peer_close(c);

	judge_step("one that says nothing at all");
	say_good_bye(peer_connect(srv));
	echo_new_client(srv);
}

void echo_end_at_once(struct prog *srv)
{
	const size_t len = 20000;
	char *data = judge_bytes(len);
	struct peer *c = peer_connect(srv);

	judge_step("bytes and the end behind them, both there at once");
	prog_pause(srv);
	peer_send(c, data, len);
	peer_half_close(c);
	prog_resume(srv);
	peer_expect(c, data, len);
	peer_expect_eof(c);
	peer_close(c);
}

void echo_side_by_side(struct prog *srv)
{
	struct peer *idle = peer_connect(srv), *stalled, *a, *b;

	stalled = peer_connect_small(srv, 8192);
	peer_send_until_full(stalled);
	a = peer_connect(srv);
	b = peer_connect(srv);
	for (int i = 0; i < 5; i++) {
		echo_text(a, "one");
		echo_text(b, "two");
	}
	peer_exchange(a, 200000);
	echo_text(idle, "I was only thinking");
}

void echo_own_bytes(struct prog *srv, int rounds)
{
	struct peer *c[MANY];

	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < MANY; i++)
			c[i] = peer_connect(srv);
		for (int i = 0; i < MANY; i++)
			peer_sendf(c[i], "client %d of round %d", i, round);
		for (int i = 0; i < MANY; i++)
			peer_expectf(c[i], "client %d of round %d", i, round);
		for (int i = 0; i < MANY; i++)
			say_good_bye(c[i]);
	}
}

/*
 * A client that closes in order, but before its answer comes, which its kernel
 * then answers with RST: what the server writes after that raises SIGPIPE. The
 * server is stopped meanwhile, or it might be faster than the client.
 */
static void gone_before_the_answer(struct prog *srv)
{
	struct peer *c = peer_connect(srv);
	const size_t len = 100000;

	echo_text(c, "hello");
	judge_step("all of the server is stopped for a moment (SIGSTOP)");
	kill(-prog_pid(srv), SIGSTOP);
	peer_send(c, judge_bytes(len), len);
	peer_close(c);
	kill(-prog_pid(srv), SIGCONT);
}

void echo_resets(struct prog *srv, struct peer *other)
{
	struct peer *c;

	for (int i = 0; i < 10; i++)
		peer_reset(peer_connect(srv));
	for (int i = 0; i < 10; i++) {
		c = peer_connect(srv);
		echo_text(c, "hello");
		peer_send(c, "bye", 3);
		peer_reset(c);
	}
	for (int i = 0; i < 3; i++) {
		c = peer_connect_small(srv, 8192);
		peer_send_until_full(c);
		peer_reset(c);
	}
	for (int i = 0; i < 3; i++) {
		c = peer_connect(srv);
		peer_send(c, "closed with the answer unread", 29);
		peer_close(c);
		gone_before_the_answer(srv);
	}
	if (other)
		echo_text(other, "anybody hurt?");
	echo_new_client(srv);
	prog_expect_alive(srv);
}

void echo_resets_all_closed(struct prog *srv)
{
	struct peer *other = peer_connect(srv);
	size_t before;

	echo_text(other, "hello");
	before = prog_descriptors(srv);
	echo_resets(srv, other);
	judge_until(prog_descriptors(srv) <= before, "every connection that "
						     "has ended is closed");
}

void echo_large(struct prog *srv, size_t len)
{
	struct peer *large = peer_connect(srv), *stalled, *small;

	stalled = peer_connect_small(srv, 8192);
	peer_send_until_full(stalled);
	small = peer_connect(srv);
	echo_text(small, "before");
	peer_exchange(large, len);
	echo_text(small, "after");
	peer_half_close(large);
	peer_expect_eof(large);
}

void echo_promise(struct prog *srv, size_t len)
{
	echo_every_byte(srv);
	echo_side_by_side(srv);
	echo_own_bytes(srv, 3);
	echo_large(srv, len);
}

static void some_traffic(struct peer *c[CLIENTS])
{
	char *data[CLIENTS];
	size_t len[CLIENTS];

	for (int i = 0; i < CLIENTS; i++) {
		len[i] = judge_random_between(1, 30000);
		data[i] = judge_bytes(len[i]);
		peer_send(c[i], data[i], len[i]);
	}
	for (int i = CLIENTS; i--;)
		peer_expect(c[i], data[i], len[i]);
}

void echo_traffic(struct prog *srv)
{
	struct peer *c[CLIENTS];

	for (int i = 0; i < CLIENTS; i++)
		c[i] = peer_connect(srv);
	for (int round = 0; round < 5; round++)
		some_traffic(c);
	peer_reset(c[0]);
	for (int i = 1; i < CLIENTS; i++) {
		peer_half_close(c[i]);
		peer_expect_eof(c[i]);
	}
}

size_t echo_send_until_stuck(struct peer *c, const char *data, size_t len)
{
	struct pollfd room = { .fd = peer_fd(c), .events = POLLOUT };
	size_t done = 0;
	ssize_t n;

	while (done < len && poll(&room, 1, 200) == 1) {
		n = send(peer_fd(c), data + done, len - done,
			 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EAGAIN)
			break;
	}
	judge_step("a client sends %zu bytes without reading any", done);
	return done;
}

void echo_stuck(struct prog *srv)
{
	const size_t len = 16 << 20;
	const char *data = judge_bytes(len);
	struct peer *c[STUCK];
	size_t sent[STUCK];

	for (size_t i = 0; i < STUCK; i++) {
		c[i] = peer_connect_small(srv, 32768);
		sent[i] = echo_send_until_stuck(c[i], data + 1000 * i,
						len - 1000 * i);
	}
	for (size_t i = 0; i < STUCK; i++) {
		peer_half_close(c[i]);
		peer_expect(c[i], data + 1000 * i, sent[i]);
		peer_expect_eof(c[i]);
	}
}

void echo_stops(struct prog *(*start)(const char *how), const char *how)
{
	struct prog *srv = start(how);
	struct peer *c;

	judge_step("idle");
	prog_stop(srv);

	judge_step("with a client, by SIGINT");
	srv = start(how);
	c = peer_connect(srv);
	echo_text(c, "hello");
	prog_signal(srv, SIGINT);
	prog_expect_exit(srv, 0);
	peer_expect_closed(c);

	judge_step("with a client that does not read");
	srv = start(how);
	c = peer_connect_small(srv, 8192);
	peer_send_until_full(c);
	prog_stop(srv);
}

void echo_stops_any_time(struct prog *(*start)(const char *how),
			 const char *how)
{
	struct prog *srv = start(how);
	size_t clients = judge_random_between(0, 4);

	for (size_t i = 0; i < clients; i++) {
		struct peer *c = peer_connect(srv);

		peer_send(c, "hello", 5);
		if (judge_random() % 4 == 0)
			peer_close(c);
	}
	prog_stop(srv);
}

static const char waiting[] = "accept+accept4";

/* The client is there, and nobody has written down yet that it is. */
static void stops_behind_accept(struct prog *(*start)(const struct prog_opts *,
						      const char *),
				const char *how)
{
	for (unsigned int call = 1; call <= 2; call++) {
		const struct chaos chaos = { .signal = SIGTERM,
					     .signal_call = call,
					     .signal_behind = waiting };
		const struct prog_opts opts = { .chaos = &chaos };
		struct prog *srv = start(&opts, how);

		if (call > 1) {
			struct peer *c = peer_connect(srv);

			echo_text(c, "hello");
			peer_close(c);
		}
		/* It stays, and says nothing. */
		peer_try_connect(srv);
		prog_expect_exit(srv, 0);
	}
}

void echo_stops_in_the_gap(struct prog *(*start)(const struct prog_opts *opts,
						 const char *how),
			   const char *how)
{
	for (unsigned int call = 1; call <= 3; call++) {
		const struct chaos chaos = { .signal = SIGTERM,
					     .signal_call = call,
					     .signal_before = waiting };
		const struct prog_opts opts = { .chaos = &chaos };
		struct prog *srv = start(&opts, how);
		struct peer *last;

		for (unsigned int i = 2; i < call; i++) {
			struct peer *c = peer_connect(srv);

			echo_text(c, "hello");
			peer_close(c);
		}
		/*
		 * The last client brings the server to that call, unless the
		 * end of a child did, which interrupts accept(2).
		 */
		last = call > 1 ? peer_try_connect(srv) : NULL;
		if (last)
			peer_close(last);
		prog_expect_exit(srv, 0);
	}
	stops_behind_accept(start, how);
}

void echo_bound_of_three(struct prog *srv,
			 void (*within)(struct prog *srv, struct peer *c[]))
{
	struct peer *c[6];

	for (int i = 0; i < 6; i++) {
		c[i] = peer_connect(srv);
		if (i < 3)
			echo_text(c[i], "hello");
		else
			peer_send(c[i], "later", 5);
	}
	for (int i = 0; i < 3; i++) {
		echo_text(c[i], "still here");
		within(srv, c);
	}
	judge_step("for each that leaves, one that waited is served");
	peer_close(c[0]);
	peer_expectf(c[3], "later");
	peer_reset(c[1]);
	peer_expectf(c[4], "later");
	peer_close(c[2]);
	peer_expectf(c[5], "later");
}
