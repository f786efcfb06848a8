/* SPDX-License-Identifier: MIT */
/*
 * Task 1: read_some(), read_full(), write_full(). Task 2: read_line().
 *
 * io.h says what each must do; the handout, README.md, says why. Helpers of
 * your own are welcome: make them static.
 */
#include "io.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

ssize_t read_some(int fd, void *buf, size_t len)
{
	/*
	 * One read(2), and a second one only if the first was interrupted by
	 * a signal. How do you tell that from other errors?
	 */
	TODO(fd, buf, len);
	return -1;
}

ssize_t read_full(int fd, void *buf, size_t len)
{
	/*
	 * read_some() may return fewer bytes than you asked for. What is left
	 * to read then, and where does it go? What does a 0 mean?
	 */
	TODO(fd, buf, len);
	return -1;
}

ssize_t write_full(int fd, const void *buf, size_t len)
{
	/* As read_full(), in the other direction; EINTR included. */
	TODO(fd, buf, len);
	return -1;
}

void line_reader_init(struct line_reader *r, int fd)
{
	/* Nothing is read ahead yet. */
	TODO(r, fd);
}

ssize_t read_line(struct line_reader *r, char *line, size_t size)
{
	/*
	 * One read can bring half a line, or three and a half. What is left
	 * over stays in R for the next call. Begin with lines that fit; then
	 * make a line that does not fit disappear without losing the next.
	 */
	TODO(r, line, size);
	return -1;
}
