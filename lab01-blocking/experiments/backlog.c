/* SPDX-License-Identifier: MIT */
/*
 * A listener has two queues. A SYN makes a small request that waits for the
 * last ACK of the handshake (half-open); then it becomes a socket and waits
 * for accept(). listen(n) stores n in sk_max_ack_backlog, and
 * tcp_conn_request() drops a SYN once sk_acceptq_is_full(): when the accept
 * queue holds MORE than n. So n + 1 fit; the rest sees no answer, not a
 * refusal, and keeps trying. The half-open ones are counted apart, so the sum
 * can be larger. TCP_DEFER_ACCEPT (tcp(7)) shows it: with it a connection
 * stays half-open until it has sent something.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { MORE = 6, MOST = 16, DEADLINE_MS = 5000 };

static unsigned int accept_queue(int listener)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		exp_die("getsockopt(TCP_INFO)");
	return info.tcpi_unacked; /* what ss shows as Recv-Q */
}

/* Waits for the last ACKs too; an accept queue that stays short shows. */
static void wait_for_queue(int listener, unsigned int length)
{
	int64_t deadline = clock_ms() + DEADLINE_MS;

	while (accept_queue(listener) < length && exp_tick(deadline))
		;
}

/* Starts a connect; true if it is ESTABLISHED within MS. */
static bool connects(int listener, int *fd, int ms)
{
	struct sockaddr_in to = exp_address(listener);

	*fd = exp_socket(SOCK_NONBLOCK);
	connect(*fd, (struct sockaddr *)&to, sizeof(to));
	exp_poll(*fd, POLLOUT, ms);
	return exp_tcp_state(*fd) == TCP_ESTABLISHED;
}

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

static void fill_accept_queue(int n)
{
	int listener = exp_listener(n);
	int established = 0;
	int fds[MOST];

	for (int i = 0; i < n + MORE; i++) {
		if (connects(listener, &fds[i], i <= n ? DEADLINE_MS : 50))
			established++;
		if (i <= n)
			wait_for_queue(listener, (unsigned int)i + 1);
	}
	exp_did("listen(%d), %d connects, no accept", n, n + MORE);
	exp_saw("%d ESTABLISHED, %u in the accept queue", established,
		accept_queue(listener));
	exp_expect(established == n + 1 &&
			   accept_queue(listener) == (unsigned int)n + 1,
		   "n + 1 = %d", n + 1);
	close_all(fds, n + MORE);
	close(listener);
}

/* Three half-open connections do not take a place from the other five. */
static void fill_both_queues(void)
{
	int listener = exp_listener(4), seconds = 20;
	int half_open[3], whole[5];
	unsigned int before, after;

	if (setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
		       sizeof(seconds)) < 0)
		exp_die("setsockopt(TCP_DEFER_ACCEPT)");
	for (int i = 0; i < 3; i++)
		connects(listener, &half_open[i], DEADLINE_MS);
	before = accept_queue(listener);
	for (int i = 0; i < 5; i++) {
		connects(listener, &whole[i], DEADLINE_MS);
		exp_send(whole[i], "x");
		wait_for_queue(listener, (unsigned int)i + 1);
	}
	after = accept_queue(listener);
	exp_did("listen(4), 3 connects that stay half-open, 5 that do not");
	exp_saw("%u in the accept queue after the 3, %u after the 5", before,
		after);
	exp_expect(before == 0 && after == 5, "0, then 5: 8 connections wait");
	close_all(half_open, 3);
	close_all(whole, 5);
	close(listener);
}

int main(void)
{
	exp_begin("backlog", "listen(n): n bounds the sum of the half-open "
			     "and the accept queue");
	fill_accept_queue(0);
	fill_accept_queue(1);
	fill_accept_queue(4);
	fill_both_queues();
	return exp_end(EXP_FALSE, "n bounds the accept queue, which holds "
				  "n + 1; half-open connections are counted "
				  "apart");
}
