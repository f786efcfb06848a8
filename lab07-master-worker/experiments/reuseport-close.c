/* SPDX-License-Identifier: MIT */
/*
 * A connected client waits in the accept queue of one listener, the one that the
 * kernel chose when the SYN came. Closing that listener resets all in its queue
 * (inet_csk_listen_stop()), although another listener has the same address;
 * net.ipv4.tcp_migrate_req moves them, and is off by default. A copy of the
 * descriptor, in whatever process, keeps the listener and its queue.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"
#include "sock.h"

enum { CLIENTS = 40 };

static int migrates(void)
{
	FILE *file = fopen("/proc/sys/net/ipv4/tcp_migrate_req", "re");
	int on = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &on) != 1)
		on = 0;
	fclose(file);
	return on;
}

static int listen_with_others(struct sockaddr_in *address)
{
	int fd = exp_socket(SOCK_NONBLOCK);

	if (sock_set_reuseport(fd, true) < 0 ||
	    bind(fd, (struct sockaddr *)address, sizeof(*address)) < 0 ||
	    listen(fd, CLIENTS) < 0)
		exp_die("listen with SO_REUSEPORT");
	*address = exp_address(fd);
	return fd;
}

/* How many clients wait at LISTENER; they are served, and told the end. */
static int serve(int listener)
{
	int n = 0;
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		close(fd);
		n++;
	}
	return n;
}

struct outcome {
	int served;
	int reset;
	int others; /* who waited at the other listener */
};

/* One of two listeners is closed; KEEP: somebody holds a copy of it. */
static struct outcome close_one(bool keep)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int leaving = listen_with_others(&address);
	int staying = listen_with_others(&address);
	int copy = keep ? dup(leaving) : -1;
	struct outcome o = { 0 };
	int clients[CLIENTS];
	char byte;

	for (int i = 0; i < CLIENTS; i++)
		clients[i] = exp_connect(staying);
	close(leaving);
	o.others = serve(staying);
	if (keep)
		o.served = serve(copy);
	for (int i = 0; i < CLIENTS; i++) {
		if (exp_poll(clients[i], POLLIN, 5000) == 0)
			exp_die("a client that hears nothing");
		if (read(clients[i], &byte, 1) < 0 && errno == ECONNRESET)
			o.reset++;
		close(clients[i]);
	}
	if (keep)
		close(copy);
	close(staying);
	return o;
}

int main(void)
{
	struct outcome closed, kept;

	exp_begin("reuseport-close", "a worker with a SO_REUSEPORT listener of "
				     "its own may just close it");
	if (migrates())
		exp_skip("net.ipv4.tcp_migrate_req is on");
	exp_did("%d clients at two listeners; one of the two is closed, nobody "
		"was accepted",
		CLIENTS);
	closed = close_one(false);
	exp_saw("closed: %d clients are reset, %d wait at the other listener",
		closed.reset, closed.others);
	exp_expect(closed.reset > 0 && closed.reset + closed.others == CLIENTS,
		   "all who waited there are reset");
	kept = close_one(true);
	exp_saw("closed, and a copy kept: %d are reset, %d are accepted by it",
		kept.reset, kept.served);
	exp_expect(kept.reset == 0 && kept.served > 0, "nobody is reset");
	return exp_end(EXP_FALSE, "who waits in its queue is reset: somebody "
				  "else keeps it open, and takes it over");
}
