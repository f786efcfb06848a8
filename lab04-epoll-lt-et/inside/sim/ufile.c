/* SPDX-License-Identifier: MIT */
/*
 * What all simulated files share, and the simplest of them: the regular file,
 * which has no poll, so that no epoll takes it.
 */
#include "ufile.h"

#include <stdlib.h>

#include "uepoll.h"

uint64_t ufile_polls;

void ufile_init(struct ufile *file, const struct ufile_ops *ops,
		struct uwait_queue *wait)
{
	static uint32_t last_id;

	file->ops = ops;
	file->refs = 1;
	file->id = ++last_id;
	file->wait = wait;
	if (wait)
		uwait_init(wait);
	LIST_INIT(&file->watchers);
}

void ufile_get(struct ufile *file)
{
	file->refs++;
}

void ufile_put(struct ufile *file)
{
	if (--file->refs > 0)
		return;
	uepoll_forget(file);
	file->ops->release(file);
}

uint32_t ufile_poll(struct ufile *file)
{
	ufile_polls++;
	return file->ops->poll(file);
}

static ssize_t plain_read(struct ufile *file, size_t len, uint64_t *value)
{
	(void)file, (void)len, (void)value;
	return 0;
}

static ssize_t plain_write(struct ufile *file, uint64_t len)
{
	(void)file;
	return (ssize_t)len;
}

static void plain_release(struct ufile *file)
{
	free(file);
}

static const struct ufile_ops plain_ops = {
	.kind = "file",
	.read = plain_read,
	.write = plain_write,
	.release = plain_release,
};

struct ufile *uplain_new(void)
{
	struct ufile *file = calloc(1, sizeof(*file));

	if (file)
		ufile_init(file, &plain_ops, NULL);
	return file;
}
