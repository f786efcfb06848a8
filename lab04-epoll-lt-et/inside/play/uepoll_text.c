/* SPDX-License-Identifier: MIT */
/*
 * How results read. Both players write them with these functions only, so
 * that two answers are the same exactly if their texts are.
 */
#include "uepoll_script.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "uepoll_mask.h"
#include "util.h"

static const struct bit {
	const char *name;
	uint32_t bit;
} bits[] = {
	{ "IN", EPOLLIN },
	{ "PRI", EPOLLPRI },
	{ "OUT", EPOLLOUT },
	{ "RDNORM", EPOLLRDNORM },
	{ "RDBAND", EPOLLRDBAND },
	{ "WRNORM", EPOLLWRNORM },
	{ "WRBAND", EPOLLWRBAND },
	{ "RDHUP", EPOLLRDHUP },
	{ "ERR", EPOLLERR },
	{ "HUP", EPOLLHUP },
	{ "EXCLUSIVE", EPOLLEXCLUSIVE },
	{ "ONESHOT", EPOLLONESHOT },
	{ "ET", EPOLLET },
};

int umask_parse(const char *text, uint32_t *mask)
{
	*mask = 0;
	if (!strcmp(text, "0"))
		return 0;
	if (!strncmp(text, "0x", 2)) {
		char *end;

		*mask = (uint32_t)strtoul(text, &end, 16);
		return *end || end == text + 2 ? -1 : 0;
	}
	for (;;) {
		size_t len = strcspn(text, "|");
		uint32_t found = 0;

		for (size_t i = 0; i < ARRAY_LEN(bits); i++)
			if (strlen(bits[i].name) == len &&
			    !strncmp(text, bits[i].name, len))
				found = bits[i].bit;
		if (!found)
			return -1;
		*mask |= found;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

void utext_add(struct utext *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->at, t->left, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->left)
		n = t->left ? (int)t->left - 1 : 0;
	t->at += n;
	t->left -= (size_t)n;
}

/* RFC 3629: what may follow the first byte of two, three or four. */
size_t utext_char(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t n = 1;

	if (!len || !c[0] || (c[0] >= 0x80 && c[0] < 0xc2) || c[0] > 0xf4)
		return 0;
	if (c[0] >= 0xc2)
		n = 2 + (c[0] >= 0xe0) + (c[0] >= 0xf0);
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* not longer than needed, no surrogate, not above U+10FFFF */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return n;
}

void utext_mask(struct utext *t, uint32_t mask)
{
	const char *bar = "";

	if (!mask)
		utext_add(t, "0");
	for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
		if (!(mask & bits[i].bit))
			continue;
		utext_add(t, "%s%s", bar, bits[i].name);
		mask &= ~bits[i].bit;
		bar = "|";
	}
	if (mask)
		utext_add(t, "%s0x%x", bar, mask);
}

void utext_ret(struct utext *t, long ret, int err)
{
	if (ret >= 0)
		utext_add(t, "%ld", ret);
	else
		utext_add(t, "-1 %s", strerrorname_np(err));
}

void utext_events(struct utext *t, const struct uscript *s,
		  const struct uevent *event, int n)
{
	utext_add(t, "%d", n);
	for (int i = 0; i < n; i++) {
		utext_add(t, " %s:", s->name[event[i].name]);
		utext_mask(t, event[i].mask);
	}
}
