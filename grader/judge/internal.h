/* SPDX-License-Identifier: MIT */
/*
 * internal - what the judge's own files share. Tests include judge.h only.
 *
 *	judge.c    a test's life: begin, deadlines, fail, end
 *	report.c   the trace, and the report on it
 *	sink.c     writing text and JSON with nothing but write(2)
 *	excerpt.c  bytes, statuses and differences as text
 *	pattern.c  random numbers and bytes from the seed
 *	paths.c    where the programs are, and a private folder
 *	wait.c     the one place that waits
 *	launch.c   from options to a running process
 *	prog.c     starting programs; who is running
 *	stop.c     ending them, and what must be gone by then
 *	output.c   standard output and error; input.c: standard input
 *	peer.c     connections
 *	wire.c     bytes on them; exchange.c: in both directions at once
 *	between.c  connections by address, and from the program; across.c: bytes
 *	           from one to another
 *	procfs.c   /proc; proc.c: what the tests ask of it
 *	calls.c    fault injection and the call counters
 *	sanitizer.c what a sanitizer in the program reported
 *	valgrind.c its command line and its logs
 */
#ifndef JUDGE_INTERNAL_H
#define JUDGE_INTERNAL_H

#include <stdio.h>

#include "addr.h"
#include "judge.h"

#define PROGS_MAX	   64
#define VALGRIND_SLACK	   5
#define STDERR_KEEP	   (64 * 1024)
#define STDOUT_KEEP	   (64 * 1024 * 1024)
#define SETTLE_MS	   50	/* for a dying program to be dead */
#define LEFT_OVER_MS	   2000 /* for its children to be gone as well */
#define ANSWERED_MS	   2000 /* for bytes from a driver that has answered */
#define JUDGE_TEST_SPARE_S 10	/* we give up so long before Criterion does */

struct chaos_table;

/* What came through a pipe and was not asked for yet: data[start, len). */
struct output {
	char *data;
	size_t start, len, cap;
	bool lost;	/* more came than is kept */
	size_t scanned; /* no newline before this */
};

/* A process seen before the program was stopped: it must go too. */
struct seen {
	pid_t pid;
	unsigned long long start; /* clock ticks since boot: no mix-ups */
};

struct prog {
	struct prog_opts opts;
	struct chaos chaos;
	char *title; /* the command line, for the trace */
	const char *name;
	pid_t pid;
	int pidfd;	  /* -1: it has ended */
	int in, out, err; /* our ends of the pipes, or -1 */
	struct output output, errors;
	int status;	       /* as of waitpid(2), once pidfd is -1 */
	uint64_t signals_sent; /* bit N: signal N was the test's doing */
	bool end_checked;      /* its end was wanted, and looked at */
	bool asked;	       /* its output is what is waited for */
	char address[80];
	int port;
	struct addr to; /* where peers connect to */
	struct seen *seen;
	size_t nseen;
	struct chaos_table *table;
	char *table_path;
	unsigned int number; /* the how-maniest of this test */
};

struct peer {
	struct prog *prog; /* NULL if the other end is no one special */
	int fd;
	unsigned int number;
	uint64_t sent, received;
	size_t start, len; /* bytes read ahead: buf[start, len) */
	char buf[4096];
	char line[4097];
};

/* ---- judge.c ---- */

/* When what is waited for from now on must have come, as of clock_ms(). */
int64_t judge_deadline(void);
/* MS milliseconds from now, stretched by the slack; the test's end at most. */
int64_t judge_deadline_in(int64_t ms);
/* The deadline in force, in words: "10 s". */
const char *judge_deadline_text(void);
/* How long ago BEGIN_MS was: "2 s". */
const char *judge_since_text(int64_t begin_ms);
void judge_slack_at_least(double factor);
/* ---- paths.c ---- */

/* $JUDGE_BIN and $JUDGE_CHAOS, or where they are beside this test binary. */
const char *judge_bin(void);
const char *judge_chaos(void);
/* A private folder of this test, made at the first call. */
const char *judge_tmp(void);
/* Takes it away again. */
void judge_remove_tmp(void);
/* malloc and friends that end the test when there is no memory. */
void *judge_alloc(size_t size);
char *judge_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- report.c ---- */

void report_begin(void);
void report_step(const char *fmt, va_list ap);
/* Writes $JUDGE_REPORT, or prints for a reader. Async-signal-safe. */
void report_write(enum outcome outcome, const char *expected, const char *got,
		  const char *errors, size_t errors_len);
/* Whether that has been done. */
bool report_done(void);
const char *outcome_name(enum outcome outcome);

/* ---- sink.c: all of it async-signal-safe ---- */

/* A little buffer in front of write(2). */
struct sink {
	int fd;
	bool failed;
	size_t len;
	char buf[4096];
};

void sink_flush(struct sink *s);
void sink_put(struct sink *s, const char *data, size_t len);
void sink_text(struct sink *s, const char *text);
void sink_number(struct sink *s, uint64_t n);
/* A JSON string; bytes that are not UTF-8 become U+FFFD. */
void sink_json(struct sink *s, const char *text, size_t len);

/* ---- excerpt.c: text in one of a few static buffers, good for one line ---- */

/* The first bytes of DATA: "text\n" or 00 ff 7f, and "..." if cut. */
const char *excerpt(const void *data, size_t len);
/* A line of output as it is, if it can be shown so: drivers escape by themselves. */
const char *excerpt_line(const char *line);
/* "exit status 3", "killed by SIGSEGV (Segmentation fault)" */
const char *status_text(int status);
const char *signal_name(int sig);
/* What is wrong at offset AT of two byte strings that differ there. */
const char *difference(const void *want, size_t want_len, const void *got,
		       size_t got_len, size_t at, uint64_t base);
size_t first_difference(const void *a, const void *b, size_t len);

/* ---- pattern.c ---- */

struct pattern {
	uint64_t state;
	uint64_t word;
	unsigned int left; /* bytes of word not handed out yet */
};

void pattern_begin(struct pattern *p);
void pattern_fill(struct pattern *p, void *buf, size_t len);

/* ---- wait.c ---- */

enum wake {
	WAKE_DEADLINE, /* the time is over */
	WAKE_FD,       /* the descriptor is ready */
	WAKE_PROG,     /* a program wrote something, or ended */
};

/*
 * Waits for EVENTS on FD (-1: for none), and meanwhile takes what the programs
 * write, so that none is ever blocked by a test that looks elsewhere.
 */
enum wake judge_wait(int fd, short events, int64_t deadline_ms);
/* The same, but back only for the descriptor or the deadline. */
bool judge_wait_fd(int fd, short events, int64_t deadline_ms);
/* Takes what is there now. */
void judge_pump(void);

/* ---- launch.c ---- */

/* Starts ARGV with OPTS and sets pid, pidfd and the pipes. */
void launch(struct prog *p, char *const argv[], char *const envp[]);
/* Our environment without what is the judge's or Criterion's. */
char **launch_environment(const char *const extra[]);

/* ---- prog.c ---- */

extern struct prog *progs[PROGS_MAX];
extern size_t nprogs;
static inline bool prog_ended(const struct prog *p)
{
	return p->pidfd < 0;
}
/* Looks whether it has ended, and takes note of how. */
void prog_reap(struct prog *p);
/* No program runs, nor any process that one has left: nothing will happen. */
bool progs_all_gone(void);
/*
 * A driver that has answered, sleeps, and has one thread: it does nothing more
 * by itself.
 */
bool prog_has_answered(struct prog *p);

/* ---- stop.c ---- */

/* Died of a signal that is nobody's wish, or a sanitizer stopped it. */
bool prog_crashed(struct prog *p);
/* Ends every process below this one, whatever it takes. */
void kill_all(void);
/* The part of that which a signal handler may do. */
void kill_groups(void);

/* ---- sanitizer.c ---- */

/*
 * Whether the program PATH has a sanitizer's runtime in it, or is a script that
 * runs it under Valgrind itself (selftest/races.sh). Asked only if the environment
 * has JUDGE_INSTRUMENTED, which grade sets for --bin: the ordinary build is the
 * student's, who could put the marks of one into a string.
 */
bool is_sanitized(const char *path);
/* "AddressSanitizer", or NULL: found in what it wrote to standard error. */
const char *prog_sanitizer(struct prog *p);
/* "AddressSanitizer: heap-buffer-overflow .../io.c:23 in read_full" */
const char *prog_sanitizer_summary(struct prog *p);

/* ---- output.c ---- */

/* Reads what is in the pipe now; closes it at its end. */
void output_pump(struct output *o, int *fd, size_t keep, bool tail);
/* The next line cut out of O and ended by NUL, or NULL. */
char *output_line(struct output *o, bool at_end);
/* "; io-driver has said: 3", of what nobody has asked for, or ""; malloc'd. */
char *output_unread(const struct prog *p);

/* ---- peer.c ---- */

struct peer *peer_new(struct prog *p, int fd);
/* Non-blocking, with TCP_NODELAY; BYTES as for peer_connect_small(), or 0. */
int peer_socket(int family, int bytes);
/* 0, or the errno that connecting failed with; ETIMEDOUT at the deadline. */
int peer_finish_connect(int fd, const struct addr *to);
int peer_listener_fd(const struct peer_listener *l);

/* ---- wire.c ---- */

/* As recv(2): a count, 0 at EOF, -1 with errno EAGAIN or ECONNRESET. */
ssize_t wire_take(struct peer *c, void *buf, size_t max);
/* As send(2), and errno is EAGAIN, EPIPE or ECONNRESET. */
ssize_t wire_give(struct peer *c, const void *data, size_t len);
/* Ends the test: instead of bytes came N, 0 or -1, after SO_FAR bytes. */
_Noreturn void wire_fail_at_end(struct peer *c, ssize_t n, const char *expected,
				uint64_t so_far);

/* ---- procfs.c ---- */

struct process {
	pid_t pid, parent, group, session;
	char state;
	char name[17];
	unsigned long long start;
	int64_t waited_ms; /* CPU time of children waited for */
};

/* All processes there are now; malloc'd. */
size_t procfs_scan(struct process **list);
/* Whether LIST[I] is PID or below it. */
bool procfs_below(const struct process *list, size_t n, size_t i, pid_t pid);

/* ---- calls.c ---- */

/* Fills ENV (of 4) with what makes libchaos work in P, if it is wanted. */
void calls_environment(struct prog *p, const char *path, const char *env[]);
/* P has said something, so libchaos must be at work in it by now. */
void calls_check(struct prog *p);

/* ---- valgrind.c ---- */

/* The command line in front of the program's, ended by NULL. */
const char *const *valgrind_argv(const struct prog *p);
/* Ends the test if Valgrind's logs of P and its children show anything. */
void valgrind_check(struct prog *p);
/* Valgrind itself has failed on P: nothing is known about the program. */
bool valgrind_gave_up(const struct prog *p);

#endif
