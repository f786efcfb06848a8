/* SPDX-License-Identifier: MIT */
/*
 * A listener is readable when the handshake is over, whether the client has
 * said anything or not: a server that accepts then reads in vain, goes to
 * sleep, and is woken a second time by the request. With TCP_DEFER_ACCEPT the
 * kernel drops the bare last ACK of the handshake (tcp_check_req() in
 * net/ipv4/tcp_minisocks.c), and only the first data completes the connection.
 * A client that stays silent is let through when the SYN-ACK was sent again.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum { QUIET_MS = 200, PATIENCE_MS = 10000 };

static int listener(int defer_s)
{
	int fd = exp_listener(4);

	if (defer_s && setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s,
				  sizeof(defer_s)) < 0)
		exp_die("TCP_DEFER_ACCEPT");
	return fd;
}

/* Connects, waits, speaks: is the listener readable before, and after? */
static void try(int fd, bool readable[2])
{
	int client = exp_connect(fd);

	readable[0] = exp_poll(fd, POLLIN, QUIET_MS);
	exp_send(client, "GET");
	readable[1] = exp_poll(fd, POLLIN, PATIENCE_MS);
	close(client);
	close(fd);
}

int main(void)
{
	bool at_once[2], deferred[2], silent;
	int fd, client;

	exp_begin("defer-accept", "a listener is readable as soon as a client "
				  "has connected");
	try(listener(0), at_once);
	exp_did("connect, %d ms of silence, 3 bytes", QUIET_MS);
	exp_saw("the listener is readable: before the bytes %s, after %s",
		at_once[0] ? "yes" : "no", at_once[1] ? "yes" : "no");
	exp_expect(at_once[0] && at_once[1], "yes, yes");

	try(listener(1), deferred);
	exp_did("the same with TCP_DEFER_ACCEPT of one second");
	exp_saw("the listener is readable: before the bytes %s, after %s",
		deferred[0] ? "yes" : "no", deferred[1] ? "yes" : "no");
	exp_expect(!deferred[0] && deferred[1], "no, yes");

	fd = listener(1);
	client = exp_connect(fd);
	silent = exp_poll(fd, POLLIN, PATIENCE_MS);
	exp_did("with the option, and a client that says nothing");
	exp_saw("the listener is readable %s", silent ? "later" : "never");
	exp_expect(silent, "later");
	close(client);
	close(fd);
	return exp_end(EXP_HALF, "without more, yes; with TCP_DEFER_ACCEPT, "
				 "when the first bytes are there, or the "
				 "client was silent for long");
}
