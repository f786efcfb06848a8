/* SPDX-License-Identifier: MIT */
/*
 * io - what read(2) and write(2) leave to be done.
 *
 * Both may move fewer bytes than asked, and both may be interrupted by a
 * signal before they moved any. The functions here go on until the job is
 * done, so that their callers need not think of it.
 *
 * FD is any blocking descriptor: a stream socket, a pipe, a file, a terminal.
 * No function here closes it. Any thread may call, on a descriptor (and a
 * struct line_reader) that no other thread reads or writes meanwhile.
 *
 * Writing to a connection that its peer has closed raises SIGPIPE, which by
 * default ends the process (write(2)). These functions leave that setting
 * alone: a program that would rather see EPIPE ignores the signal.
 */
#ifndef LAB01_IO_H
#define LAB01_IO_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads what is there, 1 to LEN bytes, into BUF; waits if nothing is. The
 * same as read(2), but a signal does not end it.
 *
 * Returns the number of bytes; 0 if the stream has ended, or LEN is 0; -1 with
 * read(2)'s errno, which is never EINTR.
 */
ssize_t read_some(int fd, void *buf, size_t len);

/*
 * Reads LEN bytes into BUF, in as many reads as it takes, each of them for
 * all that is still missing.
 *
 * Returns LEN; fewer, 0 included, only if the stream ended first; -1 with
 * read(2)'s errno (never EINTR), and then what BUF holds is undefined.
 */
ssize_t read_full(int fd, void *buf, size_t len);

/*
 * Writes the LEN bytes at BUF, in as many writes as it takes, each of them of
 * all that is still left.
 *
 * Returns LEN; -1 with write(2)'s errno (never EINTR), and then nobody can
 * say how many bytes went out: close the connection.
 */
ssize_t write_full(int fd, const void *buf, size_t len);

/* What read_line() has read ahead. Fields are for io.c. */
#define LINE_READER_SIZE 4096

struct line_reader {
	int fd;
	size_t start; /* data[start] to data[end - 1] are not yet handed out */
	size_t end;
	char data[LINE_READER_SIZE];
};

/*
 * Makes *R a reader of FD with nothing read ahead. From here on FD is read
 * through R alone: what R has read ahead, no one else will see.
 */
void line_reader_init(struct line_reader *r, int fd);

/*
 * Reads the next line into LINE, SIZE bytes, SIZE at least 2: with its newline
 * and then a NUL, so that a line of SIZE - 2 bytes and its newline just fit. A
 * line may hold any byte, NUL too: the count returned is its length. If the
 * stream ends within a line, that rest is the last line, without a newline.
 *
 * Returns the number of bytes, newline included, final NUL not; 0 at the end
 * of the stream; or -1 with errno
 *   EMSGSIZE		the line is longer: all of it has been read and thrown
 *			away, and the next call returns the line after it
 *   else		what read(2) says; never EINTR
 * and then what LINE holds is undefined.
 */
ssize_t read_line(struct line_reader *r, char *line, size_t size);

#endif
