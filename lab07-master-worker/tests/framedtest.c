/* SPDX-License-Identifier: MIT */
#include "framedtest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asking.h"

#define USER	 56
#define PASSWORD 40
#define ANSWER	 (8 + 4 + USER)

/* Nobody is closed for silence, however slowly a test goes on. */
static const char config[] = "[server]\n"
			     "listen = 127.0.0.1:0\n"
			     "workers = 2\n"
			     "[log]\n"
			     "file = " FRAMED_LOG "\n"
			     "[accounts]\n"
			     "database = accounts.db\n"
			     "[heartbeat]\n"
			     "wait_seconds = 86400\n"
			     "[stats]\n"
			     "every_seconds = 86400\n";

static void write_config(void)
{
	int fd = open("framed.conf", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0644);

	if (fd < 0 ||
	    write(fd, config, sizeof(config) - 1) != sizeof(config) - 1)
		judge_infra("framed.conf");
	close(fd);
}

struct prog *framed_startv(const struct prog_opts *opts,
			   const char *const *settings)
{
	const struct prog_opts none = { 0 };
	const char *args[32] = { "-c", "framed.conf" };
	size_t n = 2;

	write_config();
	for (; *settings && n < 30; settings++) {
		args[n++] = "-s";
		args[n++] = *settings;
	}
	return prog_spawn(opts ? opts : &none, "framed", args);
}

size_t framed_workers(struct prog *p, pid_t pids[64])
{
	char path[64], text[4096], *at = text, *end;
	ssize_t len = -1;
	size_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", prog_pid(p),
		 prog_pid(p));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		len = read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	for (long pid; n < 64 && (pid = strtol(at, &end, 10)) > 0; at = end)
		pids[n++] = (pid_t)pid;
	return n;
}

void framed_expect_workers(struct prog *p, size_t n)
{
	pid_t pids[64];

	judge_until_detail(framed_workers(p, pids) == n,
			   "as many workers live as there should be",
			   "%zu live, and there should be %zu",
			   framed_workers(p, pids), n);
	prog_expect_no_zombies(p);
}

/* A whole file as text: the caller's. */
static char *read_file(const char *name)
{
	struct stat st;
	char *text;
	ssize_t n = 0;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		st.st_size = 0;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		judge_infra("memory");
	if (fd >= 0)
		n = read(fd, text, (size_t)st.st_size);
	text[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static size_t count_lines(char *log, const char *text)
{
	size_t n = 0;
	char *line;

	while ((line = strsep(&log, "\n")))
		n += strstr(line, text) != NULL;
	return n;
}

size_t framed_log_lines(const char *text)
{
	char *log = read_file(FRAMED_LOG);
	size_t n = count_lines(log, text);

	free(log);
	return n;
}

void framed_expect_log(const char *text, size_t n)
{
	judge_step("wait for %zu lines with \"%s\" in the log", n, text);
	judge_until_detail(framed_log_lines(text) >= n, "the log says so",
			   "it has %zu lines with \"%s\"",
			   framed_log_lines(text), text);
}

long long framed_figure(struct prog *p, const char *key)
{
	size_t lines = framed_log_lines(" stats ");
	char *log, *line, *at, word[64];
	long long figure;

	prog_signal(p, SIGUSR2);
	framed_expect_log(" stats ", lines + 1);
	log = read_file(FRAMED_LOG);
	line = NULL;
	for (at = log; (at = strstr(at, " stats ")); at++)
		line = at;
	snprintf(word, sizeof(word), " %s=", key);
	at = line ? strstr(line, word) : NULL;
	judge_check(at != NULL, "a stats line with that key", "no \"%s\"",
		    word + 1);
	figure = atoll(at + strlen(word));
	judge_step("statistics: %s is %lld", key, figure);
	free(log);
	return figure;
}

void framed_reload(struct prog *p)
{
	size_t lines = framed_log_lines("the new workers serve");

	prog_signal(p, SIGHUP);
	framed_expect_log("the new workers serve", lines + 1);
}

/* ---- clients ---- */

void framed_send_ping(struct peer *c)
{
	peer_send(c, "\0\10\0\0\0\0\0\0", 8);
}

void framed_expect_ping(struct peer *c)
{
	peer_expect(c, "\0\10\0\0\0\0\0\0", 8);
}

void framed_ping(struct peer *c)
{
	framed_send_ping(c);
	framed_expect_ping(c);
}

void framed_send(struct peer *c, int code, const char *user,
		 const char *password)
{
	unsigned char body[4 + USER + PASSWORD] = { 0 };
	unsigned char packet[PACKET_HEADER + sizeof(body)];
	unsigned char *at = body + (code == REGISTER ? 4 : 0);
	size_t n = (size_t)(at - body) + USER + PASSWORD;

	strcpy((char *)at, user);
	strcpy((char *)at + USER, password);
	peer_send(c, packet, packet_make(packet, (unsigned int)code, body, n));
}

static void make_answer(unsigned char *packet, int code, int result,
			const char *user)
{
	unsigned char body[4 + USER] = { 0 };

	body[3] = (unsigned char)result;
	strcpy((char *)body + 4, user);
	packet_make(packet, (unsigned int)code, body, sizeof(body));
}

void framed_expect(struct peer *c, int code, int result, const char *user)
{
	unsigned char packet[ANSWER];

	make_answer(packet, code, result, user);
	peer_expect(c, packet, sizeof(packet));
}

int framed_result(struct peer *c, int code, const char *user)
{
	unsigned char expected[ANSWER], got[ANSWER];
	size_t have = 0;

	while (have < ANSWER) {
		ssize_t n = peer_next(c, got + have, ANSWER - have,
				      "an answer of 68 bytes");

		judge_check(n > 0, "an answer of 68 bytes", "the end after %zu",
			    have);
		have += (size_t)n;
	}
	make_answer(expected, code, got[11], user);
	judge_check(!memcmp(got, expected, ANSWER),
		    "an answer of code, result and user, and no other byte",
		    "code %d, result %d, user \"%.56s\"", got[3], got[11],
		    (char *)got + 12);
	return got[11];
}

struct prog *framed_loadv(struct prog *p, const char *const *options)
{
	static const struct prog_opts opts = { .no_listen = true };
	const char *args[32] = { prog_address(p) };
	size_t n = 1;

	while (*options && n < 31)
		args[n++] = *options++;
	return prog_spawn(&opts, "framed-load", args);
}
