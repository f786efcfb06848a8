/* SPDX-License-Identifier: MIT */
/*
 * io-driver - io.c on a connection. Listens, takes one client, and then does
 * to that connection what the lines on standard input say:
 *
 *	read_some LEN		-> "COUNT BYTES" or "-1 ERRNO"
 *	read_full LEN		-> the same
 *	read_line SIZE		-> the same, from one struct line_reader
 *	write_full LEN		-> "COUNT" or "-1 ERRNO"; byte i is i modulo 251
 *	write_null LEN		-> "COUNT" or "-1 ERRNO": LEN zeros to /dev/null
 *	fail ERRNO CALLS	-> in the next command CALLS calls of read(2) or
 *				   write(2) move a byte each, the next one fails:
 *				   "ok"
 *	anew			-> line_reader_init() again: "so be it"
 *	sigpipe			-> "as it was", or "changed"
 *	hang_up			-> "closed", or "-1 ERRNO" of close(2)
 *
 * BYTES is text; what is no printable ASCII is \n, \\ or \xNN. A function
 * that writes behind the end of its buffer, or a NUL too few, is told on: the
 * answer is "overrun" or "no NUL"; of a call of read(2) or write(2) for another
 * number than that of all that is left, "asked for another number". SIGUSR1
 * interrupts and does nothing, and SIGPIPE does nothing either.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asked.h"
#include "io.h"

#define LEN_MAX	     (64 << 20)
#define GUARD	     64
#define GUARD_AT     0xa5
#define OTHER_NUMBER "asked for another number"

static void on_usr1(int sig)
{
	(void)sig;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(3);
}

static void print_bytes(const char *data, ssize_t n)
{
	printf(n > 0 ? "%zd " : "%zd", n);
	for (ssize_t i = 0; i < n; i++) {
		unsigned char c = data[i];

		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '\\')
			fputs("\\\\", stdout);
		else if (isprint(c))
			putchar(c);
		else
			printf("\\x%02x", c);
	}
	putchar('\n');
}

/* A buffer of LEN bytes with a guard behind it. */
static char *guarded(size_t len)
{
	char *buf = malloc(len + GUARD);

	if (!buf)
		die("malloc");
	memset(buf, GUARD_AT, len + GUARD);
	return buf;
}

static int overrun(const char *buf, size_t len)
{
	for (size_t i = 0; i < GUARD; i++)
		if ((unsigned char)buf[len + i] != GUARD_AT)
			return 1;
	return 0;
}

static void do_read(int fd, struct line_reader *r, const char *verb, size_t len)
{
	bool line = !strcmp(verb, "read_line"), well;
	char *buf = guarded(len);
	ssize_t n;

	asked_begin(len);
	errno = 0;
	if (line)
		n = read_line(r, buf, len);
	else if (!strcmp(verb, "read_full"))
		n = read_full(fd, buf, len);
	else
		n = read_some(fd, buf, len);
	well = asked_end(n) || line;

	if (overrun(buf, len) || (n > 0 && (size_t)n > len))
		puts("overrun");
	else if (!well)
		puts(OTHER_NUMBER);
	else if (n < 0)
		printf("%zd %s\n", n, strerrorname_np(errno));
	else if (line && n > 0 && buf[n] != '\0')
		puts("no NUL");
	else
		print_bytes(buf, n);
	free(buf);
}

static void tell_written(int fd, const void *data, size_t len)
{
	ssize_t n;

	asked_begin(len);
	errno = 0;
	n = write_full(fd, data, len);
	if (!asked_end(n))
		puts(OTHER_NUMBER);
	else if (n < 0)
		printf("%zd %s\n", n, strerrorname_np(errno));
	else
		printf("%zd\n", n);
}

static void do_write(int fd, size_t len)
{
	char *buf = guarded(len);

	for (size_t i = 0; i < len; i++)
		buf[i] = i % 251;
	tell_written(fd, buf, len);
	free(buf);
}

/* Pages that nobody looks at cost nothing: LEN may be more than there is. */
static void write_null(size_t len)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	void *zeros = mmap(NULL, len, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (fd < 0 || zeros == MAP_FAILED)
		die("write_null");
	tell_written(fd, zeros, len);
	munmap(zeros, len);
	close(fd);
}

static void tell_sigpipe(void)
{
	struct sigaction now;

	sigaction(SIGPIPE, NULL, &now);
	puts(now.sa_handler == on_usr1 ? "as it was" : "changed");
}

static void hang_up(int fd)
{
	if (close(fd))
		printf("-1 %s\n", strerrorname_np(errno));
	else
		puts("closed");
}

/* The one client. Plain calls: the driver may not lean on what it tests. */
static int accept_client(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&sin, len) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&sin, &len))
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (fd < 0)
		die("accept");
	close(listener);
	return fd;
}

/* A command with numbers. */
static void with_numbers(int fd, struct line_reader *r, const char *line)
{
	unsigned int calls;
	char verb[16];
	size_t len;
	int error;

	if (sscanf(line, "write_null %zu", &len) == 1) {
		write_null(len);
	} else if (sscanf(line, "fail %d %u", &error, &calls) == 2) {
		asked_fail(error, calls);
		puts("ok");
	} else if (sscanf(line, "%15s %zu", verb, &len) != 2 || len > LEN_MAX) {
		puts("what?");
	} else if (!strcmp(verb, "write_full")) {
		do_write(fd, len);
	} else {
		do_read(fd, r, verb, len);
	}
}

int main(void)
{
	const struct sigaction interrupt = { .sa_handler = on_usr1 };
	static struct line_reader reader;
	char line[128];
	int fd;

	sigaction(SIGUSR1, &interrupt, NULL);
	sigaction(SIGPIPE, &interrupt, NULL);
	fd = accept_client();
	memset(&reader, GUARD_AT, sizeof(reader)); /* all of it is to be set */
	line_reader_init(&reader, fd);
	/* Faults hit the driver too: a read that EINTR ended is done again. */
	for (;;) {
		if (!fgets(line, sizeof(line), stdin)) {
			if (feof(stdin) || errno != EINTR)
				return 0;
			clearerr(stdin);
			continue;
		}
		if (!strcmp(line, "hang_up\n")) {
			hang_up(fd);
		} else if (!strcmp(line, "sigpipe\n")) {
			tell_sigpipe();
		} else if (!strcmp(line, "anew\n")) {
			line_reader_init(&reader, fd);
			puts("so be it");
		} else {
			with_numbers(fd, &reader, line);
		}
		fflush(stdout);
	}
}
