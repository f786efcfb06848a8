/* SPDX-License-Identifier: MIT */
/*
 * uepoll_script - the small language of epoll-scope, the fuzzer and the tests.
 *
 *	# one operation a line
 *	stream a b		a socket pair; the names hold descriptors
 *	pipe r w		r reads, w writes
 *	counter c 0		an event counter, and its first value
 *	file f			a regular file (/dev/null stands for it)
 *	epoll e
 *	dup a a2
 *	add e a IN|OUT|ET	epoll_ctl; the event's data is the name, a
 *	mod e a IN
 *	del e a
 *	ctl e a 9		an op that does not exist
 *	write b 5		bytes; for a counter, what to add (or "max")
 *	read a 100		at most so many bytes
 *	shut a wr		rd, wr or rdwr
 *	close a			the name still holds the number, as in C
 *	wait e 4		epoll_wait, at most 4 events, timeout 0
 *	wait e 4 during 1 write b 5	... and while event 1 is copied out, this
 *	items e			the interest list, by descriptor
 *	thread t e 4		thread t sleeps in epoll_wait on e
 *	note TEXT		for the reader
 *
 * "=> RESULT" behind an operation is what it must answer. Results look so:
 *
 *	3 4			new descriptors
 *	5			what the call returned
 *	-1 EAGAIN		it failed
 *	2 a:IN b:IN|HUP		two events
 *	1 a:IN / 5		one event; and the operation meanwhile gave 5
 *	asleep			thread found nothing
 *	0; t 1 a:IN		0; and then thread t came back with one event
 */
#ifndef UEPOLL_SCRIPT_H
#define UEPOLL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define USCRIPT_NAMES	 64
#define USCRIPT_NAME_LEN 15
#define USCRIPT_FDS	 64    /* descriptors that may be open at a time */
#define USCRIPT_EVENTS	 64    /* the largest maxevents */
#define USCRIPT_TEXT	 2048  /* the longest result or line */
#define USCRIPT_BYTES	 65536 /* the most that one read or write moves */

enum uverb {
	UV_STREAM,
	UV_PIPE,
	UV_COUNTER,
	UV_FILE,
	UV_EPOLL,
	UV_DUP,
	UV_ADD,
	UV_MOD,
	UV_DEL,
	UV_CTL,
	UV_WRITE,
	UV_READ,
	UV_SHUT,
	UV_CLOSE,
	UV_WAIT,
	UV_ITEMS,
	UV_THREAD,
	UV_NOTE,
	UV_VERBS
};

struct uop {
	enum uverb verb;
	int name[2]; /* indices of names, in the order written; -1: none */
	int thread;  /* name of the thread; -1: none */
	uint32_t mask;
	uint64_t n; /* the number: bytes, maxevents, how, first value, op */
	int during; /* inject while this event is copied, from 1; 0: not */
	enum uverb inject_verb; /* UV_WRITE, UV_READ or UV_SHUT */
	int inject_name;
	uint64_t inject_n;
	char *text;   /* of a note; NULL */
	char *expect; /* after "=>"; NULL: nothing expected */
	int line;
};

struct uscript {
	char name[USCRIPT_NAMES][USCRIPT_NAME_LEN + 1];
	int names;
	struct uop *op;
	size_t ops;
};

/*
 * Reads a script, text in UTF-8, from IN; FILE is what messages call it. 0, or
 * -1 after one line "FILE:LINE: what was expected" on ERRORS. Freed with
 * uscript_free(), also after an error.
 */
int uscript_read(struct uscript *s, FILE *in, const char *file, FILE *errors);

/*
 * Parses one line for a script that grows; *OP is set. 1: an operation, 0:
 * nothing but blanks or a comment, -1: ERROR has a line of at most SIZE bytes.
 */
int uscript_parse_line(struct uscript *s, const char *line, struct uop *op,
		       char *error, size_t size);

void uscript_append(struct uscript *s, const struct uop *op);
void uscript_free(struct uscript *s);
void uop_free(struct uop *op);

/* The index of NAME, which is added if it is new; -1 if the table is full. */
int uscript_name(struct uscript *s, const char *name);

/* How an operation is written: "add EPOLL NAME MASK". */
const char *uscript_usage(enum uverb verb);

/* The operation as a line of a script, without "=>". */
void uop_print(const struct uscript *s, const struct uop *op, char *out,
	       size_t size);

/* ------------------------------------------------------------- results */

/* Text that grows up to SIZE bytes and is always terminated. */
struct utext {
	char *at;
	size_t left;
};

void utext_add(struct utext *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The length of the first character of the LEN bytes at TEXT, which are UTF-8;
 * 0 if they do not begin with a character (RFC 3629, section 4), or with NUL.
 */
size_t utext_char(const char *text, size_t len);

/* "IN|ET"; "0" for none. Unknown bits in hex. */
void utext_mask(struct utext *t, uint32_t mask);

/* "5", or "-1 EAGAIN" if RET is negative, from ERR. */
void utext_ret(struct utext *t, long ret, int err);

/* One event or item of an answer. */
struct uevent {
	uint32_t mask;
	int name;
};

/* "2 a:IN b:OUT" */
void utext_events(struct utext *t, const struct uscript *s,
		  const struct uevent *event, int n);

struct epoll_event;

/* One verb, or a group of them: plays OP and adds the answer to T. */
typedef void uplay_fn(void *world, const struct uop *op, struct utext *t);

/* A player of scripts: the kernel, or uepoll. */
struct uplayer {
	const char *title;
	/* A fresh world; ends the program if it cannot be had. */
	void *(*open)(const struct uscript *s);
	void (*close)(void *world);
	void (*begin)(void *world); /* before each operation; or NULL */
	uplay_fn *play_open;	    /* verbs up to UV_DUP: make a file */
	/* Verbs up to UV_CTL: epoll_ctl with this code; -1 and errno. */
	int (*control)(void *world, int code, const struct uop *op,
		       struct epoll_event *ev);
	uplay_fn *play_simple; /* up to UV_CLOSE: what files do */
	uplay_fn *play_wait;
	uplay_fn *play_items;
	uplay_fn *play_thread;
	/* After each operation: lets threads run, adds what they came to. */
	void (*settle)(void *world, struct utext *t);
};

/* Plays OP; the answer, a line, goes to OUT of USCRIPT_TEXT bytes. */
void uplayer_play(const struct uplayer *player, void *world,
		  const struct uop *op, char *out);

extern const struct uplayer uplayer_uepoll; /* uepoll_world.c */
extern const struct uplayer uplayer_kernel; /* uepoll_kernel.c */

/*
 * Can this process stop the kernel in the middle of a copy (userfaultfd(2))?
 * If not, "during" is answered "not possible here" by the kernel's player.
 */
bool uplayer_kernel_can_inject(void);

#endif
