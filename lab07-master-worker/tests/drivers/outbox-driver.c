/* SPDX-License-Identifier: MIT */
/*
 * Drives one outbox, in front of a socket that holds little. See script.h for
 * the form of it.
 *
 *	expect			outbox_expect(): the number, or the errno's name
 *	answer SEQ CODE SIZE	outbox_answer() with a packet of that code and
 *				SIZE bytes
 *	reply CODE SIZE		outbox_reply()
 *	send			outbox_send(); how often it calls send(2), if that
 *				is too often
 *	interrupt		the next send(2) fails with EINTR
 *	fail ERRNO		the next send(2) fails with that
 *	take N			reads all that is there, N bytes at most: the
 *				codes of the packets that have come whole since
 *				the last "take"; "wrong" if their bytes are
 *	show			oldest next owed behind queued, blocked?, empty?
 *	clear			outbox_clear()
 *	next-client		the same, and another pair of sockets
 *	hang-up			closes the other end
 *	held			bytes of memory that are held
 *	no-memory N, memory	the N-th call that takes memory fails, and those
 *				after it; it is given again
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "memory.h"
#include "outbox.h"
#include "script.h"

#define SOCKET_ROOM 8192
#define PACKET_MAX  30000

static struct outbox box;
static int ends[2]; /* the outbox sends to the first */
static size_t have; /* bytes that were read, of a packet's beginning */

static unsigned int sends;
static bool interrupted;
static int failure; /* the errno */

ssize_t __real_send(int fd, const void *data, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t n, int flags);

ssize_t __wrap_send(int fd, const void *data, size_t n, int flags)
{
	if (interrupted) {
		interrupted = false;
		errno = EINTR;
		return -1;
	}
	sends++;
	if (failure) {
		errno = failure;
		failure = 0;
		return -1;
	}
	return __real_send(fd, data, n, flags);
}

static unsigned char filler(unsigned int code, size_t at)
{
	return (unsigned char)(code * 7 + at);
}

/* A packet by its length and code; its checksum is nobody's concern here. */
static size_t make(unsigned char *p, unsigned int code, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = filler(code, i);
	p[0] = (unsigned char)(size >> 8);
	p[1] = (unsigned char)size;
	p[2] = (unsigned char)(code >> 8);
	p[3] = (unsigned char)code;
	return size;
}

static int answer(uint64_t sequence, unsigned int code, size_t size)
{
	static unsigned char p[PACKET_MAX + 8];
	int result;

	make(p, code, size);
	result = sequence ? outbox_answer(&box, sequence, p, size)
			  : outbox_reply(&box, p, size);
	memset(p, 0xee, size);
	return result;
}

/* The packet at P is whole: is it as make() made it? */
static int is_right(const unsigned char *p, size_t size)
{
	unsigned int code = (unsigned int)(p[2] << 8 | p[3]);

	for (size_t i = 4; i < size; i++)
		if (p[i] != filler(code, i))
			return 0;
	return 1;
}

static void open_ends(void)
{
	static const int room = SOCKET_ROOM;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) < 0)
		exit(2);
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	have = 0;
}

static void take(size_t n)
{
	static unsigned char got[PACKET_MAX + SCRIPT_LINE];
	static char words[SCRIPT_LINE];
	size_t at = 0, from = 0, want = have + n;

	while (have < want && have < sizeof(got)) {
		ssize_t more =
			recv(ends[1], got + have,
			     (want < sizeof(got) ? want : sizeof(got)) - have,
			     MSG_DONTWAIT);

		if (more <= 0)
			break;
		have += (size_t)more;
	}
	words[0] = '\0';
	while (have - from >= 8) {
		const unsigned char *p = got + from;
		size_t size = (size_t)(p[0] << 8 | p[1]);

		if (size > have - from)
			break;
		if (size < 8 || !is_right(p, size)) {
			script_say("wrong bytes");
			exit(1);
		}
		at += (size_t)sprintf(words + at, "%s%d", at ? " " : "",
				      p[2] << 8 | p[3]);
		from += size;
	}
	memmove(got, got + from, have - from);
	have -= from;
	script_say("%s", at ? words : "-");
}

static void send_once(void)
{
	unsigned int allowed = outbox_blocked(&box) ? 1 : 0;
	int result;

	sends = 0;
	result = outbox_send(&box, ends[0]);
	if (sends > allowed)
		script_say("%u calls of send(2)", sends);
	else
		script_say("%s", script_result(result));
}

static void show(void)
{
	script_say("%ju %ju %zu %zu %zu %s %s", (uintmax_t)box.oldest,
		   (uintmax_t)box.next, box.owed, box.behind, box.queued,
		   outbox_blocked(&box) ? "blocked" : "free",
		   outbox_empty(&box) ? "empty" : "busy");
}

static void expect(void)
{
	uint64_t sequence = outbox_expect(&box);

	if (sequence)
		script_say("%ju", (uintmax_t)sequence);
	else
		script_say("%s", strerrorname_np(errno));
}

static int errno_of(const char *name)
{
	for (int e = 1; e < 200; e++)
		if (strerrorname_np(e) && !strcmp(strerrorname_np(e), name))
			return e;
	exit(2);
}

static void obey_memory(const struct script *s)
{
	if (script_is(s, "held")) {
		script_say("%zu", memory_held());
		return;
	}
	if (script_is(s, "no-memory"))
		memory_fail((unsigned long)script_number(s, 1));
	else if (script_is(s, "memory"))
		memory_mend();
	else
		script_unknown(s);
	script_say("ok");
}

static void obey(const struct script *s)
{
	unsigned int code = (unsigned int)script_number(s, 2);

	if (script_is(s, "expect")) {
		expect();
	} else if (script_is(s, "answer")) {
		script_say("%s", script_result(answer(
					 (uint64_t)script_number(s, 1), code,
					 (size_t)script_number(s, 3))));
	} else if (script_is(s, "reply")) {
		code = (unsigned int)script_number(s, 1);
		script_say("%s",
			   script_result(answer(0, code,
						(size_t)script_number(s, 2))));
	} else if (script_is(s, "send")) {
		send_once();
	} else if (script_is(s, "interrupt")) {
		interrupted = true;
		script_say("ok");
	} else if (script_is(s, "fail")) {
		failure = errno_of(s->word[1]);
		script_say("ok");
	} else if (script_is(s, "take")) {
		take((size_t)script_number(s, 1));
	} else if (script_is(s, "show")) {
		show();
	} else if (script_is(s, "clear")) {
		outbox_clear(&box);
		script_say("ok");
	} else if (script_is(s, "next-client")) {
		outbox_clear(&box);
		close(ends[0]);
		close(ends[1]);
		open_ends();
		script_say("ok");
	} else if (script_is(s, "hang-up")) {
		close(ends[1]);
		script_say("ok");
	} else {
		obey_memory(s);
	}
}

int main(void)
{
	struct script s;

	open_ends();
	memset(&box, 0xee, sizeof(box));
	outbox_init(&box);
	while (script_read(&s))
		obey(&s);
	outbox_clear(&box);
	return 0;
}
