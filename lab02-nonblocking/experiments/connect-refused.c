/* SPDX-License-Identifier: MIT */
/*
 * "Writable" means that a send would not wait, and a send on a failed
 * connection does not wait: it fails. The RST that refuses us reaches
 * tcp_rcv_synsent_state_process(), then tcp_reset(), which stores ECONNREFUSED
 * in sk_err and calls tcp_done(); in the state CLOSE tcp_poll() reports OUT,
 * HUP and ERR. getsockopt(SO_ERROR) hands out sk_err, and clears it.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000 };

struct outcome {
	int at_once; /* errno of connect() */
	short events;
	int error; /* SO_ERROR */
	int error_again;
};

static int so_error(int fd)
{
	socklen_t length = sizeof(int);
	int error = -1;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
	return error;
}

static struct outcome try_connect(const struct sockaddr_in *to)
{
	int fd = exp_socket(SOCK_NONBLOCK);
	int64_t deadline = clock_ms() + DEADLINE_MS;
	struct outcome outcome = { 0 };

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		outcome.at_once = errno;
	while (exp_tcp_state(fd) == TCP_SYN_SENT && exp_tick(deadline))
		;
	outcome.events = exp_poll(fd, POLLOUT, DEADLINE_MS);
	outcome.error = so_error(fd);
	outcome.error_again = so_error(fd);
	close(fd);
	return outcome;
}

/* Has a port, so that nobody else takes it, but does not listen there. */
static int bound_socket(void)
{
	struct sockaddr_in any_port = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = exp_socket(0);

	if (bind(fd, (struct sockaddr *)&any_port, sizeof(any_port)) < 0)
		exp_die("bind");
	return fd;
}

static void show(const struct outcome *outcome)
{
	exp_saw("connect(): %s; then%s%s%s; SO_ERROR: %s",
		strerror(outcome->at_once),
		outcome->events & POLLOUT ? " OUT" : "",
		outcome->events & POLLERR ? " ERR" : "",
		outcome->events & POLLHUP ? " HUP" : "",
		outcome->error ? strerror(outcome->error) : "none");
}

int main(void)
{
	struct sockaddr_in address;
	struct outcome good, bad;
	int listener, bound;

	exp_begin("connect-refused", "EINPROGRESS, then writable: it is "
				     "connected");
	listener = exp_listener(1);
	address = exp_address(listener);
	good = try_connect(&address);
	exp_did("non-blocking connect() to a listener");
	show(&good);
	exp_expect(good.events == POLLOUT && !good.error, "OUT and no error");

	bound = bound_socket();
	address = exp_address(bound);
	bad = try_connect(&address);
	exp_did("the same to a port where nobody listens");
	show(&bad);
	exp_expect(bad.at_once == EINPROGRESS && bad.events & POLLOUT &&
			   bad.error == ECONNREFUSED,
		   "EINPROGRESS, OUT as well, and ECONNREFUSED");
	exp_saw("SO_ERROR asked again: %s",
		bad.error_again ? strerror(bad.error_again) : "none");
	exp_expect(!bad.error_again, "none: reading it clears it");
	close(bound);
	close(listener);
	return exp_end(EXP_FALSE, "a refused connection is writable too: read "
				  "SO_ERROR, once, to know");
}
