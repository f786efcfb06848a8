/* SPDX-License-Identifier: MIT */
/*
 * Strict: a value is understood whole or refused, and what is refused is shown
 * without its control characters.
 */
#include "option_values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "number.h"
#include "util.h"

#define SHOWN_MAX 80

/* TEXT as a terminal may see it. */
static const char *shown(const char *text)
{
	static char out[SHOWN_MAX + 4];
	size_t n = 0;

	for (; text[n] && n < SHOWN_MAX; n++)
		out[n] = text[n] >= 0x20 && text[n] < 0x7f ? text[n] : '?';
	strcpy(out + n, text[n] ? "..." : "");
	return out;
}

bool option_wrong(const char *name, const char *text, const char *want)
{
	fprintf(stderr, "bot: %s: '%s' is not %s\n", name, shown(text), want);
	return false;
}

bool option_size(const char *name, const char *text, size_t min, size_t max,
		 size_t *n)
{
	char want[64];

	if (number_parse(text, min, max, n) == 0)
		return true;
	snprintf(want, sizeof(want), "a number from %zu to %zu", min, max);
	return option_wrong(name, text, want);
}

bool option_count(const char *name, const char *text, uint64_t min,
		  uint64_t max, uint64_t *n)
{
	size_t size;

	if (!option_size(name, text, min, max, &size))
		return false;
	*n = size;
	return true;
}

/* Digits with at most one point among them, above 0 and up to MAX. */
static bool parse_decimal(const char *text, double max, double *value)
{
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;

	if (*rest == '.') {
		digits += strspn(++rest, "0123456789");
		rest += strspn(rest, "0123456789");
	}
	if (*rest || !digits)
		return false;
	*value = strtod(text, NULL);
	return *value > 0 && *value <= max;
}

bool option_seconds(const char *name, const char *text, int64_t *ns)
{
	double s;

	if (!parse_decimal(text, 1e6, &s))
		return option_wrong(name, text,
				    "a number of seconds above 0, up to "
				    "1000000");
	*ns = MAX((int64_t)(s * 1e9), (int64_t)1);
	return true;
}

bool option_rate(const char *name, const char *text, double *rate)
{
	return parse_decimal(text, 1e7, rate) ||
	       option_wrong(name, text, "a rate above 0, up to 10000000");
}

static size_t token_len(const char *text)
{
	size_t n = 0;

	while (text[n] && http_is(text[n], HTTP_TOKEN))
		n++;
	return n;
}

bool option_method(const char *name, const char *text)
{
	if (!*text || text[token_len(text)])
		return option_wrong(name, text, "a method");
	if (!strcmp(text, "CONNECT"))
		return option_wrong(name, text, "a method that bot can use");
	return true;
}

bool option_header(struct options *o, const char *text)
{
	size_t n = token_len(text);

	if (!n || text[n] != ':')
		return option_wrong("-H", text, "'Name: value'");
	for (const char *p = text + n; *p; p++)
		if (!http_is(*p, HTTP_VALUE))
			return option_wrong("-H", text,
					    "free of control characters");
	if (o->nheaders == OPTIONS_HEADERS_MAX)
		return option_wrong("-H", text, "among the first 64");
	o->headers[o->nheaders++] = (struct header){ { text, n }, text };
	return true;
}

/* All of FILE, which the caller frees. */
static char *read_file(const char *file, size_t *len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), error = 0;
	char *data = NULL;
	struct stat st;
	ssize_t n = 1;

	*len = 0;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		data = malloc(st.st_size + 1);
	else if (fd >= 0)
		error = EINVAL;
	while (data && n > 0 && *len < (size_t)st.st_size) {
		n = read(fd, data + *len, st.st_size - *len);
		*len += MAX(n, (ssize_t)0);
	}
	error = error ?: n < 0 || !data ? errno : 0;
	if (fd >= 0)
		close(fd);
	if (error) {
		free(data);
		data = NULL;
	}
	errno = error;
	return data;
}

bool option_data(struct options *o, const char *text)
{
	size_t len;

	free(o->data_file);
	o->data_file = NULL;
	if (*text != '@') {
		o->data = (struct slice){ text, strlen(text) };
		return true;
	}
	o->data_file = read_file(text + 1, &len);
	if (!o->data_file) {
		fprintf(stderr, "bot: --data: cannot read %s: %s\n",
			shown(text + 1), strerror(errno));
		return false;
	}
	o->data = (struct slice){ o->data_file, len };
	return true;
}

/* Cuts the next part off *TEXT, up to ":" or the end; brackets hold colons. */
static char *cut_part(const char **text)
{
	const char *p = *text, *end;
	char *part;

	if (!p)
		return NULL;
	end = *p == '[' ? strchr(p, ']') : p + strcspn(p, ":");
	if (*p == '[') {
		if (!end || (end[1] && end[1] != ':'))
			return NULL;
		part = strndup(p + 1, end - p - 1);
		end++;
	} else {
		part = strndup(p, end - p);
	}
	*text = *end ? end + 1 : NULL;
	return part;
}

static bool is_port(const char *text)
{
	size_t port;

	return text && (!*text || number_parse(text, 1, 65535, &port) == 0);
}

bool option_connect_to(struct options *o, const char *text)
{
	struct connect_to *c = &o->connect_to[o->nconnect_to];
	const char *rest = text;

	if (o->nconnect_to == OPTIONS_CONNECT_TO_MAX)
		return option_wrong("--connect-to", text, "among the first 64");
	o->nconnect_to++;
	c->host = cut_part(&rest);
	c->port = cut_part(&rest);
	c->host2 = cut_part(&rest);
	c->port2 = cut_part(&rest);
	if (!c->host || !is_port(c->port) || !c->host2 || !is_port(c->port2) ||
	    rest || strlen(c->host2) > 255)
		return option_wrong("--connect-to", text,
				    "HOST:PORT:HOST2:PORT2");
	return true;
}

int option_urls(struct options *o, char *const args[])
{
	const char *why;

	for (; *args; args++) {
		if (url_list_add(&o->urls, *args, &why) == 0)
			continue;
		fprintf(stderr, "bot: URL '%s': %s\n", shown(*args), why);
		return 2;
	}
	if (o->urls_file && url_list_read(&o->urls, o->urls_file) < 0) {
		fprintf(stderr, "bot: cannot read %s: %s\n",
			shown(o->urls_file), strerror(errno));
		return 2;
	}
	if (o->urls.bad && !o->keep_going)
		return 2;
	if (o->urls.count)
		return -1;
	fprintf(stderr, o->urls_file ? "bot: no good URL in the file\n"
				     : "bot: no URL; bot --help says more\n");
	return 2;
}
