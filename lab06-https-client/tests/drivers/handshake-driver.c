/* SPDX-License-Identifier: MIT */
/*
 * Drives handshake.c: a line of standard input is a command, and its answer is
 * one line on standard output. The first argument is the address of a server;
 * the second is a file of roots, or "-": nobody is verified.
 *
 *	open S NAME [resume]	connects, for slot S (0 to 9), to the server that
 *				is to be NAME, perhaps with the last session
 *	step S			one handshake_step()
 *	shake S			steps until it is open or has failed
 *	write S TEXT		writes all of TEXT (see portions.h)
 *	flood S N		writes N bytes, until it has to wait
 *	stuff S			fills the socket behind TLS's back
 *	read S N		one handshake_read() of N bytes
 *	settle S N		reads until N bytes have come, or it has to wait
 *	gather S N		reads until N bytes have come or it is over
 *	page S PATH		GETs it, up to the end of the connection
 *	echo S N		POSTs N bytes to /echo; they come back
 *	hear S			waits until the peer has reset the connection
 *	drained S		handshake_drained()
 *	close S			handshake_close(), twice; then close(2)
 *	part S			the same, once; the answer is what went out then
 *	litter			from now on others' errors are in OpenSSL's queue
 *				before each call
 *	starve, feed		OpenSSL gets no memory from now on; or again
 *	trouble ERROR		the next recv(2) fails with this error number
 *	contexts		how many SSL_CTX were made so far
 *
 * The answers: "open TLSv1.3 new" (or "resumed"), "waits read", "waits write",
 * "read N TEXT", "end", "got N bytes", "wrote N", "failed KIND DEPTH ERRNO"
 * and a reason in quotes. "dirty ..." is a call that left an error in the queue.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "portions.h"
#include "sock.h"
#include "tls.h"
#include "util.h"
#include "watched.h"

#define SLOTS 10

static struct slot slots[SLOTS];
static const char *server;
static SSL_CTX *ctx;
static SSL_SESSION *session;
static int contexts;

static bool starving;
static int trouble;

ssize_t __real_recv(int fd, void *data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags);

/* What OpenSSL reads by. */
ssize_t __wrap_recv(int fd, void *data, size_t size, int flags)
{
	if (!trouble)
		return __real_recv(fd, data, size, flags);
	errno = trouble;
	trouble = 0;
	return -1;
}

static void *give(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return starving || !size ? NULL : malloc(size);
}

static void *give_more(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return starving ? NULL : realloc(p, size);
}

static void take_back(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

SSL_CTX *__real_SSL_CTX_new(const SSL_METHOD *method);
SSL_CTX *__wrap_SSL_CTX_new(const SSL_METHOD *method);

SSL_CTX *__wrap_SSL_CTX_new(const SSL_METHOD *method)
{
	contexts++;
	return __real_SSL_CTX_new(method);
}

/* What a call that returned -1 says. */
static void print_failure(const struct handshake *h, int error)
{
	static const char *const kinds[] = {
		"nothing", "verify", "protocol", "truncated", "reset", "memory",
	};

	if (error == EAGAIN)
		printf("waits %s\n", h->wants == POLLER_READ	? "read"
				     : h->wants == POLLER_WRITE ? "write"
								: "nothing");
	else
		printf("failed %s %d %s \"%s\"\n",
		       (size_t)h->failure < ARRAY_LEN(kinds) ? kinds[h->failure]
							     : "unknown",
		       h->depth, strerrorname_np(error),
		       h->reason ? h->reason : "");
}

static void print_open(const struct handshake *h)
{
	if (h->depth != -1) {
		printf("broken: open, and a certificate at depth %d\n",
		       h->depth);
		return;
	}
	printf("open %s %s\n", SSL_get_version(h->ssl),
	       handshake_resumed(h) ? "resumed" : "new");
}

static int connect_server(void)
{
	struct addr addr;
	int fd;

	if (addr_parse(server, &addr) < 0)
		return -1;
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, &addr.sa, addr.len) < 0 ||
	    sock_set_nonblock(fd, true) < 0)
		return -1;
	return fd;
}

static void open_slot(struct slot *s, char *rest)
{
	char *name = strsep(&rest, " ");
	bool resume = rest && !strcmp(rest, "resume");
	int ret, error;

	s->fd = connect_server();
	if (s->fd < 0) {
		puts("cannot connect");
		return;
	}
	watched_before();
	ret = handshake_begin(&s->h, ctx, s->fd, name, resume ? session : NULL);
	error = errno;
	watched_after();
	if (ret == 0)
		puts("begun");
	else if (s->h.ssl)
		puts("not begun, and something to close");
	else
		printf("not begun %s\n", strerrorname_np(error));
}

static void shake(struct slot *s, bool once)
{
	int ret;

	do
		ret = watched_step(s);
	while (ret < 0 && !once && watched_wait(s));
	if (ret < 0)
		print_failure(&s->h, errno);
	else
		print_open(&s->h);
}

static void write_text(struct slot *s, const char *text)
{
	size_t len = portions_read(text);

	if (watched_write_all(s, portions_show(0, len), len) < 0)
		print_failure(&s->h, errno);
	else
		printf("wrote %zu\n", len);
}

static void flood(struct slot *s, size_t len)
{
	char *data = calloc(1, len);
	size_t done = 0;
	ssize_t n = 0;

	while (data && done < len) {
		n = watched_write(s, data + done, len - done);
		if (n <= 0)
			break;
		done += n;
	}
	if (done == len)
		printf("wrote %zu\n", done);
	else
		print_failure(&s->h, errno);
	free(data);
}

static void stuff(const struct slot *s)
{
	static const char junk[4096];

	while (send(s->fd, junk, sizeof(junk), MSG_NOSIGNAL) > 0)
		;
	while (send(s->fd, junk, 1, MSG_NOSIGNAL) > 0)
		;
	puts("stuffed");
}

static void read_once(struct slot *s, size_t size)
{
	char *data = malloc(size);
	ssize_t n = watched_read(s, data, size);

	if (n > 0) {
		printf("read %zd ", n);
		portions_print(data, n);
		putchar('\n');
	} else if (n == 0) {
		puts("end");
	} else {
		print_failure(&s->h, errno);
	}
	free(data);
}

/* Until LEN bytes have come; WAITS: else until it is over. */
static void gather(struct slot *s, size_t len, bool waits)
{
	static char data[16384];
	size_t done = 0;
	ssize_t n = 1;

	while (done < len && n) {
		n = watched_read(s, data, MIN(sizeof(data), len - done));
		if (n < 0 && !(waits && watched_wait(s)))
			break;
		if (n > 0)
			done += n;
	}
	if (n > 0)
		printf("got %zu bytes\n", done);
	else if (n == 0)
		puts("end");
	else
		print_failure(&s->h, errno);
}

/* Takes nothing from the socket, the error neither. */
static void hear(const struct slot *s)
{
	struct pollfd p = { .fd = s->fd };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	puts(p.revents & POLLERR ? "reset" : "not reset");
}

static void fill_pattern(char *data, size_t len)
{
	uint32_t x = 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = x >> 24;
	}
}

static void page(struct slot *s, const char *path)
{
	static char got[16384];
	char head[256];
	int n = snprintf(head, sizeof(head),
			 "GET %s HTTP/1.1\r\nHost: a\r\n"
			 "Connection: close\r\n\r\n",
			 path);
	ssize_t all = -1;

	if (watched_write_all(s, head, n) > 0)
		all = watched_read_all(s, got, sizeof(got));
	if (all < 0) {
		print_failure(&s->h, errno);
		return;
	}
	portions_print(got, all);
	putchar('\n');
}

static void echo(struct slot *s, size_t len)
{
	char head[128], *sent = malloc(len), *got = malloc(len + 4096);
	int n = sprintf(head,
			"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: "
			"close\r\n"
			"Content-Length: %zu\r\n\r\n",
			len);
	ssize_t all = -1;

	if (!sent || !got)
		exit(1);
	fill_pattern(sent, len);
	if (watched_write_all(s, head, n) > 0 &&
	    watched_write_all(s, sent, len) >= 0)
		all = watched_read_all(s, got, len + 4096);
	if (all < 0)
		print_failure(&s->h, errno);
	else if ((size_t)all < len || memcmp(got + all - len, sent, len) != 0)
		printf("%zd bytes that end otherwise than those sent\n", all);
	else
		printf("%zu bytes came back\n", len);
	free(sent);
	free(got);
}

/* What was sent on FD so far, or waits to be. */
static unsigned long long given_to(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_bytes_sent + info.tcpi_notsent_bytes;
}

static void part_slot(struct slot *s)
{
	unsigned long long before = given_to(s->fd);

	handshake_close(&s->h);
	printf("%llu bytes\n", given_to(s->fd) - before);
	close(s->fd);
}

static void close_slot(struct slot *s)
{
	if (s->h.open && !s->h.failure) {
		SSL_SESSION_free(session);
		session = SSL_get1_session(s->h.ssl);
	}
	watched_before();
	handshake_close(&s->h);
	watched_after();
	handshake_close(&s->h);
	puts(s->h.ssl			 ? "SSL not freed"
	     : fcntl(s->fd, F_GETFD) < 0 ? "descriptor closed, too"
	     : close(s->fd) < 0		 ? "cannot close"
					 : "closed");
}

static void on_slot(const char *word, struct slot *s, char *rest)
{
	size_t n = strtoul(rest, NULL, 10);

	if (!strcmp(word, "open"))
		open_slot(s, rest);
	else if (!strcmp(word, "step") || !strcmp(word, "shake"))
		shake(s, word[1] == 't');
	else if (!strcmp(word, "write"))
		write_text(s, rest);
	else if (!strcmp(word, "flood"))
		flood(s, n);
	else if (!strcmp(word, "stuff"))
		stuff(s);
	else if (!strcmp(word, "read"))
		read_once(s, n);
	else if (!strcmp(word, "settle") || !strcmp(word, "gather"))
		gather(s, n, *word == 'g');
	else if (!strcmp(word, "page"))
		page(s, rest);
	else if (!strcmp(word, "echo"))
		echo(s, n);
	else if (!strcmp(word, "hear"))
		hear(s);
	else if (!strcmp(word, "drained"))
		puts(handshake_drained(&s->h) ? "drained" : "more");
	else if (!strcmp(word, "close"))
		close_slot(s);
	else if (!strcmp(word, "part"))
		part_slot(s);
	else
		puts("unknown command");
}

static void command(char *line)
{
	char *word = strsep(&line, " "), *slot = strsep(&line, " ");
	char none[1] = "";

	if (!strcmp(word, "litter")) {
		watched_litters = true;
		puts("littering");
	} else if (!strcmp(word, "starve") || !strcmp(word, "feed")) {
		starving = *word == 's';
		puts("yes");
	} else if (!strcmp(word, "trouble")) {
		trouble = slot ? atoi(slot) : 0;
		puts("yes");
	} else if (!strcmp(word, "contexts")) {
		printf("contexts %d\n", contexts);
	} else {
		on_slot(word, &slots[slot ? *slot % SLOTS : 0],
			line ? line : none);
	}
	if (watched_dirty)
		puts("dirty: an error is left in OpenSSL's queue");
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	struct tls_client_options o = { .min_version = TLS1_2_VERSION,
					.alpn = "http/1.1" };
	char why[TLS_TEXT_MAX], *line = NULL;
	size_t size = 0;

	if (argc != 3 || portions_begin() < 0 ||
	    !CRYPTO_set_mem_functions(give, give_more, take_back))
		return 2;
	server = argv[1];
	o.cacert = strcmp(argv[2], "-") ? argv[2] : NULL;
	o.insecure = !o.cacert;
	ctx = tls_client_context(&o, why);
	if (!ctx) {
		fprintf(stderr, "handshake-driver: %s\n", why);
		return 1;
	}
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		command(line);
	}
	free(line);
	SSL_SESSION_free(session);
	SSL_CTX_free(ctx);
	return 0;
}
