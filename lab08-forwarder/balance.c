/* SPDX-License-Identifier: MIT */
/*
 * Every pick has the same two steps: which servers may be asked at all (a
 * group, see balance.h), and which of these by the mode. The first is gather(),
 * which leaves indexes in b->scratch; the second is a function a mode.
 *
 * Weights are multiplied by WEIGHT_UNIT, so that a tenth of a weight of 1 is
 * still a number (slow start).
 *
 * CH is rendezvous hashing with weights (Thaler and Ravishankar, 1998; Schindler
 * and Schomaker, 2005): each server has a score for this client, and the best
 * one gets it. A server that goes takes nobody else's score with it. The bound
 * is from Mirrokni, Thorup, Zadimoghaddam: "Consistent Hashing with Bounded
 * Loads" (2018).
 */
#include "balance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "address/pattern.h"
#include "util.h"

#define WEIGHT_UNIT 1000
#define FOR_EVER    INT64_MIN
#define SMOOTHING   8

/* ---- hashing and chance ---- */

/* The finalizer of SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint64_t hash_bytes(const void *data, size_t n)
{
	const unsigned char *byte = data;
	uint64_t h = 0x9e3779b97f4a7c15u + n;

	while (n--)
		h = mix(h ^ *byte++);
	return h;
}

/* Of the address alone: a client's next connection has another port. */
static uint64_t hash_client(const struct addr *client)
{
	struct addr a = *client;

	address_unmap(&a);
	if (a.sa.sa_family == AF_INET)
		return hash_bytes(&a.in.sin_addr, sizeof(a.in.sin_addr));
	return hash_bytes(&a.in6.sin6_addr, sizeof(a.in6.sin6_addr));
}

static uint64_t chance(struct balance *b)
{
	return mix(b->random += 0x9e3779b97f4a7c15u);
}

/* ---- who may be asked ---- */

static bool is_usable(const struct balance_server *s)
{
	return !s->health.out && s->weight;
}

bool balance_in_service(const struct balance_server *s, int64_t now_ns)
{
	return is_usable(s) && s->health.banned_until_ns <= now_ns;
}

static bool is_full(const struct balance_server *s)
{
	return s->maxconn && s->open >= s->maxconn;
}

static bool was_tried(const struct balance_request *q, size_t i)
{
	return q->tried && q->tried[i];
}

/* Leaves the indexes of a group in b->scratch, and returns how many. */
static size_t gather(struct balance *b, const struct balance_request *q,
		     bool backup)
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct balance_server *s = b->servers[i];

		if (s->backup == backup && !was_tried(q, i) &&
		    balance_in_service(s, q->now_ns))
			b->scratch[n++] = i;
	}
	return n;
}

/* Of the N in b->scratch, keeps those that have room. */
static size_t drop_full(struct balance *b, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!is_full(b->servers[b->scratch[i]]))
			b->scratch[kept++] = b->scratch[i];
	return kept;
}

static int first_free_of_ban(const struct balance *b,
			     const struct balance_request *q)
{
	int best = BALANCE_NONE;

	for (size_t i = 0; i < b->count; i++) {
		const struct health *h = &b->servers[i]->health;

		if (!is_usable(b->servers[i]) || was_tried(q, i))
			continue;
		if (best < 0 ||
		    h->banned_until_ns <
			    b->servers[best]->health.banned_until_ns)
			best = (int)i;
	}
	return best;
}

/* ---- weights ---- */

/* 1 or more, for any that may be asked. */
static int64_t weight_now(const struct balance_server *s, int64_t now_ns)
{
	const int64_t full = (int64_t)s->weight * WEIGHT_UNIT;
	int64_t since = now_ns - s->health.slow_since_ns;

	if (!s->health.slow_since_ns || since >= BALANCE_SLOW_NS)
		return full;
	since = MAX(since, (int64_t)0) / (BALANCE_SLOW_NS / WEIGHT_UNIT);
	return full / 10 + full * 9 / 10 * since / WEIGHT_UNIT;
}

/* The same, without slow start if NOW_NS is FOR_EVER. */
static int64_t weight_at(const struct balance_server *s, int64_t now_ns)
{
	return now_ns == FOR_EVER ? s->weight : weight_now(s, now_ns);
}

/* Where in the N indexes at CHOICE POINT falls, if each is as long as its
 * server's weight. */
static size_t by_weight(const struct balance *b, const size_t *choice, size_t n,
			uint64_t point, int64_t now_ns)
{
	int64_t total = 0, left;

	for (size_t i = 0; i < n; i++)
		total += weight_at(b->servers[choice[i]], now_ns);
	left = (int64_t)(point % (uint64_t)total);
	for (size_t i = 0; i + 1 < n; i++) {
		left -= weight_at(b->servers[choice[i]], now_ns);
		if (left < 0)
			return i;
	}
	return n - 1;
}

/* ---- the modes: of the N indexes at CHOICE, one ---- */

static int round_robin(struct balance *b, const size_t *choice, size_t n,
		       int64_t now_ns)
{
	struct balance_server *best = NULL;
	int64_t total = 0;
	int index = BALANCE_NONE;

	for (size_t i = 0; i < n; i++) {
		struct balance_server *s = b->servers[choice[i]];
		int64_t weight = weight_now(s, now_ns);

		s->credit += weight;
		total += weight;
		if (!best || s->credit > best->credit) {
			best = s;
			index = (int)choice[i];
		}
	}
	best->credit -= total;
	return index;
}

/* Negative, 0 or positive: A has less to do than B, as much, or more. */
static int compare_load(const struct balance_server *a,
			const struct balance_server *b, int64_t now_ns)
{
	int64_t left = (int64_t)(a->open + 1) * weight_now(b, now_ns);
	int64_t right = (int64_t)(b->open + 1) * weight_now(a, now_ns);

	return (left > right) - (left < right);
}

/* It owes nothing for what it was asked before it came back. */
static bool owes_answer(const struct balance_server *s)
{
	return s->asked_ns && s->asked_ns >= s->health.slow_since_ns;
}

/* For RT: least of a server that was never asked, most of one that never answered. */
static int64_t answer_time(const struct balance_server *s, int64_t now_ns)
{
	if (!owes_answer(s))
		return s->answer_ns;
	if (!s->answer_ns)
		return INT64_MAX;
	return MAX(s->answer_ns, now_ns - s->asked_ns);
}

static int compare_answer(const struct balance_server *a,
			  const struct balance_server *b, int64_t now_ns)
{
	int64_t left = answer_time(a, now_ns), right = answer_time(b, now_ns);

	return (left > right) - (left < right);
}

/* Round robin among those that COMPARE finds to be the least. */
static int least(struct balance *b, size_t n, int64_t now_ns,
		 int (*compare)(const struct balance_server *,
				const struct balance_server *, int64_t))
{
	size_t equal = 0;

	for (size_t i = 0; i < n; i++) {
		size_t at = b->scratch[i];
		int order = -1;

		if (equal)
			order = compare(b->servers[at],
					b->servers[b->scratch[0]], now_ns);
		if (order < 0)
			equal = 0;
		if (order <= 0)
			b->scratch[equal++] = at;
	}
	return round_robin(b, b->scratch, equal, now_ns);
}

static int response_time(struct balance *b, size_t n, int64_t now_ns)
{
	size_t oldest = b->scratch[0];

	if (b->picks % BALANCE_RT_EXPLORE != 0)
		return least(b, n, now_ns, compare_answer);
	for (size_t i = 1; i < n; i++)
		if (b->servers[b->scratch[i]]->picked <
		    b->servers[oldest]->picked)
			oldest = b->scratch[i];
	return (int)oldest;
}

static int best_of_two(struct balance *b, size_t n, int64_t now_ns)
{
	size_t first = by_weight(b, b->scratch, n, chance(b), now_ns);
	size_t one = b->scratch[first], two;

	if (n == 1)
		return (int)one;
	b->scratch[first] = b->scratch[--n];
	two = b->scratch[by_weight(b, b->scratch, n, chance(b), now_ns)];
	return (int)(compare_load(b->servers[two], b->servers[one], now_ns) < 0
			     ? two
			     : one);
}

/* Over all of the group, whether in service or not; then over the rest. */
static int source_hash(struct balance *b, const struct balance_request *q,
		       bool backup)
{
	uint64_t hash = hash_client(q->client);
	size_t n = 0, found;

	for (size_t i = 0; i < b->count; i++)
		if (b->servers[i]->backup == backup && b->servers[i]->weight)
			b->scratch[n++] = i;
	while (n) {
		size_t i = by_weight(b, b->scratch, n, hash, FOR_EVER);

		found = b->scratch[i];
		if (!was_tried(q, found) &&
		    balance_in_service(b->servers[found], q->now_ns))
			return (int)found;
		b->scratch[i] = b->scratch[--n];
		hash = mix(hash + 1);
	}
	return BALANCE_NONE;
}

/* The greater, the more S is this client's. */
static double score(const struct balance_server *s, uint64_t client)
{
	uint64_t hash = mix(client ^ hash_bytes(s->name, strlen(s->name)));
	double unit = ((double)(hash >> 11) + 0.5) / 9007199254740992.0;

	return -(double)s->weight / log(unit);
}

/* Of all of a group that may be asked, full ones among them. */
struct load {
	uint64_t open;
	uint64_t weights;
};

static struct load sum_load(const struct balance *b, size_t n)
{
	struct load load = { 0, 0 };

	for (size_t i = 0; i < n; i++) {
		load.open += b->servers[b->scratch[i]]->open;
		load.weights += b->servers[b->scratch[i]]->weight;
	}
	return load;
}

/* The greater its weight, the more a server may have. */
static bool is_at_bound(const struct balance_server *s, const struct load *load)
{
	uint64_t share = 5 * (load->open + 1) * s->weight;
	uint64_t bound = (share + 4 * load->weights - 1) / (4 * load->weights);

	return s->open >= MAX(bound, (uint64_t)2);
}

/* The best score of the N at b->scratch; BALANCE_NONE if N is 0. */
static int best_score(const struct balance *b, size_t n, uint64_t client)
{
	double best = 0;
	int index = BALANCE_NONE;

	for (size_t i = 0; i < n; i++) {
		double its = score(b->servers[b->scratch[i]], client);

		if (index < 0 || its > best) {
			index = (int)b->scratch[i];
			best = its;
		}
	}
	return index;
}

/* LOAD is of all that may be asked; N of them, at b->scratch, are not full. */
static int consistent_hash(struct balance *b, const struct balance_request *q,
			   struct load load, size_t n)
{
	uint64_t client = hash_client(q->client);
	size_t below = 0;

	for (size_t i = 0; i < n; i++) {
		size_t at = b->scratch[i];

		if (is_at_bound(b->servers[at], &load))
			continue;
		/* Those below come first, the others are kept behind them. */
		b->scratch[i] = b->scratch[below];
		b->scratch[below++] = at;
	}
	return best_score(b, below ? below : n, client);
}

/* ---- a pick ---- */

/* One of the group, BALANCE_NONE if it is empty. */
static int pick_from(struct balance *b, const struct balance_request *q,
		     bool backup)
{
	size_t n = gather(b, q, backup);
	struct load load;
	int one;

	if (n == 0)
		return BALANCE_NONE;
	if (b->mode == RULES_MS || b->mode == RULES_HS) {
		one = b->mode == RULES_MS ? (int)b->scratch[0]
					  : source_hash(b, q, backup);
		return is_full(b->servers[one]) ? BALANCE_FULL : one;
	}
	load = sum_load(b, n);
	n = drop_full(b, n);
	if (n == 0)
		return BALANCE_FULL;
	switch (b->mode) {
	case RULES_CH:
		return consistent_hash(b, q, load, n);
	case RULES_LC:
		return least(b, n, q->now_ns, compare_load);
	case RULES_RT:
		return response_time(b, n, q->now_ns);
	case RULES_RD:
		return (int)b->scratch[by_weight(b, b->scratch, n, chance(b),
						 q->now_ns)];
	case RULES_P2:
		return best_of_two(b, n, q->now_ns);
	default:
		return round_robin(b, b->scratch, n, q->now_ns);
	}
}

static void note_pick(const struct balance *b, struct balance_server *s,
		      int64_t now_ns)
{
	s->picked = b->picks;
	if (b->mode == RULES_RT && !owes_answer(s))
		s->asked_ns = now_ns;
}

int balance_pick(struct balance *b, const struct balance_request *request)
{
	int one;

	b->picks++;
	one = pick_from(b, request, false);
	if (one == BALANCE_NONE)
		one = pick_from(b, request, true);
	if (one == BALANCE_NONE) {
		one = first_free_of_ban(b, request);
		if (one >= 0 && is_full(b->servers[one]))
			one = BALANCE_FULL;
	}
	if (one >= 0)
		note_pick(b, b->servers[one], request->now_ns);
	return one;
}

void balance_answered(struct balance_server *s, int64_t ns)
{
	if (s->answer_ns)
		s->answer_ns += (ns - s->answer_ns) / SMOOTHING;
	else
		s->answer_ns = ns;
	s->answer_ns = MAX(s->answer_ns, (int64_t)1);
	s->asked_ns = 0;
}

int balance_init(struct balance *b, enum rules_mode mode,
		 struct balance_server **servers, size_t count, uint64_t seed)
{
	*b = (struct balance){
		.mode = mode,
		.servers = servers,
		.count = count,
		.random = seed,
		.scratch = calloc(count ? count : 1, sizeof(*b->scratch)),
	};
	/* Servers may come from a balance before this one: counting goes on. */
	for (size_t i = 0; i < count; i++)
		b->picks = MAX(b->picks, servers[i]->picked);
	return b->scratch ? 0 : -1;
}

void balance_free(struct balance *b)
{
	free(b->scratch);
	b->scratch = NULL;
}
