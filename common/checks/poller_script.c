/* SPDX-License-Identifier: MIT */
/*
 * A poller that is told what to report, and writes down what it is asked: so
 * the loop's order can be tested without the kernel having a say in it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/poller_test.h"
#include "util.h"

static struct {
	struct {
		int round;
		struct poller_event event;
	} reports[256];
	size_t count;
	int round;
	int wake_fd; /* the loop's own, the first that is added */
	const char *fail;
	int fail_errno;
	char log[4096];
	char shown[4096];
} script;

void script_reset(void)
{
	memset(&script, 0, sizeof(script));
	script.wake_fd = -1;
}

void script_report(int round, int fd, unsigned int ready)
{
	if (script.count == ARRAY_LEN(script.reports))
		abort();
	script.reports[script.count].round = round;
	script.reports[script.count].event.fd = fd;
	script.reports[script.count++].event.ready = ready;
}

void script_fail(const char *name, int err)
{
	script.fail = name;
	script.fail_errno = err;
}

const char *script_log(void)
{
	memcpy(script.shown, script.log, sizeof(script.shown));
	script.log[0] = '\0';
	return script.shown;
}

static void note(const char *fmt, ...)
{
	size_t len = strlen(script.log);
	va_list ap;

	if (len)
		len += (size_t)snprintf(script.log + len,
					sizeof(script.log) - len, ", ");
	va_start(ap, fmt);
	vsnprintf(script.log + len, sizeof(script.log) - len, fmt, ap);
	va_end(ap);
}

/* Whether the call NAME is to fail this time. */
static int result_of(const char *name)
{
	if (!script.fail || strcmp(name, script.fail) != 0)
		return 0;
	script.fail = NULL;
	errno = script.fail_errno;
	return -1;
}

static int change(const char *name, int fd, unsigned int interest)
{
	if (fd != script.wake_fd)
		note("%s %d%s%s%s%s", name, fd, interest ? " " : "",
		     interest & POLLER_READ ? "R" : "",
		     interest & POLLER_WRITE ? "W" : "",
		     interest & POLLER_RDHUP ? "D" : "");
	return result_of(name);
}

static int add(struct poller *p, int fd, unsigned int interest)
{
	(void)p;
	if (script.wake_fd < 0) {
		script.wake_fd = fd;
		return 0;
	}
	return change("add", fd, interest);
}

static int mod(struct poller *p, int fd, unsigned int interest)
{
	(void)p;
	return change("mod", fd, interest);
}

static int del(struct poller *p, int fd)
{
	(void)p;
	return change("del", fd, 0);
}

static int wait_for(struct poller *p, struct poller_event *events, int max,
		    int timeout_ms)
{
	int n = 0;

	(void)p;
	script.round++;
	note(timeout_ms > 0 ? "wait t" : "wait %d", timeout_ms);
	if (result_of("wait") < 0)
		return -1;
	for (size_t i = 0; i < script.count && n < max; i++)
		if (script.reports[i].round == script.round)
			events[n++] = script.reports[i].event;
	return n;
}

static struct poller *create(const struct poller_ops *ops)
{
	struct poller *p = calloc(1, sizeof(*p));

	if (p)
		p->ops = ops;
	return p;
}

static struct poller *level_create(size_t hint)
{
	(void)hint;
	return create(&poller_script_level);
}

static struct poller *edge_create(size_t hint)
{
	(void)hint;
	return create(&poller_script_edge);
}

static void destroy(struct poller *p)
{
	free(p);
}

#define SCRIPT_OPS .destroy = destroy, .add = add, .mod = mod, .del = del

const struct poller_ops poller_script_level = {
	.name = "script-level",
	.create = level_create,
	.wait = wait_for,
	SCRIPT_OPS,
};

const struct poller_ops poller_script_edge = {
	.name = "script-edge",
	.flags = POLLER_EDGE,
	.create = edge_create,
	.wait = wait_for,
	SCRIPT_OPS,
};
