/* SPDX-License-Identifier: MIT */
/* Task 3: what level and edge cost, counted. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "lab04.h"

#define MESSAGES 200
#define IDLE	 10000

struct cost {
	uint64_t waits, ctls, recvs, empty;
};

static struct cost cost_so_far(struct prog *p)
{
	return (struct cost){
		.waits = prog_calls(p, "epoll_wait") +
			 prog_calls(p, "epoll_pwait") +
			 prog_calls(p, "epoll_pwait2"),
		.ctls = prog_calls(p, "epoll_ctl"),
		.recvs = prog_calls(p, "recv"),
		.empty = prog_calls_eagain(p, "recv"),
	};
}

static struct cost since(struct prog *p, struct cost then)
{
	struct cost now = cost_so_far(p);

	now.waits -= then.waits;
	now.ctls -= then.ctls;
	now.recvs -= then.recvs;
	now.empty -= then.empty;
	judge_step("%llu epoll_wait, %llu epoll_ctl, %llu recv, %llu of them "
		   "EAGAIN",
		   (unsigned long long)now.waits, (unsigned long long)now.ctls,
		   (unsigned long long)now.recvs,
		   (unsigned long long)now.empty);
	return now;
}

static void check_cost(const char *what, uint64_t got, uint64_t min,
		       uint64_t max)
{
	judge_check(got >= min && got <= max, what,
		    "%llu, and it should be from %llu to %llu",
		    (unsigned long long)got, (unsigned long long)min,
		    (unsigned long long)max);
}

/*
 * Ping and pong: a wake-up and a recv() each, and under ET one recv() more
 * that finds nothing (experiments/et-faster).
 */
static void small_messages(const char *kind, bool edge)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *c = peer_connect(srv);
	struct cost cost;

	echo_text(c, "the first one");
	cost = cost_so_far(srv);
	for (int i = 0; i < MESSAGES; i++)
		echo_text(c, "another message of the same length");
	cost = since(srv, cost);
	check_cost("one epoll_wait() for each message", cost.waits,
		   MESSAGES - 2, MESSAGES * 3 / 2);
	check_cost("no epoll_ctl() for a message", cost.ctls, 0, 2);
	if (edge)
		check_cost("ET: each message read until EAGAIN", cost.empty,
			   MESSAGES - 2, MESSAGES + 2);
	else
		check_cost("LT: one recv() for each message", cost.recvs,
			   MESSAGES - 2, MESSAGES + 2);
	prog_stop(srv);
}

#define WINDOWS 5

/*
 * A client that sends and does not read: once the ceiling is reached, the server
 * watches only for room to write, and sleeps while there is none. A server
 * that is late still has work to do, so it is measured again.
 */
static void stalled_client(const char *kind)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct peer *c = peer_connect_small(srv, 8192);
	struct cost cost;
	int64_t begin;

	peer_send_until_full(c);
	for (int i = 0; i < WINDOWS; i++) {
		cost = cost_so_far(srv);
		begin = clock_ms();
		judge_until(clock_ms() - begin >= 200, "200 ms have passed");
		cost = since(srv, cost);
		if (cost.waits <= 2)
			break;
	}
	check_cost("no wake-up for a client that cannot be served", cost.waits,
		   0, 2);
	prog_stop(srv);
}

GRADED(cost, of_a_message)
{
	small_messages("epoll-lt", false);
	small_messages("epoll-et", true);
}

GRADED(cost, of_a_stalled_client)
{
	stalled_client("epoll-lt");
	stalled_client("epoll-et");
}

/* How many clients there may be: a few descriptors are for other things. */
static size_t raise_limit(size_t want)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		judge_infra("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur < want + 200)
		want = limit.rlim_cur > 400 ? limit.rlim_cur - 200 : 200;
	return want;
}

/* Waits until the server has accepted N clients, beside what it has itself. */
static void all_accepted(struct prog *srv, size_t own, size_t n)
{
	judge_until(prog_descriptors(srv) >= own + n, "all of them are "
						      "accepted");
}

/*
 * Many plain connections, which end by RST and leave nothing behind. Not more
 * at once than any accept queue holds.
 */
static size_t connect_idle(struct prog *srv, int fds[IDLE], size_t want,
			   size_t own)
{
	const struct linger rst = { .l_onoff = 1 };
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)prog_port(srv)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	size_t n;

	for (n = 0; n < want; n++) {
		fds[n] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fds[n] < 0)
			break;
		setsockopt(fds[n], SOL_SOCKET, SO_LINGER, &rst, sizeof(rst));
		if (connect(fds[n], (struct sockaddr *)&sin, sizeof(sin)) < 0) {
			if (errno == EADDRNOTAVAIL) { /* the machine's */
				close(fds[n]);
				break;
			}
			judge_fail(OUTCOME_FAIL,
				   "the program to take all connections",
				   "connection %zu: %s", n, strerror(errno));
		}
		if (n % 1000 == 99)
			all_accepted(srv, own, n + 1);
	}
	judge_step("%zu clients connect and say nothing", n);
	all_accepted(srv, own, n);
	return n;
}

/* Ten thousand that say nothing: no CPU, under 1 KiB of memory each. */
void cost_of_idle_clients(const char *kind)
{
	static int fds[IDLE];
	size_t want = raise_limit(IDLE), n, before, after, descriptors;
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = mux_server_opts(&opts, kind, "echo");
	struct cost cost;
	int64_t begin, cpu;

	descriptors = prog_descriptors(srv);
	echo_new_client(srv);
	judge_until(prog_descriptors(srv) == descriptors,
		    "the first client is closed");
	before = prog_rss_kib(srv);
	n = connect_idle(srv, fds, want, descriptors);
	if (n < 100)
		judge_infra("only %zu connections could be made", n);
	judge_until(prog_descriptors(srv) >= descriptors + n,
		    "all of them are accepted");
	after = prog_rss_kib(srv);
	judge_check(after <= before + n, "less than 1 KiB of memory a client",
		    "%zu KiB more for %zu clients", after - before, n);

	/* A server that serves a new client is done with accepting the others. */
	echo_new_client(srv);
	judge_until(prog_descriptors(srv) == descriptors + n,
		    "the last client is closed");
	cost = cost_so_far(srv);
	cpu = prog_cpu_ms(srv);
	begin = clock_ms();
	judge_until(clock_ms() - begin >= 400, "400 ms have passed");
	cpu = prog_cpu_ms(srv) - cpu;
	cost = since(srv, cost);
	check_cost("no wake-up while nobody says anything", cost.waits, 0, 2);
	check_cost("no CPU time (ms)", (uint64_t)cpu, 0, 20);
	echo_new_client(srv);
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	judge_until(prog_descriptors(srv) == descriptors,
		    "all descriptors are closed again");
	prog_stop(srv);
}

GRADED(cost, of_idle_clients)
{
	cost_of_idle_clients("epoll-lt");
	cost_of_idle_clients("epoll-et");
}
