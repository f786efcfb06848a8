/* SPDX-License-Identifier: MIT */
/*
 * The end that closes first keeps the connection as TIME_WAIT for a minute,
 * and with it the port. inet_csk_get_port() asks whether a new bind(2) would
 * conflict with anything bound there. With SO_REUSEADDR on both it does not,
 * unless the other one is listening; with SO_REUSEPORT on both and the same
 * user it never does.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum closer { SERVER_FIRST, CLIENT_FIRST };

static const char *outcome(int error)
{
	return error ? strerror(error) : "works";
}

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

/* bind() and listen() on ADDRESS with OPTION (0: none); 0 or errno. */
static int try_listen(const struct sockaddr_in *address, int option, int *fd)
{
	int one = 1;

	*fd = exp_socket(0);
	if (option)
		setsockopt(*fd, SOL_SOCKET, option, &one, sizeof(one));
	if (bind(*fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ||
	    listen(*fd, 1) < 0)
		return errno;
	return 0;
}

/* A connection comes and goes, then its listener; its address is left. */
static struct sockaddr_in serve_one(enum closer first)
{
	struct sockaddr_in address = loopback();
	int listener, client, server;
	char byte;

	if (try_listen(&address, SO_REUSEADDR, &listener))
		exp_die("listen");
	address = exp_address(listener);
	client = exp_connect(listener);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(first == SERVER_FIRST ? server : client);
	/* Waits for the FIN, so that it is clear who was first. */
	if (recv(first == SERVER_FIRST ? client : server, &byte, 1, 0) != 0)
		exp_die("no EOF");
	close(first == SERVER_FIRST ? client : server);
	close(listener);
	return address;
}

static void rebind(void)
{
	struct sockaddr_in address = serve_one(SERVER_FIRST);
	int64_t deadline;
	int fd, plain, reusing;

	plain = try_listen(&address, 0, &fd);
	close(fd);
	reusing = try_listen(&address, SO_REUSEADDR, &fd);
	close(fd);
	exp_did("the server closes first, ends and starts again");
	exp_saw("without an option: %s; with SO_REUSEADDR: %s", outcome(plain),
		outcome(reusing));
	exp_expect(plain == EADDRINUSE && !reusing, "only with SO_REUSEADDR");

	address = serve_one(CLIENT_FIRST);
	deadline = clock_ms() + 5000;
	while ((plain = try_listen(&address, 0, &fd)) && exp_tick(deadline))
		close(fd); /* until the last ACK has come */
	close(fd);
	exp_did("the same, but the client closes first");
	exp_saw("without an option: %s", outcome(plain));
	exp_expect(!plain, "works: TIME_WAIT is at the client's port");
}

static void two_listeners(int option, const char *name, int want)
{
	struct sockaddr_in address = loopback();
	int first, second, error;

	if (try_listen(&address, option, &first))
		exp_die("listen");
	address = exp_address(first);
	error = try_listen(&address, option, &second);
	exp_did("two listeners on one port, both with %s", name);
	exp_saw("the second: %s", outcome(error));
	exp_expect(error == want, "%s", outcome(want));
	close(first);
	close(second);
}

int main(void)
{
	exp_begin("time-wait", "SO_REUSEADDR lets two listeners share a port");
	rebind();
	two_listeners(SO_REUSEADDR, "SO_REUSEADDR", EADDRINUSE);
	two_listeners(SO_REUSEPORT, "SO_REUSEPORT", 0);
	return exp_end(EXP_FALSE, "it lets a server bind over TIME_WAIT, which "
				  "the side that closed first keeps; sharing "
				  "needs SO_REUSEPORT");
}
