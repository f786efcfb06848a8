/* SPDX-License-Identifier: MIT */
/*
 * completion-driver - completion_create() where there is a descriptor for its
 * reserve and none for its ring, and then where there is: what it says, and
 * how many descriptors are open more than before. And all of that again where
 * the next descriptor is 0.
 *
 *	completion-driver serve before|behind|enfile
 *
 * serves until SIGTERM. Descriptor 0 is closed right before completion_create(),
 * so that it may be the reserve, or right behind it, so that it is a client. Or
 * it is left open, and what completes with EMFILE says ENFILE instead.
 *
 *	completion-driver enter
 *
 * says instead what completion_run() returns when io_uring_enter(2) fails, with
 * any errno: "as it should be", or the first that is not. A server that waits
 * by another function of liburing than is known here is not put to this test.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "completion.h"
#include "ring/ring.h"
#include "signals.h"
#include "sock.h"

#define NUMBERS 64 /* no descriptor here has a higher one */

static int count_open(void)
{
	int n = 0;

	for (int fd = 0; fd < NUMBERS; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Only SPARE descriptors more can be opened; -1: as many as before. */
static void limit(int spare)
{
	static struct rlimit before;
	struct rlimit now;
	int next;

	if (!before.rlim_max)
		getrlimit(RLIMIT_NOFILE, &before);
	now = before;
	next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close(next);
	if (spare >= 0)
		now.rlim_cur = (rlim_t)(next + spare);
	setrlimit(RLIMIT_NOFILE, &now);
}

static int failing, failures;
static bool all_are_gone; /* of the system, and not of this process */

/* A definition in the program comes before the one in liburing. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

int io_uring_submit_and_wait(struct io_uring *ring, unsigned int n)
{
	int (*real)(struct io_uring *, unsigned int);
	struct io_uring_cqe *cqes[NUMBERS];
	unsigned int count;
	int result;

	REAL("io_uring_submit_and_wait");
	if (failures > 0)
		return failures--, -failing;
	result = real(ring, n);
	count = all_are_gone ? io_uring_peek_batch_cqe(ring, cqes, NUMBERS) : 0;
	while (count-- > 0)
		if (cqes[count]->res == -EMFILE)
			cqes[count]->res = -ENFILE;
	return result;
}

static const struct completion_options options = {
	.ceiling = 65536,
	.buffers = 8,
	.completions = 64,
};

/* Whether a server that is told to stop ends as it should if that fails. */
static bool ends_as_it_should(int listener, int stop, int error)
{
	bool passes = error == EINTR || error == EAGAIN || error == EBUSY;
	struct completion *c = completion_create(listener, stop, &options);
	int result, times = passes ? 3 : 1;

	if (!c)
		return false;
	failing = error;
	failures = times;
	errno = 0;
	result = completion_run(c);
	error = errno;
	completion_destroy(c);
	return failures == times ||
	       (passes ? result == 0 : result == -1 && error == failing);
}

static void tell_errors(int listener, const int stop[2])
{
	if (write(stop[1], "", 1) != 1)
		return;
	for (int error = 1; error < 134; error++)
		if (strerrorname_np(error) &&
		    !ends_as_it_should(listener, stop[0], error)) {
			printf("not with %s\n", strerrorname_np(error));
			return;
		}
	puts("as it should be");
}

static void tell_descriptors(int listener, int stop)
{
	int before = count_open(), error;
	struct completion *c;

	limit(1);
	c = completion_create(listener, stop, &options);
	error = errno;
	limit(-1);
	printf("%s, %d descriptors more\n",
	       c ? "created" : strerrorname_np(error), count_open() - before);
	completion_destroy(c);
	c = completion_create(listener, stop, &options);
	completion_destroy(c);
	printf("%s, %d descriptors more\n",
	       c ? "created and destroyed" : "not created",
	       count_open() - before);
}

/* Returns the exit status. */
static int serve(int listener, const char *when)
{
	int stop = signals_open((const int[]){ SIGTERM, 0 }), result;
	char bound[ADDR_TEXT_MAX];
	struct completion *c;

	if (!strcmp(when, "before"))
		close(STDIN_FILENO);
	c = completion_create(listener, stop, &options);
	if (!strcmp(when, "behind"))
		close(STDIN_FILENO);
	all_are_gone = !strcmp(when, "enfile");
	if (!c)
		return 1;
	sock_local_text(listener, bound, sizeof(bound));
	printf("listening on %s\n", bound);
	fflush(stdout);
	result = completion_run(c);
	completion_destroy(c);
	return result ? 1 : 0;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int stop[2];

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) ||
	    listen(listener, 16) || pipe2(stop, O_CLOEXEC)) {
		perror("listen");
		return 3;
	}
	if (argc > 1 && !strcmp(argv[1], "enter")) {
		tell_errors(listener, stop);
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "serve"))
		return serve(listener, argv[2]);
	tell_descriptors(listener, stop[0]);
	close(STDIN_FILENO);
	tell_descriptors(listener, stop[0]);
	return 0;
}
