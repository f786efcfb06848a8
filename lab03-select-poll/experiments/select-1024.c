/* SPDX-License-Identifier: MIT */
/*
 * fd_set is the C library's: FD_SETSIZE bits, and FD_SET() computes a place in
 * it without asking whether it is inside. The kernel knows no such number:
 * core_sys_select() takes bitmaps of nfds bits, as long as the process has a
 * descriptor table of that size. So a bitmap of one's own works.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiment.h"

enum { HIGH = 3000, BITS = 4096, WORD = sizeof(unsigned long) * CHAR_BIT };

static void own_bitmap(int fd)
{
	unsigned long bits[BITS / WORD] = { 0 };
	struct timeval deadline = { .tv_sec = 5 };
	bool set;
	int n;

	bits[fd / WORD] |= 1UL << fd % WORD;
	n = select(fd + 1, (fd_set *)bits, NULL, NULL, &deadline);
	set = bits[fd / WORD] >> fd % WORD & 1;
	exp_did("select(nfds = %d) with a bitmap of %d bits, descriptor %d is "
		"readable",
		fd + 1, BITS, fd);
	exp_saw("it returned %d, and bit %d is %s", n, fd, set ? "1" : "0");
	exp_expect(n == 1 && set, "1, and the bit");
}

/* In a child: what lies behind its fd_set, after FD_SET() of HIGH. */
static int changed_behind(int fd)
{
	struct {
		fd_set set;
		unsigned char behind[BITS / CHAR_BIT];
	} memory;
	volatile unsigned char *behind = memory.behind;
	int changed = 0;

	memset(&memory, 0, sizeof(memory));
	FD_SET(fd, &memory.set);
	for (size_t i = 0; i < sizeof(memory.behind); i++)
		changed += behind[i] != 0;
	return changed;
}

static void standard_macro(int fd)
{
	pid_t child = exp_fork();
	int status = 0;

	if (!child) {
		close(STDERR_FILENO); /* a fortified libc would complain */
		_exit(changed_behind(fd));
	}
	waitpid(child, &status, 0);
	exp_did("FD_SET(%d) on an fd_set of %d bits", fd, FD_SETSIZE);
	if (WIFSIGNALED(status))
		exp_saw("the fortified C library killed the program: signal %d",
			WTERMSIG(status));
	else
		exp_saw("%d byte behind the fd_set changed",
			WEXITSTATUS(status));
	exp_expect(WIFSIGNALED(status) || WEXITSTATUS(status) == 1,
		   "memory that is not its own, or the end of the program");
}

int main(void)
{
	int ends[2], fd;

	exp_begin("select-1024", "the kernel limits select() to 1024 "
				 "descriptors");
	exp_need_descriptors(HIGH + 1);
	if (pipe2(ends, O_CLOEXEC) < 0)
		exp_die("pipe2");
	fd = fcntl(ends[0], F_DUPFD_CLOEXEC, HIGH);
	if (fd < 0)
		exp_die("fcntl(F_DUPFD)");
	if (write(ends[1], "x", 1) != 1)
		exp_die("write");
	own_bitmap(fd);
	standard_macro(fd);
	return exp_end(EXP_FALSE, "FD_SETSIZE is the size of libc's fd_set; "
				  "beyond it the standard macros write into "
				  "other memory");
}
