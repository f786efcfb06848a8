/* SPDX-License-Identifier: MIT */
/*
 * A FIN says "I shall send no more", not "I shall read no more": the peer may
 * only have called shutdown(SHUT_WR). So the first send(2) after it must
 * succeed. If the socket at the other end is gone, the segment is answered
 * with an RST; tcp_reset() then notes EPIPE, as we are in CLOSE_WAIT, and the
 * next send fails in sk_stream_error(), which raises SIGPIPE as well.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

static volatile sig_atomic_t sigpipes;

static void on_sigpipe(int signo)
{
	(void)signo;
	sigpipes++;
}

int main(void)
{
	struct exp_pair pair;
	int64_t deadline;
	ssize_t first, second;
	int error;
	char byte;

	exp_begin("write-after-fin", "writing to a closed peer fails at once");
	signal(SIGPIPE, on_sigpipe);
	pair = exp_pair();
	close(pair.server);
	if (recv(pair.client, &byte, 1, 0) != 0)
		exp_die("no EOF from the closed peer");
	exp_did("the peer closes; the client reads EOF");

	first = send(pair.client, "x", 1, 0);
	exp_did("first send() of a byte");
	exp_saw("it returns %zd, with %d SIGPIPE", first, (int)sigpipes);
	exp_expect(first == 1 && !sigpipes, "success");

	deadline = clock_ms() + 5000;
	while (exp_tcp_state(pair.client) != TCP_CLOSE && exp_tick(deadline))
		;
	exp_saw("the answer is an RST: the connection is %s",
		exp_tcp_state_name(exp_tcp_state(pair.client)));

	second = send(pair.client, "x", 1, 0);
	error = errno;
	exp_did("second send()");
	exp_saw("it returns %zd, %s, with %d SIGPIPE", second, strerror(error),
		(int)sigpipes);
	exp_expect(second == -1 && error == EPIPE && sigpipes == 1,
		   "EPIPE and one SIGPIPE");
	close(pair.client);
	return exp_end(EXP_FALSE, "the first write succeeds and is lost; the "
				  "RST it provokes makes the second fail");
}
