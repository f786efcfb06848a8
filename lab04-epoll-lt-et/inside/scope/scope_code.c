/* SPDX-License-Identifier: MIT */
/*
 * Two tables. The functions are those that INSIDE.md tells of: the entry, the
 * one that does the work, and what of epoll runs because of it.
 */
#include "scope_code.h"

#include <string.h>

#include "scope_files.h"
#include "util.h"

#define EPOLL "fs/eventpoll.c"
#define UNIX  "net/unix/af_unix.c"

/* A verb, and the kind of the file it is about; NULL: any. */
static const struct path {
	enum uverb verb;
	const char *kind;
	struct scope_call call[5];
} paths[] = {
	{ UV_STREAM, NULL, { { "unix_socketpair", UNIX } } },
	{ UV_PIPE, NULL, { { "create_pipe_files", "fs/pipe.c" } } },
	{ UV_COUNTER, NULL, { { "do_eventfd", "fs/eventfd.c" } } },
	{ UV_FILE, NULL, { { "do_filp_open", "fs/namei.c" } } },
	{ UV_EPOLL, NULL, { { "do_epoll_create", EPOLL } } },
	{ UV_DUP, NULL, { { "fd_install", "fs/file.c" } } },
	{ UV_ADD,
	  NULL,
	  { { "do_epoll_ctl", EPOLL },
	    { "ep_insert", EPOLL },
	    { "ep_item_poll", EPOLL },
	    { "ep_ptable_queue_proc", EPOLL } } },
	{ UV_MOD,
	  NULL,
	  { { "do_epoll_ctl", EPOLL },
	    { "ep_modify", EPOLL },
	    { "ep_item_poll", EPOLL } } },
	{ UV_DEL,
	  NULL,
	  { { "do_epoll_ctl", EPOLL }, { "ep_remove_safe", EPOLL } } },
	{ UV_CTL, NULL, { { "do_epoll_ctl", EPOLL } } },
	{ UV_WRITE,
	  "stream",
	  { { "unix_stream_sendmsg", UNIX },
	    { "sock_def_readable", "net/core/sock.c" } } },
	{ UV_WRITE, "pipe", { { "anon_pipe_write", "fs/pipe.c" } } },
	{ UV_WRITE, "counter", { { "eventfd_write", "fs/eventfd.c" } } },
	{ UV_WRITE, NULL, { { "vfs_write", "fs/read_write.c" } } },
	{ UV_READ,
	  "stream",
	  { { "unix_stream_read_generic", UNIX },
	    { "unix_write_space", UNIX } } },
	{ UV_READ, "pipe", { { "anon_pipe_read", "fs/pipe.c" } } },
	{ UV_READ, "counter", { { "eventfd_read", "fs/eventfd.c" } } },
	{ UV_READ, NULL, { { "vfs_read", "fs/read_write.c" } } },
	{ UV_SHUT, "stream", { { "unix_shutdown", UNIX } } },
	{ UV_SHUT, NULL, { { "__sys_shutdown", "net/socket.c" } } },
	{ UV_CLOSE, NULL, { { "filp_flush", "fs/open.c" } } },
	{ UV_WAIT,
	  NULL,
	  { { "do_epoll_wait", EPOLL },
	    { "ep_poll", EPOLL },
	    { "ep_send_events", EPOLL },
	    { "ep_done_scan", EPOLL } } },
	{ UV_ITEMS, NULL, { { "ep_show_fdinfo", EPOLL } } },
	{ UV_THREAD,
	  NULL,
	  { { "do_epoll_wait", EPOLL },
	    { "ep_poll", EPOLL },
	    { "__add_wait_queue_exclusive", "include/linux/wait.h" } } },
};

static void add(struct scope_call *call, int *n, const char *function,
		const char *source)
{
	if (*n < SCOPE_CALLS)
		call[(*n)++] = (struct scope_call){ function, source };
}

/* Did a file call that somebody listens to? */
static bool heard(void)
{
	const struct scope_wake *wake;
	int n = scope_wakes(&wake);

	for (int i = 0; i < n; i++)
		if (wake[i].heard)
			return true;
	return false;
}

/* Has somebody been woken? */
static bool woken(const struct scope_play *p)
{
	for (int i = 0; i < p->before.epolls; i++) {
		const struct scope_epoll *old = &p->before.epoll[i];
		const struct scope_epoll *new = scope_find(&p->after, old->id);

		if (new &&new->waiters < old->waiters)
			return true;
	}
	return false;
}

/* The last descriptor of a file is gone if the name's items went with it. */
static void add_release(struct scope_call *call, int *n,
			const struct scope_play *p)
{
	for (int i = 0; i < p->before.epolls; i++) {
		const struct scope_epoll *old = &p->before.epoll[i];
		const struct scope_epoll *new = scope_find(&p->after, old->id);

		if (!new) {
			add(call, n, "ep_eventpoll_release", EPOLL);
			return;
		}
		if (new->nr_items < old->nr_items) {
			add(call, n, "eventpoll_release_file", EPOLL);
			return;
		}
	}
}

int scope_calls(struct scope_call *call, const struct scope_play *p,
		const struct uop *op, const char *answer)
{
	const struct path *path = NULL;
	bool refused = !strncmp(answer, "-1 ", 3);
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(paths) && !path; i++)
		if (paths[i].verb == op->verb &&
		    (!paths[i].kind ||
		     (p->kind && !strcmp(paths[i].kind, p->kind))))
			path = &paths[i];
	if (!path)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(path->call); i++)
		if (path->call[i].function && (!refused || i == 0))
			add(call, &n, path->call[i].function,
			    path->call[i].source);
	if (!strcmp(answer, "-1 ELOOP"))
		add(call, &n, "ep_loop_check", EPOLL);
	if (op->verb == UV_CLOSE && !refused)
		add_release(call, &n, p);
	if (heard())
		add(call, &n, "ep_poll_callback", EPOLL);
	if (woken(p))
		add(call, &n, "ep_autoremove_wake_function", EPOLL);
	return n;
}

/* -------------------------------------------------------------- the line */

/* "EPOLLIN | EPOLLET" */
static void add_mask(struct utext *t, uint32_t mask)
{
	char name[128];
	struct utext names = { name, sizeof(name) };

	if (mask)
		utext_mask(&names, mask);
	else
		utext_add(&names, "0");
	for (char *at = strtok(name, "|"); at; at = strtok(NULL, "|"))
		utext_add(t, "%s%s%s", at == name ? "" : " | ",
			  *at == '0' ? "" : "EPOLL", at);
}

static void add_open(struct utext *t, const struct uop *op, const char *a,
		     const char *b)
{
	if (op->verb == UV_STREAM)
		utext_add(t,
			  "socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, "
			  "fd); %s = fd[0]; %s = fd[1];",
			  a, b);
	else if (op->verb == UV_PIPE)
		utext_add(t,
			  "pipe2(fd, O_NONBLOCK); %s = fd[0]; %s = "
			  "fd[1];",
			  a, b);
	else if (op->verb == UV_COUNTER)
		utext_add(t, "%s = eventfd(%llu, EFD_NONBLOCK);", a,
			  (unsigned long long)op->n);
	else if (op->verb == UV_FILE)
		utext_add(t, "%s = open(\"file\", O_RDWR);", a);
	else if (op->verb == UV_EPOLL)
		utext_add(t, "%s = epoll_create1(0);", a);
	else
		utext_add(t, "%s = dup(%s);", b, a);
}

static void add_ctl(struct utext *t, const struct uop *op, const char *a,
		    const char *b)
{
	static const char *const name[] = {
		[UV_ADD] = "EPOLL_CTL_ADD", [UV_MOD] = "EPOLL_CTL_MOD"
	};

	if (op->verb == UV_DEL) {
		utext_add(t, "epoll_ctl(%s, EPOLL_CTL_DEL, %s, NULL);", a, b);
		return;
	}
	if (op->verb == UV_CTL) {
		utext_add(t, "epoll_ctl(%s, %llu, %s, &event);", a,
			  (unsigned long long)op->n, b);
		return;
	}
	utext_add(t, "epoll_ctl(%s, %s, %s, &(struct epoll_event){ ", a,
		  name[op->verb], b);
	add_mask(t, op->mask);
	utext_add(t, ", { .fd = %s } });", b);
}

static void add_simple(struct utext *t, enum uverb verb, const char *name,
		       uint64_t n, bool counter)
{
	static const char *const how[] = { "SHUT_RD", "SHUT_WR", "SHUT_RDWR" };

	if (verb == UV_CLOSE)
		utext_add(t, "close(%s);", name);
	else if (verb == UV_SHUT)
		utext_add(t, "shutdown(%s, %s);", name, how[n]);
	else if (counter && verb == UV_WRITE)
		utext_add(t, "write(%s, &(uint64_t){ %llu }, 8);", name,
			  (unsigned long long)n);
	else
		utext_add(t, "%s(%s, buf, %llu);",
			  verb == UV_WRITE ? "write" : "read", name,
			  (unsigned long long)n);
}

static bool holds_counter(const struct scope_play *p, int name)
{
	const struct ufile *file =
		usys_file(&p->world->sys, p->world->fd[name]);

	return file && !strcmp(file->ops->kind, "counter");
}

void scope_code(char *code, size_t size, const struct scope_play *p,
		const struct uop *op)
{
	const char *a = op->name[0] >= 0 ? p->script->name[op->name[0]] : "";
	const char *b = op->name[1] >= 0 ? p->script->name[op->name[1]] : "";
	struct utext t = { code, size };

	code[0] = '\0';
	if (op->verb <= UV_DUP)
		add_open(&t, op, a, b);
	else if (op->verb <= UV_CTL)
		add_ctl(&t, op, a, b);
	else if (op->verb <= UV_CLOSE)
		add_simple(&t, op->verb, a, op->n,
			   p->kind && !strcmp(p->kind, "counter"));
	else if (op->verb == UV_ITEMS)
		utext_add(&t, "open(\"/proc/self/fdinfo/%d\", O_RDONLY);",
			  p->world->fd[op->name[0]]);
	else
		utext_add(&t, "n = epoll_wait(%s, events, %llu, %d);", a,
			  (unsigned long long)op->n,
			  op->verb == UV_WAIT ? 0 : -1);
	if (!op->during)
		return;
	utext_add(&t, " /* while event %d is copied: ", op->during);
	add_simple(&t, op->inject_verb, p->script->name[op->inject_name],
		   op->inject_n, holds_counter(p, op->inject_name));
	utext_add(&t, " */");
}
