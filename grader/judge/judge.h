/* SPDX-License-Identifier: MIT */
/*
 * judge - what the graded tests are written with.
 *
 * A graded test never links what it grades. It starts the student's program,
 * or a small driver around one module, in a process of its own and judges
 * what comes out of it:
 *
 *	GRADED(serve, echoes_every_byte)
 *	{
 *		struct prog *srv = prog_start("echo-server", "--mode", "fork",
 *					      "--listen", "127.0.0.1:0");
 *		struct peer *c = peer_connect(srv);
 *
 *		peer_send(c, "hello", 5);
 *		peer_expect(c, "hello", 5);
 *		peer_half_close(c);
 *		peer_expect_eof(c);
 *		prog_stop(srv);
 *	}
 *
 * Every call writes a line into the test's trace. A call whose expectation
 * does not hold ends the test at once: the report says what was done, what was
 * expected, what came, and how to run this test again with the same seed. So
 * no call here returns an error, and a test has no error handling of its own.
 *
 * What goes wrong in the judge itself (no memory, no descriptor, no process)
 * ends the test as an infrastructure error, which never costs points.
 *
 * Everything that waits has a deadline: JUDGE_DEADLINE_MS, times the number in
 * the environment's JUDGE_SLACK (Valgrind and sanitizer runs set it higher).
 * It is for programs that do nothing: while one of them computes, or waits for
 * a processor on a busy machine, the test waits on, up to its own end.
 *
 * Programs and peers belong to the test and are ended with it, grandchildren
 * included. Only the test's own thread may call.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../outcome.h"

#define JUDGE_DEADLINE_MS 10000 /* for one expectation */
#define JUDGE_TEST_S	  120	/* for one test, before Criterion ends it */

/*
 * A graded test: in grading.ini its section is [test:SUITE/NAME]. It passes if
 * its end is reached, whatever programs still run then, unless one of them has
 * crashed. A Criterion assertion that fails in it (cr_assert and the like) is
 * OUTCOME_FAIL, but tells the student little: use judge_check().
 */
#define GRADED(suite, name)                                         \
	static void graded_##suite##_##name(void);                  \
	Test(suite, name, .init = judge_begin, .fini = judge_clean, \
	     .timeout = JUDGE_TEST_S)                               \
	{                                                           \
		graded_##suite##_##name();                          \
		judge_end();                                        \
	}                                                           \
	static void graded_##suite##_##name(void)

/* ------------------------------------------------------------- the test */

/* Set-up, end and tear-down of GRADED; not to be called otherwise. */
void judge_begin(void);
void judge_end(void);
void judge_clean(void);

/*
 * The test's seed: JUDGE_SEED if it is set, else random. It is part of the
 * reproduce line. judge_random() is a generator that starts from it;
 * judge_random_between() returns a number in [LO, HI].
 */
uint64_t judge_seed(void);
uint64_t judge_random(void);
size_t judge_random_between(size_t lo, size_t hi);

/* A line in the trace: what the test does now, for the reader's eyes. */
void judge_step(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * One of the `steps` that grading.ini has for this test is passed: should the
 * test fail further on, it earns their share of its points.
 */
void judge_step_passed(void);

/* Ends the test: EXPECTED and GOT are sentences for the student. */
_Noreturn void judge_fail(enum outcome outcome, const char *expected,
			  const char *got_fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * What is checked from now on is the check NAME, until another name or NULL is
 * given: if it fails, the student is told the title, promise and hints of the
 * section [check:NAME] in grading.ini instead of the test's own. The checks of
 * a program's end (prog_stop() and its kin) are checks of their own by
 * themselves: exit, processes, memory, descriptors. NAME is not copied.
 */
void judge_checking(const char *name);

/*
 * What is checked from now on holds to that promise of the test (or of the check
 * that judge_checking() names) which begins with WORDS, and it alone is told if
 * that fails; NULL: to any of them. WORDS are not copied. Returns those before.
 */
const char *judge_promise(const char *words);

/* Ends the test as OUTCOME_FAIL unless COND holds. */
#define judge_check(cond, expected, ...)                                 \
	do {                                                             \
		if (!(cond))                                             \
			judge_fail(OUTCOME_FAIL, expected, __VA_ARGS__); \
	} while (0)

/* Ends the test as an infrastructure error; errno's text is added. */
_Noreturn void judge_infra(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/*
 * Ends the test without a judgement: this machine does not allow what it needs.
 * NEEDED and the format are sentences. It costs no points and gives none.
 */
_Noreturn void judge_skip(const char *needed, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Goes on if a program may use io_uring(7) as Linux MAJOR.MINOR has it, else
 * judge_skip() with the reason.
 */
void judge_needs_uring(int major, int minor);

/*
 * Has this machine an IPv6 loopback? Not in many containers: what a test tries by
 * IPv6 it leaves out there, which the trace then says.
 */
bool judge_has_ipv6(void);

/*
 * Raises the limit of open descriptors, the test's and that of the programs which
 * it starts from then on, as far as it may be. Less than N is an infrastructure
 * error: the program under test would be blamed for it.
 */
void judge_needs_descriptors(size_t n);

/*
 * Waits until the expression COND is true, looking again every few
 * milliseconds, at most the deadline; then the test ends as OUTCOME_TIMEOUT
 * with WHAT as what was expected. WHAT is a whole clause in the present, which
 * goes on from "wait until": "no zombie is left", not "the zombies to go". For
 * conditions that only /proc shows; what arrives on a socket is waited for on
 * the socket.
 *
 * The second form says more when it fails: the format and its arguments, which
 * are evaluated only then, tell how it is instead, and go on with "after 10 s":
 *
 *	judge_until_detail(prog_threads(p) == 1, "one thread is left",
 *			   "%zu threads are there", prog_threads(p));
 */
#define judge_until(cond, what) judge_until_detail(cond, what, "not so")
#define judge_until_detail(cond, what, ...)                            \
	do {                                                           \
		int64_t until_ = judge_until_begin(what);              \
		while (!(cond))                                        \
			if (!judge_until_again(&until_))               \
				judge_until_failed(what, __VA_ARGS__); \
	} while (0)
int64_t judge_until_begin(const char *what);
/* Pauses; false when the time is over and the condition was looked at since. */
bool judge_until_again(int64_t *deadline_ms);
_Noreturn void judge_until_failed(const char *what, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ------------------------------------------------------ programs under test */

struct prog;

/*
 * Faults injected into a program (see grader/chaos/chaos.h). The numbers are
 * chances in percent; the fault sequence follows from the test's seed.
 */
struct chaos {
	unsigned int short_read; /* read, recv, readv: fewer bytes than asked */
	unsigned int short_write;   /* write, send, writev, sendmsg likewise */
	unsigned int eintr;	    /* blocking calls fail with EINTR first */
	unsigned int eintr_connect; /* connect, which then goes on behind */
	unsigned int eagain;	    /* non-blocking descriptors only */
	unsigned int econnaborted;  /* accept, accept4 */
	unsigned int emfile;	    /* accept, accept4; then socket as well */
	unsigned int fail_alloc;    /* the n-th malloc fails; 0: none */
	/*
	 * This signal comes right before the n-th call, from 1, of one of these
	 * functions, "accept+accept4"; or right behind the n-th that succeeds.
	 */
	int signal; /* 0: none */
	unsigned int signal_call;
	const char *signal_before;
	const char *signal_behind;
};

struct prog_opts {
	const struct chaos *chaos; /* NULL: none, and calls not counted */
	bool count_calls;	   /* count calls without any fault */
	/*
	 * Run under Valgrind: prog_stop() and prog_expect_exit() check what it
	 * reports on the program and its children: errors, definite leaks,
	 * children that crash, descriptors left open (not in a process that a
	 * signal has ended). Deadlines are five times as long. Programs built
	 * with a sanitizer run without.
	 */
	bool valgrind;
	size_t nofile;	      /* RLIMIT_NOFILE; 0: as it is */
	size_t nproc_mem_mib; /* RLIMIT_AS in MiB; 0: as it is */
	bool no_listen; /* a client or a driver: print no "listening on" line */
	bool keep_stdin; /* standard input is a pipe for prog_input() */
};

/*
 * Starts the program NAME of the lab under test (drivers are "drivers/NAME")
 * with the arguments given, and waits for its line "listening on HOST:PORT".
 * prog_spawn() is the full form; prog_start() has all options off and
 * prog_driver() starts a driver: no_listen and keep_stdin on.
 */
struct prog *prog_spawn(const struct prog_opts *opts, const char *name,
			const char *const args[]);
#define prog_start(...)	 prog_startv((const char *[]){ __VA_ARGS__, NULL })
#define prog_driver(...) prog_driverv((const char *[]){ __VA_ARGS__, NULL })
#define prog_start_opts(opts, ...) \
	prog_start_optsv(opts, (const char *[]){ __VA_ARGS__, NULL })
struct prog *prog_startv(const char *const argv[]);
struct prog *prog_driverv(const char *const argv[]);
struct prog *prog_start_optsv(const struct prog_opts *opts,
			      const char *const argv[]);

/* What the program said it listens on, "127.0.0.1:40123" */
const char *prog_address(const struct prog *p);
int prog_port(const struct prog *p);
pid_t prog_pid(const struct prog *p);

/* Sends a line (a newline is added) to the program's standard input. */
void prog_input(struct prog *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void prog_input_bytes(struct prog *p, const void *data, size_t len);
void prog_close_stdin(struct prog *p);

/*
 * The next line of standard output, without its newline; valid until the next
 * call. The test ends if the program ends or is silent until the deadline.
 * prog_line_for() says more then: EXPECTED is what the line was to tell, and why
 * it has to come.
 */
const char *prog_line(struct prog *p);
const char *prog_line_for(struct prog *p, const char *expected);

/* The next line must be exactly this. */
void prog_expect_line(struct prog *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A command for a driver: prog_ask() sends the line, and the next line must be
 * WANT; prog_answer() sends the line and returns the next one, as prog_line().
 */
void prog_ask(struct prog *p, const char *want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
const char *prog_answer(struct prog *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * SAID, a line that P has said, must be WANT: where it decides what the check is
 * about (judge_checking(), judge_promise()) before it is one.
 */
void prog_said(struct prog *p, const char *said, const char *want);

/* All of standard output up to its end must be these bytes. */
void prog_expect_output(struct prog *p, const void *data, size_t len);

/* What came on standard error so far, as text. */
const char *prog_errors(struct prog *p);

/*
 * The program hears of it behind all that was sent to it before. One that is built
 * with ThreadSanitizer gets it, as in prog_stop(), when it sleeps, or after 2 s:
 * what comes just before accept(2) would wait there for a client.
 */
void prog_signal(struct prog *p, int sig);

/*
 * SIGSTOP, and waits until the program, with all its threads, has stopped and
 * what it has sent is there: what is done to it until prog_resume() it meets all
 * at once.
 */
void prog_pause(struct prog *p);

/*
 * Whether all its threads sleep: what it did about the last thing that it was told
 * is done, and prog_pause() does not find it half-way.
 */
bool prog_sleeps(struct prog *p);

/* SIGCONT. */
void prog_resume(struct prog *p);

/*
 * SIGTERM; the program must end with status 0 before the deadline, with no
 * process of its left and, under Valgrind, with a clean report.
 */
void prog_stop(struct prog *p);

/* The program must end by itself with this status; checks as prog_stop(). */
void prog_expect_exit(struct prog *p, int status);

/* No more input, and the program must end with status 0: a driver's end. */
void prog_finish(struct prog *p);

/*
 * The program must be killed by signal SIG, or have been: for SIGKILL after
 * prog_signal(), or SIGABRT for a program that has to refuse. Nothing else is
 * checked but that no process is left.
 */
void prog_expect_signal(struct prog *p, int sig);

/* The program must be running still. For the end of a hostile test. */
void prog_expect_alive(struct prog *p);
/* Whether it is: for a wait that would be in vain. */
bool prog_is_alive(struct prog *p);

/* ---- what the kernel says about a running program (proc(5)) ---- */

size_t prog_descriptors(struct prog *p); /* open descriptors */
size_t prog_threads(struct prog *p);
size_t prog_children(struct prog *p);  /* descendants that run */
size_t prog_zombies(struct prog *p);   /* descendants that are zombies */
int64_t prog_cpu_ms(struct prog *p);   /* user and system time so far */
int64_t prog_switches(struct prog *p); /* voluntary context switches */
size_t prog_rss_kib(struct prog *p);   /* anonymous resident memory */

/*
 * Waits, as judge_until() does, until none of the program's descendants runs
 * any more; or until each that has ended was waited for as well. A failure
 * says how many still run and how many are zombies.
 */
void prog_expect_no_children(struct prog *p);
void prog_expect_no_zombies(struct prog *p);

/*
 * The program has at most MORE KiB above BEFORE, an earlier prog_rss_kib();
 * else the test ends as OUTCOME_LEAK. Not asked of a program with a sanitizer
 * built in, which keeps freed memory for a while.
 */
void prog_expect_rss(struct prog *p, size_t before_kib, size_t more_kib);

/*
 * How often the program and its children called the function named, in libc,
 * since they started; needs .chaos or .count_calls. Known names are those in
 * grader/chaos/chaos.h.
 */
uint64_t prog_calls(struct prog *p, const char *function);
/* The same, counting only the calls that failed with EAGAIN. */
uint64_t prog_calls_eagain(struct prog *p, const char *function);
/* Only those made short, or failed, by fault injection. */
uint64_t prog_calls_faulty(struct prog *p, const char *function);
/* All that chaos.fail_alloc counts: malloc, calloc, realloc, aligned ones. */
unsigned int prog_allocations(struct prog *p);

/* --------------------------------------------------------------- the wire */

struct peer;

/* A TCP connection to the program. Blocking for the test, never for ever. */
struct peer *peer_connect(struct prog *p);

/*
 * The same with SO_RCVBUF set to BYTES (2 KiB or more) before connecting, and
 * SO_SNDBUF fixed at BYTES or 256 KiB, whichever is more: so that little fits
 * on the way back, for slow readers. Segments are an eighth of BYTES at most,
 * in both directions, so that whatever the window is, it has room for some:
 * once the test reads on, the program can send on at once, a MiB in some ten
 * milliseconds (4 KiB) or less.
 */
struct peer *peer_connect_small(struct prog *p, int bytes);

/*
 * A connection that may be refused, or never answered because the backlog is
 * full: NULL then, and errno is ECONNREFUSED, ECONNRESET or ETIMEDOUT (which
 * takes the whole deadline).
 */
struct peer *peer_try_connect(struct prog *p);

/* The socket, to wait on or to set options; the judge closes it. */
int peer_fd(const struct peer *c);

void peer_send(struct peer *c, const void *data, size_t len);
void peer_sendf(struct peer *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* One byte a segment (TCP_NODELAY), to show that a stream has no messages. */
void peer_send_bytewise(struct peer *c, const void *data, size_t len);
/* Sends until the socket takes no more now; the number of bytes taken. */
size_t peer_send_until_full(struct peer *c);
/* N of them at once, until none takes more; TOTAL has the numbers. */
void peers_send_until_full(struct peer *const c[], size_t n, size_t total[]);
/* Whether all that was sent is where the program can read it: acknowledged. */
bool peer_has_arrived(const struct peer *c);

/*
 * What comes next, whatever it is: the number of its bytes, MAX at most; 0 at EOF,
 * -1 after a RST. If nothing comes the test ends, with what was EXPECTED.
 */
ssize_t peer_next(struct peer *c, void *buf, size_t max, const char *expected);
void peer_expect(struct peer *c, const void *data, size_t len);
void peer_expectf(struct peer *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Reads up to and with the next newline; returned without it; 4 KiB at most. */
const char *peer_line(struct peer *c);
void peer_expect_eof(struct peer *c);
/* EOF or ECONNRESET: the server is rid of this connection. */
void peer_expect_closed(struct peer *c);

/*
 * Sends LEN random bytes (from the seed) and reads at the same time as many
 * back, which must be the same. At the first difference the report names the
 * offset and shows the bytes around it.
 */
void peer_exchange(struct peer *c, size_t len);

/* shutdown(SHUT_WR): we have nothing more to say but still listen. */
void peer_half_close(struct peer *c);
/* Closes with a RST (SO_LINGER 0). */
void peer_reset(struct peer *c);
void peer_close(struct peer *c);

/*
 * The other way round: the test listens, and the program (a client, a
 * forwarder) connects. ADDRESS is numeric, "127.0.0.1:0" or "[::1]:0"; what
 * was bound is peer_listener_address(). Until it is closed the kernel accepts
 * connections, even if nobody calls peer_accept().
 */
struct peer_listener;
struct peer_listener *peer_listen(const char *address);
/* The same for slow readers: BYTES as peer_connect_small() takes them. */
struct peer_listener *peer_listen_small(const char *address, int bytes);
const char *peer_listener_address(const struct peer_listener *l);
int peer_listener_port(const struct peer_listener *l);
/* The next connection; the test ends if none comes before the deadline. */
struct peer *peer_accept(struct peer_listener *l);
void peer_listener_close(struct peer_listener *l);

/* LEN random bytes from the seed; malloc'd, owned by the test. */
void *judge_bytes(size_t len);

#endif
