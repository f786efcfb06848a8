/* SPDX-License-Identifier: MIT */
/*
 * Graded tests as a lab's author writes them, against programs that are wrong
 * on purpose. Most of these fail, and must: check.c runs each and looks at the
 * report. Their names say what has to come out: SUITE is the outcome.
 */
#include "judge.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What most do: a little talk with "echo HOW", then SIGTERM. */
static void talk(const char *how)
{
	struct prog *srv = prog_start("echo", how);
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
	peer_half_close(c);
	peer_expect_eof(c);
	peer_close(c);
	prog_stop(srv);
}

GRADED(pass, good)
{
	talk("good");
}

/* What Criterion would call, too: the program's own symbols go first. */
GRADED(pass, nobody_ends_everything)
{
	int (*shared)(pid_t, int) =
		(int (*)(pid_t, int))dlsym(RTLD_DEFAULT, "kill");

	errno = 0;
	judge_check(shared(-1, 0) == -1 && errno == EPERM,
		    "kill(-1) to be refused", "%s", strerror(errno));
	judge_check(shared(getpid(), 0) == 0, "kill(2) to work otherwise", "%s",
		    strerror(errno));
}

GRADED(pass, flood)
{
	talk("flood");
}

GRADED(pass, exchange)
{
	struct prog *srv = prog_start("echo", "fork");
	struct peer *c = peer_connect(srv);

	peer_exchange(c, 3000000);
	peer_send_bytewise(c, "a\nb\n", 4);
	cr_assert_str_eq(peer_line(c), "a");
	cr_assert_str_eq(peer_line(c), "b");
	peer_close(c);
	prog_stop(srv);
}

/* What a slow reader has left unread comes at once, when it reads on. */
GRADED(pass, small)
{
	static const int bytes[] = { 2048, 4096, 8192, 32768, 262144, 1 << 20 };

	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		struct prog *srv = prog_start("echo", "good");
		struct peer *c = peer_connect_small(srv, bytes[i]);
		int segment;
		socklen_t len = sizeof(segment);

		getsockopt(peer_fd(c), IPPROTO_TCP, TCP_MAXSEG, &segment, &len);
		judge_check(segment <= bytes[i] / 8,
			    "eight segments in a window", "%d in %d", segment,
			    bytes[i]);
		peer_exchange(c, 1 << 20);
		peer_close(c);
		prog_stop(srv);
	}
}

GRADED(crash, crash)
{
	talk("crash");
}

GRADED(fail, child_crash)
{
	talk("child-crash");
}

GRADED(fail, exit)
{
	talk("exit");
}

GRADED(timeout, hang)
{
	talk("hang");
}

GRADED(timeout, deaf)
{
	talk("deaf");
}

GRADED(timeout, silent)
{
	talk("silent");
}

GRADED(fail, babble)
{
	talk("babble");
}

GRADED(fail, orphan)
{
	talk("orphan");
}

GRADED(fail, half_dead)
{
	talk("half_dead");
}

GRADED(fail, status)
{
	talk("status");
}

GRADED(fail, default_action)
{
	talk("default");
}

GRADED(fail, wrong)
{
	struct prog *srv = prog_start("echo", "wrong");

	peer_exchange(peer_connect(srv), 5000);
}

GRADED(fail, short_)
{
	struct prog *srv = prog_start("echo", "short");
	struct peer *c = peer_connect(srv);

	peer_sendf(c, "%s", "one two three four five six");
	peer_expectf(c, "%s", "one two three four five six");
}

GRADED(infra, no_program)
{
	prog_start("no-such-program");
}

GRADED(pass, numbers)
{
	struct prog *srv = prog_start("echo", "zombie");

	cr_assert_eq(prog_threads(srv), 1);
	cr_assert_eq(prog_descriptors(srv), 4);
	cr_assert_eq(prog_children(srv), 0);
	peer_close(peer_connect(srv));
	judge_until(prog_zombies(srv) == 1, "a zombie is left");
	cr_assert_eq(prog_children(srv), 0);
	cr_assert_leq(prog_cpu_ms(srv), 1000);
	cr_assert_gt(prog_switches(srv), 0);
	cr_assert_gt(prog_rss_kib(srv), 0);
	prog_expect_rss(srv, prog_rss_kib(srv), 4096);
	prog_expect_alive(srv);
	prog_stop(srv);
}

/* What SplitMix64 makes VALUE of: each of its steps can be gone back. */
static uint64_t before(uint64_t value)
{
	value = (value ^ value >> 31 ^ value >> 62) * 0x319642b2d24d8ec3u;
	value = (value ^ value >> 27 ^ value >> 54) * 0x96de1b173f119089u;
	return value ^ value >> 30 ^ value >> 60;
}

/*
 * From the bytes that a program gets it can reckon where their stream began. If
 * that were a number of the test's, it could go on to the seed.
 */
GRADED(pass, seed_is_kept)
{
	const uint64_t step = 0x9e3779b97f4a7c15u;
	uint64_t words[2], begin, number;

	memcpy(words, judge_bytes(sizeof(words)), sizeof(words));
	begin = before(words[0]) - step;
	cr_assert_eq(before(words[1]) - step, before(words[0]));
	number = before(begin);
	for (int i = 0; i < 1000; i++) {
		cr_assert_neq(begin - (uint64_t)i * step, judge_seed());
		cr_assert_neq(number - (uint64_t)i * step, judge_seed());
	}
}

GRADED(pass, driver)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *p = prog_driver("tell");
	struct peer *c;

	prog_input(p, "strays");
	prog_expect_line(p, "strays 0");
	prog_input(p, "connect %d", peer_listener_port(l));
	c = peer_accept(l);
	cr_assert_str_eq(peer_line(c), "hello from tell");
	peer_expect_closed(c);
	peer_listener_close(l);
	prog_expect_line(p, "connected");
	prog_input(p, "exit 7");
	prog_expect_exit(p, 7);
}

GRADED(pass, output)
{
	struct prog *p = prog_driver("tell");
	char *lines = malloc(1024 * 1024);

	memset(lines, 'z', 1024 * 1024);
	for (size_t i = 99; i < 1024 * 1024; i += 100)
		lines[i] = '\n';
	lines[1024 * 1024 - 1] = '\n';
	prog_input_bytes(p, lines, 1024 * 1024);
	prog_close_stdin(p);
	prog_expect_output(p, lines, 1024 * 1024);
	prog_expect_exit(p, 0);
	free(lines);
}

GRADED(pass, limits)
{
	struct prog_opts opts = { .nofile = 20,
				  .no_listen = true,
				  .keep_stdin = true };
	struct prog *p;

	setenv("JUDGE_PROCESSES", "200", 1);
	p = prog_start_opts(&opts, "drivers/tell");
	prog_input(p, "limits");
	prog_expect_line(p, "files 20 core 0 processes 200");
}

GRADED(fail, nobody_connects)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "exit 0");
	peer_accept(peer_listen("127.0.0.1:0"));
}

GRADED(fail, escaped)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "2 a\\n");
	prog_expect_line(p, "2 b\\n");
}

GRADED(fail, line)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "good day");
	prog_expect_line(p, "good night");
}

GRADED(fail, output)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "exit 0");
	prog_expect_output(p, "abc", 3);
}

GRADED(crash, exit)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "raise 11");
	prog_expect_exit(p, 0);
}

/* The server is dead, and no one has asked yet. */
GRADED(crash, unnoticed)
{
	struct prog *p = prog_driver("tell");

	prog_input(p, "raise 6");
	judge_until(kill(prog_pid(p), 0) < 0, "it is dead");
}

GRADED(pass, killed)
{
	struct prog *srv = prog_start("echo", "good");

	prog_signal(srv, SIGKILL);
	prog_expect_signal(srv, SIGKILL);
}

GRADED(fail, many_steps)
{
	struct prog *srv = prog_start("echo", "good");

	for (int i = 0; i < 1000; i++)
		judge_step("step %d", i);
	judge_step_passed();
	judge_step_passed();
	judge_check(prog_port(srv) == 0, "a port of 0", "\xff\"%d",
		    prog_port(srv));
}

GRADED(fail, closed)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *p = prog_driver("tell");
	struct peer *c;

	prog_input(p, "connect %d", peer_listener_port(l));
	c = peer_accept(l);
	peer_line(c);
	peer_expect_eof(c);
	for (int i = 0; i < 3; i++)
		peer_sendf(c, "into the void %d", i);
}

GRADED(fail, assertion)
{
	prog_start("echo", "good");
	cr_assert_eq(1, 2);
}
