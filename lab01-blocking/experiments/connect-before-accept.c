/* SPDX-License-Identifier: MIT */
/*
 * The handshake is the kernel's work. When the last ACK arrives,
 * tcp_v4_syn_recv_sock() makes a complete socket and inet_csk_complete_hashdance()
 * puts it into the accept queue; inet_csk_accept() only takes it out of there
 * and gives it a descriptor. So a client may connect, send and be gone before
 * the server ever calls accept(2).
 */
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

int main(void)
{
	static const char text[] = "sent before anyone accepted";
	char got[64] = "";
	int listener, client, server, state;
	ssize_t n, end;

	exp_begin("connect-before-accept", "connect() returns only after the "
					   "server's accept()");
	listener = exp_listener(8);
	client = exp_connect(listener);
	state = exp_tcp_state(client);
	exp_did("a blocking connect(); nobody has called accept()");
	exp_saw("connect() returned 0, the connection is %s",
		exp_tcp_state_name(state));
	exp_expect(state == TCP_ESTABLISHED, "ESTABLISHED");

	exp_send(client, text);
	close(client);
	exp_did("send() of %zu bytes and close(), still no accept()",
		strlen(text));

	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (server < 0)
		exp_die("accept");
	n = recv(server, got, sizeof(got) - 1, MSG_WAITALL);
	end = recv(server, got + sizeof(got) - 1, 1, 0);
	exp_did("accept() and recv(), with the client gone");
	exp_saw("%zd bytes, \"%s\", then EOF", n, got);
	exp_expect(n == (ssize_t)strlen(text) && !strcmp(got, text) && !end,
		   "all that was sent, then EOF");
	close(server);
	close(listener);
	return exp_end(EXP_FALSE, "the kernel completes the handshake and "
				  "takes in data; "
				  "accept() only hands out what is already "
				  "connected");
}
