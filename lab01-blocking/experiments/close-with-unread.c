/* SPDX-License-Identifier: MIT */
/*
 * close(2) only drops a reference: the socket is released when the last
 * descriptor of its open file goes (fput()). Then __tcp_close() empties the
 * receive queue, and if there was anything in it, tells the peer that its data
 * was lost: tcp_send_active_reset(), RST, as RFC 2525 section 2.17 asks. Only
 * when all was read it sends a FIN.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

/* How long "nothing comes" is waited for. */
enum { QUIET_MS = 100, DEADLINE_MS = 5000 };

/* What the client sees of the other end: recv's result or -errno. */
static ssize_t client_sees(struct exp_pair *pair)
{
	char byte;

	if (!exp_poll(pair->client, POLLIN, DEADLINE_MS))
		exp_die("the client waited in vain");
	return recv(pair->client, &byte, 1, 0) < 0 ? -errno : 0;
}

static ssize_t close_after(bool reading)
{
	struct exp_pair pair = exp_pair();
	char got[16];
	ssize_t seen;

	exp_send(pair.client, "request");
	if (!exp_poll(pair.server, POLLIN, DEADLINE_MS))
		exp_die("the request did not arrive");
	if (reading && recv(pair.server, got, sizeof(got), 0) != 7)
		exp_die("recv");
	close(pair.server);
	seen = client_sees(&pair);
	close(pair.client);
	return seen;
}

static void close_one_of_two(void)
{
	struct exp_pair pair = exp_pair();
	int second = dup(pair.server);
	short events;
	ssize_t seen;
	int state;

	close(pair.server);
	events = exp_poll(pair.client, POLLIN, QUIET_MS);
	state = exp_tcp_state(pair.client);
	exp_did("dup() the descriptor, close() the first");
	exp_saw("the client gets nothing in %d ms and is still %s", QUIET_MS,
		exp_tcp_state_name(state));
	exp_expect(!events && state == TCP_ESTABLISHED, "nothing is sent");

	close(second);
	seen = client_sees(&pair);
	exp_did("close() of the second");
	exp_saw("the client's recv(): %s", seen ? strerror(-seen) : "EOF");
	exp_expect(seen == 0, "now the FIN");
	close(pair.client);
}

int main(void)
{
	ssize_t seen;

	exp_begin("close-with-unread", "close() sends FIN");
	seen = close_after(true);
	exp_did("the server reads the request, then close()");
	exp_saw("the client's recv(): %s", seen ? strerror(-seen) : "EOF");
	exp_expect(seen == 0, "EOF: a FIN came");

	seen = close_after(false);
	exp_did("close() with the request unread");
	exp_saw("the client's recv(): %s", seen ? strerror(-seen) : "EOF");
	exp_expect(seen == -ECONNRESET, "ECONNRESET: an RST came");

	close_one_of_two();
	return exp_end(EXP_HALF, "with unread data it sends RST, and with a "
				 "duplicate of the descriptor open nothing at "
				 "all");
}
