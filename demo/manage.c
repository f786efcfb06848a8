/* SPDX-License-Identifier: MIT */
/*
 * A connection for each command, with "quit" behind it: the answer ends where
 * the stream does, so there is no prompt to wait for.
 */
#include "manage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "addr.h"

#define PATIENCE_S 5

static int connect_to(const char *address)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct addr addr;
	int fd;

	if (addr_parse(address, &addr) == -1)
		return -1;
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, &addr.sa, addr.len) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static int receive_all(int fd, char *answer, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, answer + len, size - 1 - len, 0)) > 0) {
		len += (size_t)n;
		if (len == size - 1) {
			errno = EMSGSIZE;
			return -1;
		}
	}
	answer[len] = '\0';
	return n == 0 ? 0 : -1;
}

/* Takes the prompts out of ANSWER: one stands in front of each line's answer. */
static void drop_prompts(char *answer)
{
	char *to = answer;
	const char *from = answer;

	while (*from != '\0') {
		if ((from == answer || from[-1] == '\n') &&
		    strncmp(from, "> ", 2) == 0)
			from += 2;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

int manage_ask(const char *address, const char *command, char *answer,
	       size_t size)
{
	char line[1024];
	int fd, result = -1, error;
	int len = snprintf(line, sizeof(line), "%s\nquit\n", command);

	if (len >= (int)sizeof(line)) {
		errno = EMSGSIZE;
		return -1;
	}
	fd = connect_to(address);
	if (fd == -1)
		return -1;
	if (send(fd, line, (size_t)len, MSG_NOSIGNAL) == len)
		result = receive_all(fd, answer, size);
	error = errno;
	close(fd);
	errno = error;
	if (result == 0)
		drop_prompts(answer);
	return result;
}

size_t manage_servers(const char *answer, struct manage_server *servers,
		      size_t max)
{
	size_t n = 0;
	const char *line;

	for (line = answer; line != NULL && n < max;
	     line = strchr(line, '\n')) {
		struct manage_server *s = &servers[n];

		line += *line == '\n';
		n += sscanf(line, "%64s %63s %15s %*u %lu %lu %*u %llu %llu",
			    s->id, s->address, s->state, &s->open, &s->total,
			    &s->up, &s->down) == 7;
	}
	return n;
}
