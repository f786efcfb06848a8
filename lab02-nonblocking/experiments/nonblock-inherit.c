/* SPDX-License-Identifier: MIT */
/*
 * O_NONBLOCK is a flag of the open file, and accept(2) makes a new one:
 * do_accept() calls sock_alloc_file() with the flags of accept4(2) and none of
 * the listener's. (BSD copies them; portable code sets what it wants.) What
 * belongs to the socket below is another matter: options such as SO_KEEPALIVE
 * are inherited, since the new socket begins as a copy of the
 * listener (inet_csk_clone_lock()).
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

struct inherited {
	bool nonblock;
	bool cloexec;
	int keepalive;
};

static struct inherited accept_with(int listener, int flags)
{
	struct inherited its = { 0 };
	socklen_t length = sizeof(its.keepalive);
	int client = exp_connect(listener), server;

	if (!exp_poll(listener, POLLIN, 5000))
		exp_die("no connection to accept");
	server = accept4(listener, NULL, NULL, flags);
	if (server < 0)
		exp_die("accept4");
	its.nonblock = fcntl(server, F_GETFL) & O_NONBLOCK;
	its.cloexec = fcntl(server, F_GETFD) & FD_CLOEXEC;
	getsockopt(server, SOL_SOCKET, SO_KEEPALIVE, &its.keepalive, &length);
	close(client);
	close(server);
	return its;
}

static void show(const char *call, const struct inherited *its)
{
	exp_saw("%s: O_NONBLOCK %s, CLOEXEC %s, SO_KEEPALIVE %s", call,
		its->nonblock ? "yes" : "no", its->cloexec ? "yes" : "no",
		its->keepalive ? "yes" : "no");
}

int main(void)
{
	struct inherited plain, asked;
	int listener, one = 1;

	exp_begin("nonblock-inherit", "accepted sockets inherit O_NONBLOCK");
	listener = exp_listener(8);
	exp_set_nonblock(listener);
	setsockopt(listener, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	exp_did("a listener with O_NONBLOCK, CLOEXEC and SO_KEEPALIVE; accept");

	plain = accept_with(listener, 0);
	show("accept()", &plain);
	exp_expect(!plain.nonblock && !plain.cloexec, "neither flag");
	exp_expect(plain.keepalive, "but the socket's option");

	asked = accept_with(listener, SOCK_NONBLOCK | SOCK_CLOEXEC);
	show("accept4(SOCK_NONBLOCK | SOCK_CLOEXEC)", &asked);
	exp_expect(asked.nonblock && asked.cloexec, "both, asked for");
	close(listener);
	return exp_end(EXP_FALSE, "not on Linux: ask for it with "
				  "accept4(SOCK_NONBLOCK)");
}
