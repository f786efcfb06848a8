/* SPDX-License-Identifier: MIT */
/*
 * Valgrind connects to a socket of the judge's before the program's first
 * instruction, and keeps that descriptor from the program: what it has said there
 * nobody takes back, as could be done with a file that the program's own user
 * writes. Nobody reads until the end; the kernel keeps what was sent, and a
 * program with more errors than that waits, and is late.
 *
 * A program may connect, too, and say what it likes: that is one log more, and
 * findings in it are findings. The first connection is Valgrind's.
 */
#include "valgrind_log_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failure_internal.h"

#define PROCESSES    128       /* that connect before anybody looks */
#define KEPT	     (1 << 22) /* bytes; the kernel has a bound of its own */
#define SILENCE_MS   2000      /* from a process that lives on */
#define READ_AT_ONCE 65536

int valgrind_log_open(struct prog *p)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int kept = KEPT;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kept, sizeof(kept));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, PROCESSES) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		judge_infra("a socket for Valgrind's log");
	p->log = fd;
	return ntohs(at.sin_port);
}

/* Appends what comes on FD until its end; false if there is no more to come. */
static bool read_some(int fd, struct valgrind_log *log)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	ssize_t n = -1;

	log->text = realloc(log->text, log->len + READ_AT_ONCE + 1);
	if (!log->text)
		judge_infra("no memory for Valgrind's log");
	if (poll(&one, 1, SILENCE_MS) > 0)
		n = read(fd, log->text + log->len, READ_AT_ONCE);
	if (n > 0)
		log->len += (size_t)n;
	log->text[log->len] = '\0';
	return n > 0 || (n < 0 && errno == EINTR);
}

static struct valgrind_log *read_all(int fd)
{
	struct valgrind_log *log = judge_alloc(sizeof(*log));

	while (read_some(fd, log))
		;
	close(fd);
	return log;
}

const struct valgrind_log *valgrind_logs(struct prog *p)
{
	struct valgrind_log **end = &p->logs;
	int fd;

	while (*end)
		end = &(*end)->next;
	while (p->log >= 0 &&
	       (fd = accept4(p->log, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		*end = read_all(fd);
		end = &(*end)->next;
	}
	return p->logs;
}
