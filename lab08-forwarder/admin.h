/* SPDX-License-Identifier: MIT */
/*
 * admin - the management port: a dialogue of lines, and HTTP for those who
 * collect metrics.
 *
 *	                       "GET " first
 *	               .---------------------------> HTTP: one answer, the end
 *	   admin_open -|
 *	               '---------------------------> dialogue --- quit, end ---> closed
 *	                anything else, or 100 ms of silence
 *
 * The dialogue. The prompt is "> "; it is sent with the first answer (before
 * it), or once nothing has arrived for ADMIN_QUIET_MS, and then after each
 * answer. So the bytes that a client sees depend only on what it sends. A
 * command is a line that ends in LF or CR LF; blanks and tabs around its words
 * do not count, and an empty one has an empty answer. Every line of an answer
 * ends in CR LF, those of metrics in LF.
 *
 *	ver				version and build
 *	?				the commands
 *	list rules			a line a rule, numbered
 *	add rule RULE			"add forward rule ok"
 *	modify rule RULE		"modify forward rule ok"
 *	remove rule ID			"remove forward rule ok"
 *	dump rules			"dump all forward rules ok"
 *	list forwards			a line a connection, numbered
 *	clean forwards			"clean forwards ok"
 *	list servers
 *	enable|disable|drain SERVER	"enable server ok", ...
 *	set weight SERVER N		"set weight ok"
 *	stats
 *	reload				"reload ok"
 *	metrics
 *	quit				no answer: the connection is closed
 *
 * What fails says "add forward rule failed[REASON]", "reload failed[REASON]"
 * and likewise. Anything else, such as too many or too few words, is "command
 * invalid [LINE]" with the line as it came, without its end.
 *
 * Commands that came in one go are answered in their order, each whole; one
 * that came in pieces is answered when its end is here. At the end of what the
 * client sends, the answers that are due are still sent, and a last line
 * without its end is no command. While answers wait to be read, no further
 * command is taken up and, with ADMIN_LINE_MAX bytes waiting, nothing is read:
 * a client that never reads costs one answer of memory. A line of more than
 * ADMIN_LINE_MAX bytes is answered "command invalid [line too long]", and the
 * connection closed.
 *
 * HTTP. GET of /metrics (a query behind it does not matter) is answered 200
 * with Content-Type "text/plain; version=0.0.4", GET of any other path 404, a
 * head that does not end within ADMIN_LINE_MAX bytes 400: with Content-Length
 * and "Connection: close", when the empty line is here; then the connection is
 * closed, so that the client gets all of it. A request line without a version
 * ("GET /metrics") is answered likewise when the empty line is here.
 *
 * A connection belongs to the thread of its loop.
 */
#ifndef LAB08_ADMIN_H
#define LAB08_ADMIN_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "conn.h"
#include "loop.h"

#define ADMIN_QUIET_MS	 100
#define ADMIN_LINE_MAX	 65536
#define ADMIN_ANSWER_MAX (64u << 20) /* bytes of one answer */
/* How long one answer may make no way, or an HTTP request may take. */
#define ADMIN_PATIENCE_MS 60000

struct admin;

/*
 * What the commands do: given. TEXT, ID, SERVER are strings of what stood in
 * the line; the functions append whole lines to OUT. Those that return int
 * return 0, or -1 with WHY (ADMIN_WHY_MAX bytes) filled; an OUT that is full or
 * without memory is said by buf's own functions, and cuts the answer.
 */
#define ADMIN_WHY_MAX 256
enum admin_order { ADMIN_ENABLE, ADMIN_DISABLE, ADMIN_DRAIN };

struct admin_ops {
	const char *version; /* the answer to ver, without its line end */
	void (*list_rules)(struct buf *out);
	void (*list_forwards)(struct buf *out);
	void (*list_servers)(struct buf *out);
	void (*stats)(struct buf *out);
	void (*metrics)(struct buf *out);
	int (*add_rule)(const char *text, char *why);
	int (*modify_rule)(const char *text, char *why);
	int (*remove_rule)(const char *id, char *why);
	int (*dump_rules)(char *why);
	int (*clean_forwards)(char *why);
	int (*reload)(char *why);
	int (*order)(const char *server, enum admin_order order, char *why);
	int (*set_weight)(const char *server, const char *number, char *why);
	/* A is closed and no longer in the loop; the owner frees it. */
	void (*closed)(struct admin *a);
};

/* Fields are admin.c's. */
struct admin {
	struct loop *loop;
	const struct admin_ops *ops;
	struct conn conn;
	struct loop_fd watch;
	struct loop_timer timer; /* for the prompt, or for patience */
	size_t seen;		 /* bytes of `in` without a line end */
	unsigned char state;
	bool prompted; /* the first prompt is sent, or due no more */
};

/*
 * Talks with FD, a connected non-blocking stream socket, which is *A's from now
 * on. *A stays where it is until ops->closed(), which is not called from
 * within here.
 *
 * Returns 0, or -1 with errno as loop_fd_start() says: FD is closed then.
 */
int admin_open(struct admin *a, struct loop *loop, const struct admin_ops *ops,
	       int fd);

/* Closes it at once. ops->closed() is called from within. */
void admin_close(struct admin *a);

#endif
