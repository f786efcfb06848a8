/* SPDX-License-Identifier: MIT */
/*
 * With TCP_NODELAY a send leaves at once, and close(2) sends a FIN behind it:
 * two packets, each of which the other side's kernel has to take in. MSG_MORE
 * keeps back a segment that is not full, and close(2) puts the FIN on the last
 * segment that has not left (tcp_send_fin() in net/ipv4/tcp_output.c).
 */
#include <linux/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000 };

static unsigned int segments_in(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		exp_die("TCP_INFO");
	if (len <= offsetof(struct tcp_info, tcpi_segs_in))
		exp_skip("this kernel does not count segments");
	return info.tcpi_segs_in;
}

/* Sends with FLAGS and closes: segments that the client gets. */
static unsigned int segments(int flags)
{
	struct exp_pair pair = exp_pair();
	unsigned int before = segments_in(pair.client), n;
	const int on = 1;

	if (setsockopt(pair.server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) <
		    0 ||
	    send(pair.server, "answer", 6, flags) != 6)
		exp_die("send");
	close(pair.server);
	if (!(exp_poll(pair.client, POLLRDHUP, DEADLINE_MS) & POLLRDHUP))
		exp_die("no FIN came");
	n = segments_in(pair.client) - before;
	close(pair.client);
	return n;
}

int main(void)
{
	unsigned int apart, together;

	exp_begin("fin-with-data", "a close costs a packet of its own");
	apart = segments(0);
	exp_did("send of 6 bytes and close, with TCP_NODELAY");
	exp_saw("segments that the client gets: %u", apart);
	exp_expect(apart == 2, "2");

	together = segments(MSG_MORE);
	exp_did("the same, with MSG_MORE for the send");
	exp_saw("segments that the client gets: %u", together);
	exp_expect(together == 1, "1");
	return exp_end(EXP_HALF, "only if what was sent before has left "
				 "already; else the FIN goes with it");
}
