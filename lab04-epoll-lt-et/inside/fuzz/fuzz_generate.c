/* SPDX-License-Identifier: MIT */
/*
 * Most operations must make sense, or a run is all EBADF; some must not. So
 * the generator keeps track of which names are open and what they are, and
 * picks a wrong one now and then. It does not know what the operations will
 * answer: that is for the players.
 */
#include "fuzz_generate.h"

#include <string.h>
#include <sys/epoll.h>

#include "util.h"

#define THREAD_OPS 60 /* each waits until the thread sleeps or is done */

enum kind { STREAM, READER, WRITER, COUNTER, PLAIN, EPOLL, KINDS };

struct generator {
	struct uscript *script;
	uint64_t state;
	bool inject;
	struct {
		enum kind kind;
		bool open;
	} name[USCRIPT_NAMES];
	int open;      /* names that are */
	bool threads;  /* a script with a thread that sleeps ... */
	bool sleeping; /* ... from now on */
	/* the script's character */
	unsigned int max_open, epolls, dups, edge, oneshot, exclusive, nest;
};

uint64_t fuzz_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned int below(struct generator *g, unsigned int n)
{
	return (unsigned int)(fuzz_random(&g->state) % n);
}

static bool chance(struct generator *g, unsigned int percent)
{
	return below(g, 100) < percent;
}

static int count(const struct generator *g, enum kind kind)
{
	int n = 0;

	for (int i = 0; i < g->script->names; i++)
		n += g->name[i].open && g->name[i].kind == kind;
	return n;
}

/* A name for a new descriptor: one that is closed, or a new one. */
static int new_name(struct generator *g, enum kind kind)
{
	static const char letter[] = "srwcfe";
	int i, used = 0;
	char text[USCRIPT_NAME_LEN + 1];

	for (i = 0; i < g->script->names; i++) {
		if (g->name[i].kind != kind)
			continue;
		if (!g->name[i].open && chance(g, 50))
			break;
		used++;
	}
	if (i == g->script->names) {
		snprintf(text, sizeof(text), "%c%d", letter[kind], used);
		i = uscript_name(g->script, text);
		if (i < 0)
			return -1;
	}
	g->name[i].kind = kind;
	g->name[i].open = true;
	g->open++;
	return i;
}

/* A name that is open, of KIND or (KINDS) of any; sometimes a stale one. */
static int pick(struct generator *g, enum kind kind)
{
	int tries = 64, names = g->script->names;

	while (names && tries--) {
		int i = (int)below(g, (unsigned int)names);

		if (kind != KINDS && g->name[i].kind != kind && !chance(g, 1))
			continue;
		if (g->name[i].open || chance(g, 4))
			return i;
	}
	return -1;
}

static uint32_t random_mask(struct generator *g)
{
	static const uint32_t events[] = {
		EPOLLIN,
		EPOLLIN,
		EPOLLIN,
		EPOLLOUT,
		EPOLLOUT,
		EPOLLIN | EPOLLOUT,
		EPOLLIN | EPOLLOUT,
		EPOLLRDHUP,
		EPOLLIN | EPOLLRDHUP,
		EPOLLPRI,
		0,
		EPOLLRDNORM,
		EPOLLWRNORM | EPOLLIN,
		EPOLLWRBAND | EPOLLRDBAND,
		EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI,
		EPOLLERR | EPOLLHUP,
	};
	uint32_t mask = events[below(g, ARRAY_LEN(events))];

	if (chance(g, g->edge))
		mask |= EPOLLET;
	if (chance(g, g->oneshot))
		mask |= EPOLLONESHOT;
	if (chance(g, g->exclusive))
		mask |= EPOLLEXCLUSIVE;
	return mask;
}

static bool make_open(struct generator *g, struct uop *op)
{
	unsigned int what = below(g, 100);
	enum kind second = KINDS, first;

	if ((unsigned int)count(g, EPOLL) < g->epolls && chance(g, 40)) {
		op->verb = UV_EPOLL;
		first = EPOLL;
	} else if (what < (g->exclusive ? 15 : 50)) {
		op->verb = UV_STREAM;
		first = second = STREAM;
	} else if (what < (g->exclusive ? 30 : 75)) {
		op->verb = UV_PIPE;
		first = READER;
		second = WRITER;
	} else if (what < 98) {
		op->verb = UV_COUNTER;
		op->n = chance(g, 80) ? 0 : below(g, 3);
		first = COUNTER;
	} else {
		op->verb = UV_FILE;
		first = PLAIN;
	}
	op->name[0] = new_name(g, first);
	if (second != KINDS)
		op->name[1] = new_name(g, second);
	return op->name[0] >= 0 && (second == KINDS || op->name[1] >= 0);
}

static bool make_dup(struct generator *g, struct uop *op)
{
	op->verb = UV_DUP;
	op->name[0] = pick(g, KINDS);
	if (op->name[0] < 0 || !g->name[op->name[0]].open)
		return false;
	op->name[1] = new_name(g, g->name[op->name[0]].kind);
	return op->name[1] >= 0;
}

static bool make_ctl(struct generator *g, struct uop *op)
{
	unsigned int what = below(g, 100);

	op->verb = what < 60 ? UV_ADD : what < 82 ? UV_MOD : UV_DEL;
	if (what == 99) {
		op->verb = UV_CTL;
		op->n = below(g, 6);
		op->n += op->n >= EPOLL_CTL_ADD ? 3 : 0; /* no real one */
	}
	op->name[0] = pick(g, EPOLL);
	op->name[1] = pick(g, chance(g, g->nest) ? EPOLL : KINDS);
	op->mask = random_mask(g);
	if (op->name[0] < 0 || op->name[1] < 0)
		return false;
	return !g->threads || g->name[op->name[1]].kind != EPOLL;
}

static uint64_t random_bytes(struct generator *g, int name)
{
	static const unsigned int few[] = { 0, 1, 1, 3, 10, 40, 64, 100 };
	static const unsigned int many[] = { 1,	   7,	 1000, 4000, 4095,
					     4096, 4097, 5000, 8192, 9000 };

	if (g->name[name].kind == COUNTER && chance(g, 10))
		return UINT64_MAX - below(g, 3);
	if ((g->name[name].kind == READER || g->name[name].kind == WRITER) &&
	    chance(g, 60))
		return many[below(g, ARRAY_LEN(many))];
	return few[below(g, ARRAY_LEN(few))];
}

static bool make_io(struct generator *g, struct uop *op)
{
	unsigned int what = below(g, 100);

	op->name[0] = pick(g, KINDS);
	if (op->name[0] < 0)
		return false;
	if (what < 52) {
		op->verb = UV_WRITE;
		op->n = random_bytes(g, op->name[0]);
	} else if (what < 94) {
		op->verb = UV_READ;
		op->n = random_bytes(g, op->name[0]) % 100000;
	} else {
		op->verb = UV_SHUT;
		op->n = below(g, 3);
	}
	return true;
}

static bool make_wait(struct generator *g, struct uop *op)
{
	struct uop inner = { .name = { -1, -1 } };

	op->verb = UV_WAIT;
	op->name[0] = pick(g, EPOLL);
	op->n = chance(g, 60)  ? 1 + below(g, 3)
		: chance(g, 2) ? 0
			       : 1 + below(g, USCRIPT_EVENTS);
	if (op->name[0] < 0)
		return false;
	if (!g->inject || !chance(g, 12) || !make_io(g, &inner))
		return true;
	op->during = 1 + (int)below(g, 3);
	op->inject_verb = inner.verb;
	op->inject_name = inner.name[0];
	op->inject_n = inner.n;
	return true;
}

static bool make_close(struct generator *g, struct uop *op)
{
	op->verb = UV_CLOSE;
	op->name[0] = pick(g, KINDS);
	if (op->name[0] < 0)
		return false;
	if (g->name[op->name[0]].open)
		g->open--;
	g->name[op->name[0]].open = false;
	return true;
}

static bool make_thread(struct generator *g, struct uop *op)
{
	op->verb = UV_THREAD;
	op->thread = uscript_name(g->script, "t");
	op->name[0] = pick(g, EPOLL);
	op->n = 1 + below(g, 4);
	return op->thread >= 0 && op->name[0] >= 0;
}

/*
 * While a thread sleeps, only what wakes it at most once: it runs beside us,
 * and between two wake-ups of one call it may or may not have been through.
 * That is chance, and chance cannot be compared.
 */
static bool make_beside_thread(struct generator *g, struct uop *op)
{
	unsigned int what = below(g, 100);

	if (what < 20)
		return make_thread(g, op);
	if (what < 50)
		return make_ctl(g, op);
	if (what < 70)
		return make_wait(g, op) && !op->during;
	return make_io(g, op) && op->verb == UV_WRITE;
}

static bool make(struct generator *g, struct uop *op)
{
	unsigned int what = below(g, 100);

	*op = (struct uop){ .name = { -1, -1 },
			    .thread = -1,
			    .inject_name = -1 };
	if (g->sleeping)
		return make_beside_thread(g, op);
	if (g->open < 4 || (what < 10 && (unsigned int)g->open < g->max_open))
		return make_open(g, op);
	if (what < 10 + g->dups && (unsigned int)g->open < g->max_open)
		return make_dup(g, op);
	if (what < 36)
		return make_ctl(g, op);
	if (what < 66)
		return make_io(g, op);
	if (what < 94)
		return make_wait(g, op);
	if (what < 97)
		return make_close(g, op);
	op->verb = UV_ITEMS;
	op->name[0] = pick(g, EPOLL);
	return op->name[0] >= 0 && chance(g, 40);
}

static void append(struct generator *g, enum uverb verb, int a, int b)
{
	struct uop op = { .verb = verb,
			  .name = { a, b },
			  .thread = -1,
			  .mask = EPOLLIN,
			  .inject_name = -1 };

	uscript_append(g->script, &op);
}

/*
 * Five epolls, one in the other, and one file in the innermost many times:
 * deep and wide enough to meet the kernel's limits on nesting and on paths.
 */
static void make_tower(struct generator *g)
{
	int ep[5], file;

	for (int i = 0; i < 5; i++) {
		ep[i] = new_name(g, EPOLL);
		append(g, UV_EPOLL, ep[i], -1);
	}
	for (int i = 4; i > 0; i--)
		append(g, UV_ADD, ep[i - 1], ep[i]);
	file = new_name(g, COUNTER);
	append(g, UV_COUNTER, file, -1);
	for (int i = 0; i < 12; i++) {
		int copy = new_name(g, COUNTER);

		append(g, UV_DUP, file, copy);
		append(g, UV_ADD, ep[4 - i % 2], copy);
	}
}

void fuzz_generate(struct uscript *s, uint64_t seed, size_t ops, bool inject)
{
	struct generator g = { .script = s, .state = seed, .inject = inject };
	struct uop op;

	g.max_open = 5 + below(&g, 30);
	g.epolls = 1 + below(&g, 7);
	g.dups = below(&g, 8);
	g.edge = below(&g, 80);
	g.oneshot = below(&g, 40);
	g.exclusive = below(&g, 3) ? 0 : below(&g, 70);
	if (g.exclusive) { /* few files, each in several epolls */
		g.max_open = 5 + below(&g, 4);
		g.epolls = 2 + below(&g, 3);
	}
	g.nest = below(&g, 2) ? 0 : below(&g, 60);
	g.threads = below(&g, 40) == 0;
	if (g.threads) {
		g.dups = g.nest = 0;
		ops = MIN(ops, THREAD_OPS);
	} else if (below(&g, 50) == 0) {
		make_tower(&g);
	}
	while (s->ops < ops) {
		if (make(&g, &op))
			uscript_append(s, &op);
		g.sleeping = g.threads && s->ops > ops / 2;
	}
}
