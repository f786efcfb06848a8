/* SPDX-License-Identifier: MIT */
/*
 * tell - does what standard input says, a command a line, and tells the
 * outcome in a line: a stand-in for the drivers of labs, to test the judge's
 * and libchaos's view of a program.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Everything that should not have reached us. */
static void tell_strays(void)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc/self/fd");
	int strays = 0;

	for (char **e = environ; *e; e++)
		strays += strncmp(*e, "JUDGE_", 6) == 0 ||
			  strncmp(*e, "BXF", 3) == 0;
	while (dir && (entry = readdir(dir)))
		strays += atoi(entry->d_name) > 2 &&
			  atoi(entry->d_name) != dirfd(dir);
	printf("strays %d\n", strays);
	closedir(dir);
}

static void tell_limits(void)
{
	struct rlimit files, core, processes;

	getrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_CORE, &core);
	getrlimit(RLIMIT_NPROC, &processes);
	printf("files %d core %d processes %d\n", (int)files.rlim_cur,
	       (int)core.rlim_cur, (int)processes.rlim_cur);
}

/* Computes for so many milliseconds of processor time. */
static void tell_work(int ms)
{
	const clock_t end = clock() + (clock_t)ms * (CLOCKS_PER_SEC / 1000);

	while (clock() < end)
		;
	printf("worked\n");
}

/* COUNT reads of 10 bytes from a pipe that holds enough. */
static void tell_reads(int count)
{
	static const char plenty[4096];
	char buf[10], digits[500] = "";
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		exit(1);
	while (write(fds[1], plenty, sizeof(plenty)) < 0)
		; /* EINTR is part of the game */
	for (int i = 0; i < count && i < 400; i++) {
		ssize_t n = read(fds[0], buf, sizeof(buf));

		sprintf(digits + strlen(digits), "%c",
			n < 0 ? 'e' : (char)('0' + n % 10));
	}
	printf("reads %s\n", digits);
	close(fds[0]);
	close(fds[1]);
}

/* COUNT reads from a non-blocking socket with nothing in it. */
static void tell_eagain(int count)
{
	int fds[2], again = 0;
	char c;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) < 0)
		exit(1);
	for (int i = 0; i < count; i++)
		again += read(fds[0], &c, 1) < 0 && errno == EAGAIN;
	printf("eagain %d\n", again);
}

static void tell_allocs(int count)
{
	int failed = 0;

	for (int i = 0; i < count; i++) {
		void *volatile p = malloc(24);

		failed += !p;
		free(p);
	}
	printf("failed %d\n", failed);
}

static void tell_connect(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)port);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		puts(errno == EINTR ? "interrupted" : "not connected");
	else if (dprintf(fd, "hello from tell\n") > 0)
		puts("connected");
	close(fd);
}

static void obey(const char *line)
{
	char word[32] = "";
	int n = 0;

	sscanf(line, "%31s %d", word, &n);
	if (strcmp(word, "strays") == 0)
		tell_strays();
	else if (strcmp(word, "limits") == 0)
		tell_limits();
	else if (strcmp(word, "reads") == 0)
		tell_reads(n);
	else if (strcmp(word, "work") == 0)
		tell_work(n);
	else if (strcmp(word, "eagain") == 0)
		tell_eagain(n);
	else if (strcmp(word, "allocs") == 0)
		tell_allocs(n);
	else if (strcmp(word, "connect") == 0)
		tell_connect(n);
	else if (strcmp(word, "raise") == 0)
		raise(n);
	else if (strcmp(word, "exit") == 0)
		exit(n);
	else
		printf("%s", line);
}

int main(void)
{
	static char line[1024 * 1024];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	return 0;
}
