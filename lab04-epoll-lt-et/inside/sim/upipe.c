/* SPDX-License-Identifier: MIT */
/*
 * A pipe, as fs/pipe.c has it: a ring of pages. A small write goes into the
 * last page if it fits there whole, else it takes a page of its own; so a pipe
 * can be full with bytes to spare.
 *
 * Who is woken, and with which key:
 *
 *	any write, even one	the reader	IN RDNORM
 *	that gets EAGAIN
 *	a read that frees a	the writer	OUT WRNORM
 *	page of a full pipe
 *	an end is closed	the other	0: anything may have changed
 *
 * A reader that knows pipes would need no wake-up for a write into a pipe that
 * has data already. It gets one nevertheless, since 5.14: programs that use
 * epoll edge-triggered had come to depend on it (pipe->poll_usage).
 */
#include "ufile.h"

#include <errno.h>
#include <stdlib.h>

#include "util.h"

struct upipe;

struct upipe_end {
	struct ufile file;
	struct uwait_queue wait;
	struct upipe *pipe;
	bool open;
};

struct upipe {
	struct upipe_end rd, wr;
	struct page {
		size_t offset, len;
	} page[UPIPE_PAGES];
	unsigned int first, pages;
};

static struct upipe *to_pipe(struct ufile *file)
{
	return CONTAINER_OF(file, struct upipe_end, file)->pipe;
}

static struct page *page_at(struct upipe *p, unsigned int index)
{
	return &p->page[(p->first + index) % UPIPE_PAGES];
}

static uint32_t rd_poll(struct ufile *file)
{
	struct upipe *p = to_pipe(file);

	return (p->pages ? EPOLLIN | EPOLLRDNORM : 0) |
	       (p->wr.open ? 0 : EPOLLHUP);
}

static uint32_t wr_poll(struct ufile *file)
{
	struct upipe *p = to_pipe(file);

	return (p->pages < UPIPE_PAGES ? EPOLLOUT | EPOLLWRNORM : 0) |
	       (p->rd.open ? 0 : EPOLLERR);
}

/* Fits the odd part of LEN into the last page; the bytes that went there. */
static size_t merge(struct upipe *p, size_t len)
{
	size_t odd = len % UPIPE_PAGE;
	struct page *last;

	if (!odd || !p->pages)
		return 0;
	last = page_at(p, p->pages - 1);
	if (last->offset + last->len + odd > UPIPE_PAGE)
		return 0;
	last->len += odd;
	return odd;
}

static ssize_t wr_write(struct ufile *file, uint64_t len)
{
	struct upipe *p = to_pipe(file);
	size_t done;

	if (len == 0)
		return 0;
	if (!p->rd.open) {
		errno = EPIPE;
		return -1;
	}
	done = merge(p, len);
	while (done < len && p->pages < UPIPE_PAGES) {
		struct page *page = page_at(p, p->pages++);

		page->offset = 0;
		page->len = MIN(len - done, UPIPE_PAGE);
		done += page->len;
	}
	uwait_wake(&p->rd.wait, EPOLLIN | EPOLLRDNORM, 1);
	if (!done) {
		errno = EAGAIN;
		return -1;
	}
	return (ssize_t)done;
}

static ssize_t rd_read(struct ufile *file, size_t len, uint64_t *value)
{
	struct upipe *p = to_pipe(file);
	bool wake_writer = false;
	size_t got = 0;

	(void)value;
	if (len == 0)
		return 0;
	if (!p->pages && p->wr.open) {
		errno = EAGAIN;
		return -1;
	}
	while (p->pages && got < len) {
		struct page *page = page_at(p, 0);
		size_t n = MIN(page->len, len - got);

		got += n;
		page->offset += n;
		page->len -= n;
		if (page->len)
			continue;
		wake_writer |= p->pages == UPIPE_PAGES;
		p->first = (p->first + 1) % UPIPE_PAGES;
		p->pages--;
	}
	if (wake_writer)
		uwait_wake(&p->wr.wait, EPOLLOUT | EPOLLWRNORM, 1);
	return (ssize_t)got;
}

static ssize_t wrong_way_read(struct ufile *file, size_t len, uint64_t *value)
{
	(void)file, (void)len, (void)value;
	errno = EBADF;
	return -1;
}

static ssize_t wrong_way_write(struct ufile *file, uint64_t len)
{
	(void)file, (void)len;
	errno = EBADF;
	return -1;
}

static void end_release(struct ufile *file)
{
	struct upipe_end *end = CONTAINER_OF(file, struct upipe_end, file);
	struct upipe *p = end->pipe;

	end->open = false;
	if (!p->rd.open && !p->wr.open) {
		free(p);
		return;
	}
	uwait_wake(&p->rd.wait, 0, 0);
	uwait_wake(&p->wr.wait, 0, 0);
}

static uint64_t rd_held(const struct ufile *file)
{
	const struct upipe *p =
		CONTAINER_OF(file, struct upipe_end, file)->pipe;
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < p->pages; i++)
		bytes += p->page[(p->first + i) % UPIPE_PAGES].len;
	return bytes;
}

static const struct ufile_ops rd_ops = {
	.kind = "pipe",
	.poll = rd_poll,
	.read = rd_read,
	.write = wrong_way_write,
	.held = rd_held,
	.release = end_release,
};

static const struct ufile_ops wr_ops = {
	.kind = "pipe",
	.poll = wr_poll,
	.read = wrong_way_read,
	.write = wr_write,
	.release = end_release,
};

int upipe_pair(struct ufile *end[2])
{
	struct upipe *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	p->rd.pipe = p->wr.pipe = p;
	p->rd.open = p->wr.open = true;
	ufile_init(&p->rd.file, &rd_ops, &p->rd.wait);
	ufile_init(&p->wr.file, &wr_ops, &p->wr.wait);
	end[0] = &p->rd.file;
	end[1] = &p->wr.file;
	return 0;
}
