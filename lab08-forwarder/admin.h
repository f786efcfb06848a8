/* SPDX-License-Identifier: MIT */
/*
 * admin - the management port: a dialogue of lines, and HTTP for those who
 * collect metrics.
 *
 *	                       "GET " first
 *	               .---------------------------> HTTP: one answer, the end
 *	   admin_open -|
 *	               '---------------------------> dialogue --- quit, end ---> closed
 *	                anything else, or 100 ms without a byte
 *
 * The dialogue. The prompt is "> "; it is sent with the first answer (before
 * it), or once nothing has arrived for ADMIN_QUIET_MS, and then after each
 * answer but the one to a line that is too long. quit and the end of what the
 * client sends have no answer, and bring no prompt. So the bytes that a client
 * sees depend only on what it sends, and on a pause at the beginning. A command
 * is a line that ends in LF or CR LF; blanks and tabs around its words do not
 * count, nor does one ";" behind the last of them, and an empty one has an empty
 * answer. Every line of an answer ends in CR LF, those of metrics in LF.
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
 * and likewise. Anything else, such as too many or too few words or a NUL among
 * them, is "command invalid [LINE]" with the line as it came, without its end.
 *
 * Commands that came in one go are answered in their order, each whole; one
 * that came in pieces is answered when its end is here. At the end of what the
 * client sends, the answers that are due are still sent, and a last line
 * without its end is no command. While answers wait to be read, no further
 * command is taken up and, with ADMIN_LINE_MAX bytes waiting, nothing is read:
 * a client that never reads costs one answer of memory. A line of more than
 * ADMIN_LINE_MAX bytes before its LF is answered "command invalid [line too
 * long]", and the connection closed.
 *
 * A connection that is to be closed, behind quit, a line that is too long or an
 * answer of HTTP, is shut down for writing. What the client still sends is read
 * and thrown away until it ends as well, or is silent for ADMIN_LEAVE_MS: to
 * close a socket with bytes unread resets it, and an answer under way would be
 * lost (tcp(7)).
 *
 * HTTP. A part of "GET " says nothing yet, and silence after it is no dialogue.
 * GET of /metrics (a query behind it does not matter) is answered 200
 * with Content-Type "text/plain; version=0.0.4", GET of any other path 404, a
 * head that does not end within ADMIN_LINE_MAX bytes 400: with Content-Length
 * and "Connection: close", when the empty line is here; then the connection is
 * closed, so that the client gets all of it. A request line without a version
 * ("GET /metrics") is answered likewise when the empty line is here. A head that
 * the client's end cuts off is not answered.
 *
 * A connection belongs to the thread of its loop.
 */
#ifndef LAB08_ADMIN_H
#define LAB08_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "conn.h"
#include "loop.h"

#define ADMIN_QUIET_MS	 100
#define ADMIN_LINE_MAX	 65536
#define ADMIN_ANSWER_MAX (64u << 20) /* bytes of one answer */
/* How long an answer may make no way, or an HTTP request may take, at most. */
#define ADMIN_PATIENCE_MS 60000
#define ADMIN_LEAVE_MS	  2000

struct admin;

#define ADMIN_WHY_MAX 512

/* What can be asked for; "?" and quit are admin.c's own. */
enum admin_command {
	ADMIN_VER,
	ADMIN_LIST_RULES,
	ADMIN_ADD_RULE,
	ADMIN_MODIFY_RULE,
	ADMIN_REMOVE_RULE,
	ADMIN_DUMP_RULES,
	ADMIN_LIST_FORWARDS,
	ADMIN_CLEAN_FORWARDS,
	ADMIN_LIST_SERVERS,
	ADMIN_ENABLE,
	ADMIN_DISABLE,
	ADMIN_DRAIN,
	ADMIN_SET_WEIGHT,
	ADMIN_STATS,
	ADMIN_RELOAD,
	ADMIN_METRICS,
};

/* What the commands do: given. */
struct admin_ops {
	/*
	 * Does COMMAND for A. ARGUMENT is what stands behind the command's own words,
	 * without the ";" and blanks at either end; "" if nothing does. Those
	 * that show something append whole lines to OUT; the others append
	 * nothing.
	 *
	 * Returns 0; or -1, with the reason in WHY (ADMIN_WHY_MAX bytes).
	 * ADMIN_METRICS never fails.
	 */
	int (*run)(struct admin *a, enum admin_command command,
		   const char *argument, struct buf *out, char *why);
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
	int64_t idle_ms;
	int64_t request_ends_ns; /* the head of HTTP is here by then, or never */
	size_t seen;		 /* bytes of `in` without a line end */
	unsigned char state;
	bool prompted; /* the first prompt is sent, or due no more */
};

/*
 * Talks with FD, a connected non-blocking stream socket, which is *A's from now
 * on. After IDLE_MS milliseconds in which no byte moves it is closed; 0: silence
 * is no reason. *A stays where it is until ops->closed(). Neither run() nor
 * closed() is called from within here; nothing is read yet.
 *
 * Returns 0, or -1 with errno as loop_fd_start() says: FD is closed then.
 */
int admin_open(struct admin *a, struct loop *loop, const struct admin_ops *ops,
	       int fd, int64_t idle_ms);

/* Closes it at once. ops->closed() is called from within. */
void admin_close(struct admin *a);

#endif
