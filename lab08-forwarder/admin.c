/* SPDX-License-Identifier: MIT */
/*
 * One rule keeps a client that never reads from costing more than one answer:
 * a command is taken up only when all that was answered before has left for
 * the kernel. take_up() is called after every event, and goes on until it has
 * to wait for something: a line, room, or its turn.
 *
 *	         "GET "                    the empty line
 *	BEGUN ----------> HTTP ------------------------------.
 *	  |                                                  |
 *	  | anything else, silence      quit, end, too long  v  flushed, SHUT_WR
 *	  '-------------> DIALOGUE -----------------------> LEAVING ---> closed
 *
 * LEAVING reads what still comes and throws it away: to close a socket with
 * bytes unread resets it, and the answer could be lost with that (tcp(7)).
 */
#include "admin.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

/* Commands of one connection before others have their turn. */
#define COMMANDS 16

#define BLANKS " \t"

enum { BEGUN, DIALOGUE, HTTP, LEAVING };

static void say(struct admin *a, const char *text)
{
	buf_append(&a->conn.out, text, strlen(text));
}

/* ---- the commands ---- */

/* How many words come after the command's own: so many, or 1 and more. */
enum { MANY = -1 };

static const struct command {
	const char *name; /* one or two words, parted by one blank */
	enum { RUN, HELP, QUIT } kind;
	enum admin_command command;
	int words;
	const char *rest; /* as help shows it */
	const char *done; /* what is ok or failed; NULL: what it shows is all */
} commands[] = {
	{ "ver", RUN, ADMIN_VER, 0, "", NULL },
	{ "?", HELP, 0, 0, "", NULL },
	{ "list rules", RUN, ADMIN_LIST_RULES, 0, "", NULL },
	{ "add rule", RUN, ADMIN_ADD_RULE, MANY, " RULE", "add forward rule" },
	{ "modify rule", RUN, ADMIN_MODIFY_RULE, MANY, " RULE",
	  "modify forward rule" },
	{ "remove rule", RUN, ADMIN_REMOVE_RULE, 1, " ID",
	  "remove forward rule" },
	{ "dump rules", RUN, ADMIN_DUMP_RULES, 0, "",
	  "dump all forward rules" },
	{ "list forwards", RUN, ADMIN_LIST_FORWARDS, 0, "", NULL },
	{ "clean forwards", RUN, ADMIN_CLEAN_FORWARDS, 0, "",
	  "clean forwards" },
	{ "list servers", RUN, ADMIN_LIST_SERVERS, 0, "", NULL },
	{ "enable", RUN, ADMIN_ENABLE, 1, " SERVER", "enable server" },
	{ "disable", RUN, ADMIN_DISABLE, 1, " SERVER", "disable server" },
	{ "drain", RUN, ADMIN_DRAIN, 1, " SERVER", "drain server" },
	{ "set weight", RUN, ADMIN_SET_WEIGHT, 2, " SERVER N", "set weight" },
	{ "stats", RUN, ADMIN_STATS, 0, "", NULL },
	{ "reload", RUN, ADMIN_RELOAD, 0, "", "reload" },
	{ "metrics", RUN, ADMIN_METRICS, 0, "", NULL },
	{ "quit", QUIT, 0, 0, "", NULL },
};

static void help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		buf_appendf(out, "%s%s\r\n", commands[i].name,
			    commands[i].rest);
}

static void run(struct admin *a, const struct command *c, const char *rest)
{
	struct buf *out = &a->conn.out;
	char why[ADMIN_WHY_MAX] = "";
	int failed;

	if (c->kind == HELP) {
		help(out);
		return;
	}
	failed = a->ops->run(a, c->command, rest, out, why);
	if (failed)
		buf_appendf(out, "%s failed[%s]\r\n",
			    c->done ? c->done : c->name, why);
	else if (c->done)
		buf_appendf(out, "%s ok\r\n", c->done);
}

/* ---- from a line to a command ---- */

/*
 * Whether TEXT begins with the words of NAME. Returns what is behind them, or
 * NULL.
 */
static const char *after_words(const char *text, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, " ");

		text += strspn(text, BLANKS);
		if (strncmp(text, name, len) != 0 ||
		    (text[len] && !strchr(BLANKS, text[len])))
			return NULL;
		text += len;
		name += len + (name[len] == ' ');
	}
	return text + strspn(text, BLANKS);
}

static int count_words(const char *text)
{
	int n = 0;

	for (; *text; n++) {
		text += strcspn(text, BLANKS);
		text += strspn(text, BLANKS);
	}
	return n;
}

static const struct command *find(const char *line, const char **rest)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];
		int words;

		*rest = after_words(line, c->name);
		if (!*rest)
			continue;
		words = count_words(*rest);
		if (words == c->words || (c->words == MANY && words >= 1))
			return c;
	}
	return NULL;
}

static void prompt(struct admin *a)
{
	say(a, "> ");
	a->prompted = true;
}

static void leave(struct admin *a)
{
	a->state = LEAVING;
}

/* Where the blanks begin that the string from LINE to END ends in. */
static char *before_blanks(char *line, char *end)
{
	while (end > line && strchr(BLANKS, end[-1]))
		end--;
	return end;
}

/* Where in LINE, a string of LEN bytes, the command ends: a ";" is none of it. */
static char *end_of_command(char *line, size_t len)
{
	char *end = before_blanks(line, line + len);

	if (end > line && end[-1] == ';')
		end = before_blanks(line, end - 1);
	return end;
}

/* LINE is a string of LEN bytes, and may hold NULs of its own. */
static void run_line(struct admin *a, char *line, size_t len)
{
	bool text = strlen(line) == len;
	char *end = text ? end_of_command(line, len) : line + len;
	char cut = *end;
	const struct command *c;
	const char *rest = line;

	*end = '\0';
	c = text ? find(line, &rest) : NULL;
	if (c && c->kind == QUIT) {
		leave(a);
		return;
	}
	if (!a->prompted)
		prompt(a);
	if (c) {
		run(a, c, rest);
	} else if (line[strspn(line, BLANKS)] || !text) {
		*end = cut;
		say(a, "command invalid [");
		buf_append(&a->conn.out, line, len);
		say(a, "]\r\n");
	}
	prompt(a);
}

/* Runs the command at the front of `in`, if all of its line is here. */
static bool next_line(struct admin *a)
{
	struct buf *in = &a->conn.in;
	char *line = buf_data(in);
	size_t n = buf_len(in);
	char *end = NULL;
	size_t len;

	if (n > a->seen)
		end = memchr(line + a->seen, '\n', n - a->seen);
	a->seen = n;
	if (!end && n <= ADMIN_LINE_MAX)
		return false;
	a->seen = 0;
	if (!end || end - line > ADMIN_LINE_MAX) {
		if (!a->prompted)
			prompt(a);
		say(a, "command invalid [line too long]\r\n");
		leave(a);
		return true;
	}
	len = (size_t)(end - line);
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	run_line(a, line, len);
	if (a->state == DIALOGUE)
		buf_consume(in, (size_t)(end + 1 - line));
	return true;
}

/* ---- HTTP ---- */

static void respond(struct admin *a, const char *status, struct buf *body)
{
	buf_appendf(&a->conn.out,
		    "HTTP/1.1 %s\r\n"
		    "Content-Type: text/plain; version=0.0.4\r\n"
		    "Content-Length: %zu\r\n"
		    "Connection: close\r\n\r\n",
		    status, buf_len(body));
	buf_append(&a->conn.out, buf_data(body), buf_len(body));
	buf_free(body);
	leave(a);
}

/* Whether the head at TEXT asks for /metrics. */
static bool wants_metrics(const char *text, size_t len)
{
	static const char path[] = "GET /metrics";
	const size_t n = sizeof(path) - 1;

	return len > n && memcmp(text, path, n) == 0 && text[n] &&
	       strchr(" ?\r\n", text[n]);
}

/* Answers the request, if all of its head is here. */
static bool next_request(struct admin *a)
{
	const char *head = buf_data(&a->conn.in);
	size_t n = MIN(buf_len(&a->conn.in), (size_t)ADMIN_LINE_MAX);
	char why[ADMIN_WHY_MAX];
	struct buf body;

	buf_init(&body, ADMIN_ANSWER_MAX / 2);
	if (memmem(head, n, "\n\r\n", 3) || memmem(head, n, "\n\n", 2)) {
		if (wants_metrics(head, n)) {
			a->ops->run(a, ADMIN_METRICS, "", &body, why);
			respond(a, "200 OK", &body);
		} else {
			buf_appendf(&body, "only /metrics is here\n");
			respond(a, "404 Not Found", &body);
		}
		return true;
	}
	if (buf_len(&a->conn.in) <= ADMIN_LINE_MAX)
		return false;
	buf_appendf(&body, "the head is too long\n");
	respond(a, "400 Bad Request", &body);
	return true;
}

/* ---- the connection ---- */

void admin_close(struct admin *a)
{
	loop_timer_stop(&a->timer);
	loop_fd_stop(&a->watch);
	conn_close(&a->conn);
	a->ops->closed(a);
}

/* The first bytes say what is spoken; a part of "GET " says nothing yet. */
static bool decide(struct admin *a)
{
	static const char get[] = "GET ";
	size_t n = MIN(buf_len(&a->conn.in), sizeof(get) - 1);

	if (n && memcmp(buf_data(&a->conn.in), get, n) != 0)
		a->state = DIALOGUE;
	else if (n == sizeof(get) - 1)
		a->state = HTTP;
	return a->state != BEGUN;
}

/* A client that has begun to write "GET " is not spoken to. */
static bool is_part_of_get(const struct admin *a)
{
	return a->state == BEGUN && buf_len(&a->conn.in);
}

/* Does the next thing that there is to do; false: wait. */
static bool take_up(struct admin *a)
{
	switch (a->state) {
	case BEGUN:
		return decide(a);
	case DIALOGUE:
		return next_line(a);
	case HTTP:
		return next_request(a);
	default:
		return false;
	}
}

/* How long the client may be silent; MOST: no longer, whatever its rule says. */
static int64_t patience_ms(const struct admin *a, int64_t most)
{
	return a->idle_ms ? MIN(a->idle_ms, most) : most;
}

/* Bytes that drip in do not move the end of a request. */
static void wait_for_head(struct admin *a)
{
	int64_t silent_ns = patience_ms(a, ADMIN_PATIENCE_MS) * 1000000;

	loop_timer_start_at(a->loop, &a->timer,
			    MIN(loop_now_ns(a->loop) + silent_ns,
				a->request_ends_ns));
}

/* What is to be waited for now, and for how long. */
static void wait_more(struct admin *a, bool again)
{
	bool full = conn_wants_write(&a->conn);
	unsigned int interest = full ? POLLER_WRITE : 0;

	/* Who asks to be called again wants READ for it, even after the end. */
	if (again || (!a->conn.eof && (a->state == LEAVING ||
				       buf_len(&a->conn.in) <= ADMIN_LINE_MAX)))
		interest |= POLLER_READ;
	loop_fd_modify(&a->watch, interest);
	if (again)
		loop_fd_again(&a->watch, interest);
	if (a->state == LEAVING && !full)
		loop_timer_start(a->loop, &a->timer, ADMIN_LEAVE_MS);
	else if (full)
		loop_timer_start(a->loop, &a->timer,
				 patience_ms(a, ADMIN_PATIENCE_MS));
	else if (a->state == HTTP || is_part_of_get(a))
		wait_for_head(a);
	else if (!a->prompted)
		loop_timer_start(a->loop, &a->timer, ADMIN_QUIET_MS);
	else if (a->idle_ms)
		loop_timer_start(a->loop, &a->timer, a->idle_ms);
	else
		loop_timer_stop(&a->timer);
}

/* Goes on with what is here. */
static void work(struct admin *a)
{
	bool more = true;
	int left = COMMANDS;

	while (!conn_wants_write(&a->conn) && more && left--) {
		more = take_up(a);
		if (conn_flush(&a->conn) < 0) {
			admin_close(a);
			return;
		}
	}
	/* At the client's end, what is left to do is what is left in `in`. */
	if (a->conn.eof && !more && !conn_wants_write(&a->conn)) {
		admin_close(a);
		return;
	}
	if (a->state == LEAVING && !a->conn.finishing &&
	    conn_finish(&a->conn) < 0) {
		admin_close(a);
		return;
	}
	wait_more(a, more && !conn_wants_write(&a->conn));
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct admin *a = CONTAINER_OF(watch, struct admin, watch);
	struct buf *in = &a->conn.in;
	enum conn_drained drained = CONN_DRAINED;

	if (a->state == LEAVING)
		buf_consume(in, buf_len(in));
	if ((ready & POLLER_READ) && !a->conn.eof &&
	    buf_len(in) <= ADMIN_LINE_MAX)
		drained = conn_drain(&a->conn, ADMIN_LINE_MAX);
	if (drained == CONN_LOST || conn_flush(&a->conn) < 0) {
		admin_close(a);
		return;
	}
	if (drained == CONN_MORE)
		loop_fd_again(watch, POLLER_READ);
	work(a);
}

static void on_timer(struct loop_timer *timer)
{
	struct admin *a = CONTAINER_OF(timer, struct admin, timer);

	if (a->prompted || a->state == HTTP || a->state == LEAVING ||
	    is_part_of_get(a)) {
		admin_close(a);
		return;
	}
	a->state = DIALOGUE;
	prompt(a);
	if (conn_flush(&a->conn) < 0) {
		admin_close(a);
		return;
	}
	work(a);
}

int admin_open(struct admin *a, struct loop *loop, const struct admin_ops *ops,
	       int fd, int64_t idle_ms)
{
	memset(a, 0, sizeof(*a));
	a->loop = loop;
	a->ops = ops;
	a->idle_ms = idle_ms;
	a->request_ends_ns =
		loop_now_ns(loop) + ADMIN_PATIENCE_MS * (int64_t)1000000;
	conn_init(&a->conn, fd, ADMIN_ANSWER_MAX);
	loop_fd_init(&a->watch, on_ready);
	loop_timer_init(&a->timer, on_timer);
	if (loop_fd_start(loop, &a->watch, fd, POLLER_READ) < 0) {
		conn_close(&a->conn);
		return -1;
	}
	loop_timer_start(loop, &a->timer, ADMIN_QUIET_MS);
	return 0;
}
