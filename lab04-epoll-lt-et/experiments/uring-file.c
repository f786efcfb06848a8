/* SPDX-License-Identifier: MIT */
/*
 * Readiness is a property of files with a wait queue. A regular file has no
 * poll method, so epoll_ctl(2) refuses it, and poll(2) answers for it with
 * DEFAULT_POLLMASK: ready for all, whatever a read would find. Whether the
 * pages are in memory only RWF_NOWAIT tells. io_uring needs no readiness: it
 * is given the read itself, and completes it when the disk has answered.
 *
 * The file loses its name at once, and its pages are dropped from the cache,
 * where the file system has a disk behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"
#include "experiment_uring.h"

enum { LENGTH = 1 << 20, PIECE = 65536, DEADLINE_MS = 10000 };

static char contents[LENGTH];
static char piece[PIECE];

/* A file with contents, none of them in memory if that can be had. */
static int make_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/uring-file-XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		exp_skip("cannot make a file: %s: %s", path, strerror(errno));
	unlink(path);
	for (int i = 0; i < LENGTH; i++)
		contents[i] = (char)('a' + i % 26);
	if (write(fd, contents, LENGTH) != LENGTH || fdatasync(fd) < 0)
		exp_die("write");
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return fd;
}

static void by_epoll(int fd)
{
	int epfd = exp_epoll();
	int error = exp_epoll_try(epfd, EPOLL_CTL_ADD, fd, EPOLLIN);

	exp_did("epoll_ctl(ADD) of a regular file");
	exp_saw("%s", error ? strerror(error) : "works");
	exp_expect(error == EPERM, "%s", strerror(EPERM));
	close(epfd);
}

static void by_poll(int fd)
{
	struct iovec to = { .iov_base = piece, .iov_len = PIECE };
	short begin, end;
	ssize_t n;

	begin = exp_poll(fd, POLLIN | POLLOUT, 0);
	n = preadv2(fd, &to, 1, 0, RWF_NOWAIT);
	exp_did("poll() it, and ask for what is in memory (RWF_NOWAIT)");
	exp_saw("poll: %s; in memory: %s", exp_epoll_names((uint32_t)begin),
		n > 0		  ? "yes"
		: errno == EAGAIN ? "no, a read has to wait for the disk"
				  : "not known here");
	lseek(fd, 0, SEEK_END);
	end = exp_poll(fd, POLLIN | POLLOUT, 0);
	n = read(fd, piece, PIECE);
	exp_did("poll() it at its end, and read");
	exp_saw("poll: %s; read: %zd bytes", exp_epoll_names((uint32_t)end), n);
	exp_expect(begin == (POLLIN | POLLOUT) && end == begin && n == 0,
		   "always ready");
}

static void by_uring(int fd)
{
	struct exp_done done = { 0 };
	struct io_uring ring;
	unsigned at_once;
	bool same;

	exp_uring(&ring, 4);
	memset(piece, 0, PIECE);
	io_uring_prep_read(exp_uring_sqe(&ring, 1), fd, piece, PIECE,
			   LENGTH / 2);
	exp_uring_submit(&ring);
	at_once = io_uring_cq_ready(&ring);
	exp_did("io_uring: submit a read of %d bytes in the middle", PIECE);
	if (!exp_uring_next(&ring, DEADLINE_MS, &done))
		done.result = 0;
	same = !memcmp(piece, contents + LENGTH / 2, PIECE);
	exp_saw("complete when submitted: %s; then %d bytes, the right ones: "
		"%s",
		at_once ? "yes" : "no", done.result, same ? "yes" : "no");
	exp_expect(done.result == PIECE && same, "the read completes");
	io_uring_queue_exit(&ring);
}

int main(void)
{
	int fd;

	exp_begin("uring-file", "readiness works for files too, if one asks "
				"the right call");
	fd = make_file();
	by_epoll(fd);
	by_poll(fd);
	by_uring(fd);
	close(fd);
	return exp_end(EXP_FALSE, "epoll refuses, poll always says yes; "
				  "io_uring is given the read and tells when "
				  "it is done");
}
