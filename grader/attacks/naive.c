/* SPDX-License-Identifier: MIT */
/*
 * A grader as it is written on the first day, without any defence: against this
 * one the attacks are shown to win. It believes what the program prints, what
 * stands in the report that the program can open as well, and what its own memory
 * says afterwards; and what it cannot connect to is a trouble of its own.
 *
 * naive PROGRAM: its words in the file `said`, its wait status in `status`, and in
 * `verdict` pass, fail or infra.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPORT	  3 /* the descriptor that the program inherits */
#define PAGE	  4096
#define TEXT_SIZE 65536

/* A mapping of its own: its first bytes are the outcome. */
static char *outcome_page(void)
{
	char *p = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED ||
	    mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE) < 0)
		exit(2);
	return strcpy(p + PAGE, "fail");
}

static bool file_says(const char *path, const char *word)
{
	static char text[TEXT_SIZE];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return strstr(text, word) != NULL;
}

/* Can the address be reached that the program says it listens at? */
static bool reachable(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	FILE *f = fopen("said", "r");
	char host[16];
	int port, fd, rc = 0;

	if (f && fscanf(f, "listening on %15[0-9.]:%d", host, &port) == 2) {
		inet_pton(AF_INET, host, &to.sin_addr);
		to.sin_port = htons(port);
		fd = socket(AF_INET, SOCK_STREAM, 0);
		rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
		close(fd);
	}
	if (f)
		fclose(f);
	return rc == 0;
}

static int run(const char *program)
{
	int status = 0, said;
	pid_t pid = fork();

	if (pid == 0) {
		said = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0666);
		dup2(said, STDOUT_FILENO);
		dup2(said, STDERR_FILENO);
		close(said);
		execl(program, program, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void tell(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fprintf(f, "%s\n", text);
		fclose(f);
	}
}

int main(int argc, char **argv)
{
	char *outcome = outcome_page();
	char number[16];
	int status;

	if (argc != 2 ||
	    dup2(open("report", O_RDWR | O_CREAT, 0666), REPORT) < 0)
		return 2;
	status = run(argv[1]);
	snprintf(number, sizeof(number), "%d", status);
	tell("status", number);
	if (!strcmp(outcome, "pass") || file_says("report", "pass") ||
	    file_says("report.json", "pass") ||
	    (status == 0 && file_says("said", "[PASS]")))
		tell("verdict", "pass");
	else
		tell("verdict", reachable() ? "fail" : "infra");
	return 0;
}
