/* SPDX-License-Identifier: MIT */
/*
 * do_pollfd() adds EPOLLERR and EPOLLHUP to whatever was asked for before it
 * compares, so these come with events = 0 too (and POLLNVAL, for what is not
 * open). To ignore a descriptor, make it negative. POLLRDHUP, the peer's half-
 * close, is an ordinary event: it comes only if asked for.
 */
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 50 };

static void check(const char *what, short got, short want)
{
	exp_did("events = 0; %s", what);
	exp_saw("revents:%s%s%s%s%s", got & POLLHUP ? " HUP" : "",
		got & POLLERR ? " ERR" : "", got & POLLNVAL ? " NVAL" : "",
		got & POLLRDHUP ? " RDHUP" : "", got ? "" : " none");
	exp_expect(got == want, "as poll(2) says");
}

static void pipes(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		exp_die("pipe2");
	close(ends[1]);
	check("a pipe to read from, its writer gone",
	      exp_poll(ends[0], 0, DEADLINE_MS), POLLHUP);
	close(ends[0]);
	check("a descriptor that is closed", exp_poll(ends[0], 0, DEADLINE_MS),
	      POLLNVAL);
	if (pipe2(ends, O_CLOEXEC) < 0)
		exp_die("pipe2");
	close(ends[0]);
	check("a pipe to write to, its reader gone",
	      exp_poll(ends[1], 0, DEADLINE_MS), POLLERR);
	close(ends[1]);
}

static void sockets(void)
{
	struct exp_pair pair = exp_pair();
	int64_t deadline;

	shutdown(pair.client, SHUT_WR);
	if (!exp_poll(pair.server, POLLRDHUP, DEADLINE_MS))
		exp_die("no RDHUP although asked for");
	check("a socket whose peer has half-closed",
	      exp_poll(pair.server, 0, QUIET_MS), 0);
	shutdown(pair.server, SHUT_WR);
	check("the same, closed in both directions",
	      exp_poll(pair.server, 0, DEADLINE_MS), POLLHUP);
	exp_close_pair(&pair);

	pair = exp_pair();
	deadline = clock_ms() + DEADLINE_MS;
	exp_reset(pair.client);
	while (exp_tcp_state(pair.server) != TCP_CLOSE && exp_tick(deadline))
		;
	check("a socket whose peer has sent a reset",
	      exp_poll(pair.server, 0, DEADLINE_MS), POLLHUP | POLLERR);
	close(pair.server);
}

int main(void)
{
	exp_begin("poll-hup", "POLLHUP must be asked for");
	pipes();
	sockets();
	return exp_end(EXP_FALSE, "HUP, ERR and NVAL always come, and only "
				  "they do");
}
