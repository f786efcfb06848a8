/* SPDX-License-Identifier: MIT */
/*
 * Another program may be writing what is read here. So the version is taken
 * first, then the content, and then the version once more: if it is the same,
 * all of the content is of that version.
 */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mime.h"
#include "path.h"

void file_release(struct file *f)
{
	if (!f || atomic_fetch_sub(&f->holds, 1) > 1)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->bytes);
	free(f);
}

/* Reads the whole content behind the head. A file that shrinks is EAGAIN. */
static int read_content(struct file *f)
{
	size_t size = f->version.size, n = 0;
	ssize_t got;

	while (n < size) {
		got = pread(f->fd, f->bytes + f->head_len + n, size - n, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EAGAIN;
			return -1;
		}
		n += got;
	}
	return 0;
}

bool file_has_changed(const struct file *f)
{
	struct stat st;

	return f->fd >= 0 && (fstat(f->fd, &st) < 0 ||
			      (uint64_t)st.st_size != f->version.size ||
			      st.st_mtim.tv_sec != f->mtime.tv_sec ||
			      st.st_mtim.tv_nsec != f->mtime.tv_nsec);
}

/* Prepares the head, and the content if the file is small. */
static int prepare(struct file *f, const struct stat *st,
		   const struct answer_policy *policy)
{
	const struct answer_head head = {
		.status = 200,
		.minor = 1,
		.keep_alive = true,
		.type = f->type,
		.encoding = encoding_name[f->encoding],
		.varies = f->encoding || f->compressed,
		.policy = policy,
		.length = st->st_size,
		.version = &f->version,
		.now = f->second,
	};
	bool small = st->st_size <= FILE_SMALL;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	condition_version(&f->version, st, &now);
	f->mtime = st->st_mtim;
	f->bytes = malloc(ANSWER_HEAD_MAX + (small ? st->st_size : 0));
	if (!f->bytes)
		return -1;
	f->head_len = answer_head_write(f->bytes, &head);
	if (!small)
		return 0;
	if (read_content(f) < 0)
		return -1;
	if (file_has_changed(f)) {
		errno = EAGAIN;
		return -1;
	}
	close(f->fd);
	f->fd = -1;
	return 0;
}

static int examine(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return 0;
	errno = S_ISDIR(st->st_mode) ? EISDIR : EACCES;
	return -1;
}

/* Opens what is beside NAME in that ENCODING. */
static int open_encoded(int root, const char *name, enum encoding encoding)
{
	char *text;
	int fd;

	if (!encoding)
		return path_open(root, name);
	if (asprintf(&text, "%s%s", name, encoding_ending[encoding]) < 0)
		return -1;
	fd = path_open(root, text);
	free(text);
	return fd;
}

/* Which encodings are there beside NAME, and not older than that (*ST)? */
static encodings find_compressed(int root, const char *name,
				 const struct stat *st)
{
	encodings found = 0;
	struct stat beside;

	for (enum encoding e = ENCODING_GZIP; e < ENCODINGS; e++) {
		int fd = open_encoded(root, name, e);

		if (fd < 0)
			continue;
		if (examine(fd, &beside) == 0 &&
		    beside.st_mtime >= st->st_mtime)
			found |= 1 << e;
		close(fd);
	}
	return found;
}

struct file *file_load(int root, const char *name, enum encoding encoding,
		       const struct answer_policy *policy, time_t now)
{
	size_t size = strlen(name) + 1;
	struct file *f = calloc(1, sizeof(*f) + size);
	struct stat st;
	int err;

	if (!f)
		return NULL;
	memcpy(f->name, name, size);
	atomic_init(&f->holds, 1);
	f->type = mime_type(name);
	f->second = now;
	f->encoding = encoding;
	f->fd = open_encoded(root, name, encoding);
	if (f->fd >= 0 && examine(f->fd, &st) == 0) {
		if (!encoding)
			f->compressed = find_compressed(root, name, &st);
		if (prepare(f, &st, policy) == 0)
			return f;
	}
	err = errno;
	file_release(f);
	errno = err;
	return NULL;
}
