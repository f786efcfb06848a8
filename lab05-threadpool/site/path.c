/* SPDX-License-Identifier: MIT */
/*
 * Decoding before splitting would be a hole: "%2F" would become a separator
 * that a proxy in front did not see. So this splits the path at its real
 * slashes first, decodes each segment by itself, and only then compares it
 * with "." and "..", however they were written.
 */
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
#define TRIES	   8

static int fail(int err)
{
	errno = err;
	return -1;
}

/* The byte that the three at P stand for, -1 if they do not. */
static int decode_triplet(const char *p, size_t len)
{
	if (len < 3 || http_hex(p[1]) < 0 || http_hex(p[2]) < 0)
		return -1;
	return http_hex(p[1]) << 4 | http_hex(p[2]);
}

/*
 * Decodes the segment S to OUT, where two bytes more than it gives must fit
 * into SIZE; returns its length.
 */
static ssize_t decode_segment(struct slice s, char *out, size_t size)
{
	size_t n = 0;
	int c;

	for (size_t i = 0; i < s.len; i++) {
		c = (unsigned char)s.p[i];
		if (c == '%') {
			c = decode_triplet(s.p + i, s.len - i);
			i += 2;
		}
		if (c <= 0)
			return fail(EINVAL);
		if (c == '/')
			return fail(ENOENT);
		if (n + 3 > size)
			return fail(ENAMETOOLONG);
		out[n++] = c;
	}
	return n;
}

/* The length of NAME, N bytes that end in "/", without its last segment. */
static size_t parent(const char *name, size_t n)
{
	for (n--; n && name[n - 1] != '/'; n--)
		;
	return n;
}

int path_decode(struct slice path, char *name, size_t size)
{
	const char *p = path.p, *end = path.p + path.len, *slash;
	size_t n = 0; /* of name so far: empty, or it ends in "/" */
	ssize_t len;

	if (size < 3)
		return fail(ENAMETOOLONG);
	if (p < end && *p != '/')
		return fail(EINVAL);
	while (p < end) {
		p++;
		slash = memchr(p, '/', end - p) ?: end;
		len = decode_segment((struct slice){ p, slash - p }, name + n,
				     size - n);
		p = slash;
		if (len < 0)
			return -1;
		if (len == 2 && name[n] == '.' && name[n + 1] == '.') {
			if (!n)
				return fail(EINVAL);
			n = parent(name, n);
		} else if (len && !(len == 1 && name[n] == '.')) {
			n += len;
			if (p < end)
				name[n++] = '/';
		}
	}
	if (!n)
		name[n++] = '.';
	name[n] = '\0';
	return 0;
}

char *path_encode(char *p, const char *name)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *name; name++) {
		unsigned char c = *name;

		if (c == '/' || c == ':' || http_is(c, HTTP_HOST)) {
			*p++ = c;
			continue;
		}
		*p++ = '%';
		*p++ = hex[c >> 4];
		*p++ = hex[c & 15];
	}
	return p;
}

int path_open_root(const char *dir)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* O_PATH asks for no right to what is in it. */
	if (fd >= 0 && faccessat(fd, ".", X_OK, AT_EACCESS) < 0) {
		int err = errno;

		close(fd);
		return fail(err);
	}
	return fd;
}

static int open_walk(int root, const char *name, int flags);

/* Opens NAME below ROOT with FLAGS. */
static int open_beneath(int root, const char *name, int flags)
{
	const struct open_how how = {
		.flags = flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	/* EAGAIN: a rename came between, so the kernel is not sure. */
	for (int i = 0; i < TRIES; i++) {
		fd = syscall(SYS_openat2, root, name, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* A sandbox that does not know the call says EPERM. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_walk(root, name, flags);
	return fd;
}

/* Opens the segment of NAME that ends at offset LEN, below DIR. */
static int open_segment(int dir, const char *name, size_t len, int flags)
{
	char segment[NAME_MAX + 1];

	if (len > NAME_MAX)
		return fail(ENAMETOOLONG);
	if (len == 2 && !memcmp(name, "..", 2))
		return fail(EXDEV);
	memcpy(segment, name, len);
	segment[len] = '\0';
	return openat(dir, segment, flags | O_NOFOLLOW);
}

/* The same, segment by segment. */
static int open_walk(int root, const char *name, int flags)
{
	int dir = root, next, err;
	size_t len;

	if (*name == '/')
		return fail(EXDEV);
	for (;; name += len) {
		name += strspn(name, "/");
		len = strcspn(name, "/");
		if (!name[len])
			break;
		next = open_segment(dir, name, len,
				    O_PATH | O_DIRECTORY | O_CLOEXEC);
		err = errno;
		if (dir != root)
			close(dir);
		if (next < 0)
			return fail(err);
		dir = next;
	}
	next = len ? open_segment(dir, name, len, flags)
		   : openat(dir, ".", flags);
	err = errno;
	if (dir != root)
		close(dir);
	return next < 0 ? fail(err) : next;
}

/* OPEN for reading. What refuses that may still be a directory to enter. */
static int open_file(int (*open)(int root, const char *name, int flags),
		     int root, const char *name)
{
	int fd = open(root, name, OPEN_FLAGS), dir;
	bool enter;

	if (fd >= 0 || errno != EACCES)
		return fd;
	dir = open(root, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return fail(EACCES);
	enter = faccessat(dir, ".", X_OK, AT_EACCESS) == 0;
	close(dir);
	return fail(enter ? EISDIR : EACCES);
}

int path_open(int root, const char *name)
{
	return open_file(open_beneath, root, name);
}

int path_open_walk(int root, const char *name)
{
	return open_file(open_walk, root, name);
}

int path_status(int err)
{
	switch (err) {
	case EINVAL:
		return 400;
	case EACCES:
	case EPERM:
	case ELOOP:
	case EXDEV:
		return 403;
	case ENOENT:
	case EISDIR: /* in the place of an index */
	case ENOTDIR:
	case ENAMETOOLONG:
	case ENXIO: /* a socket, or a device without a driver */
		return 404;
	case EAGAIN: /* it was moved about all the time */
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return 503;
	default:
		return 500;
	}
}
