/* SPDX-License-Identifier: MIT */
/*
 * An event counter, as fs/eventfd.c has it. A read takes the whole count, a
 * write adds to it. Both wake the watchers: a read with OUT (there is room
 * now), a write with IN, even a write of 0, which changes nothing.
 */
#include "ufile.h"

#include <errno.h>
#include <stdlib.h>

#include "util.h"

struct ucounter {
	struct ufile file;
	struct uwait_queue wait;
	uint64_t count;
};

static struct ucounter *to_counter(struct ufile *file)
{
	return CONTAINER_OF(file, struct ucounter, file);
}

static uint32_t counter_poll(struct ufile *file)
{
	uint64_t count = to_counter(file)->count;

	return (count > 0 ? EPOLLIN : 0) |
	       (count < UINT64_MAX - 1 ? EPOLLOUT : 0);
}

static ssize_t counter_read(struct ufile *file, size_t len, uint64_t *value)
{
	struct ucounter *c = to_counter(file);

	(void)len;
	if (c->count == 0) {
		errno = EAGAIN;
		return -1;
	}
	*value = c->count;
	c->count = 0;
	uwait_wake(&c->wait, EPOLLOUT, 1);
	return sizeof(c->count);
}

static ssize_t counter_write(struct ufile *file, uint64_t add)
{
	struct ucounter *c = to_counter(file);

	if (add == UINT64_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (add >= UINT64_MAX - c->count) {
		errno = EAGAIN;
		return -1;
	}
	c->count += add;
	uwait_wake(&c->wait, EPOLLIN, 1);
	return sizeof(c->count);
}

static void counter_release(struct ufile *file)
{
	free(to_counter(file));
}

static uint64_t counter_held(const struct ufile *file)
{
	return CONTAINER_OF(file, struct ucounter, file)->count;
}

static const struct ufile_ops counter_ops = {
	.kind = "counter",
	.poll = counter_poll,
	.read = counter_read,
	.write = counter_write,
	.held = counter_held,
	.release = counter_release,
};

struct ufile *ucounter_new(uint64_t count)
{
	struct ucounter *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	ufile_init(&c->file, &counter_ops, &c->wait);
	c->count = count;
	return &c->file;
}
