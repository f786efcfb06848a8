/* SPDX-License-Identifier: MIT */
/*
 * stats - what a worker counts. Each has its own and nobody else writes to it;
 * they are added up when the workers have ended. Only the three counts of the
 * progress line are read by another thread before that.
 */
#ifndef LAB06_STATS_H
#define LAB06_STATS_H

#include <stdatomic.h>
#include <stdint.h>

#include "addr.h"
#include "hist.h"
#include "report/kind.h"

#define STATS_DETAILS_MAX 20

enum phase {
	PHASE_DNS,	  /* waiting for a look-up */
	PHASE_CONNECT,	  /* from the first connect(2) to a connection */
	PHASE_TLS,	  /* its handshake */
	PHASE_FIRST_BYTE, /* from the last byte written to the answer's first */
	PHASE_BODY,	  /* from there to its last */
	PHASES,
};

/* How long a request's last try spent in each; -1: it had no such phase. */
struct times {
	int64_t phase_ns[PHASES];
};

/* Failures that are alike. */
struct detail {
	enum kind kind;
	char host[ADDR_HOST_MAX];
	const char *reason; /* static */
	int depth;	    /* of a certificate; -1: of none */
	uint64_t count;
};

struct stats {
	_Atomic uint64_t begun;
	_Atomic uint64_t done;
	_Atomic uint64_t failed;
	uint64_t retries;
	uint64_t abandoned;
	uint64_t status[6]; /* [2]: answers of 2xx; [0] is not used */
	uint64_t failures[KINDS];
	uint64_t in, out; /* bytes, TLS's own included */
	uint64_t opened, reused, resumed;
	struct hist latency; /* microseconds, as all of them */
	struct hist phases[PHASES];
	struct detail details[STATS_DETAILS_MAX];
	size_t ndetails;
};

/* Adds 1 to *COUNT, which only the calling thread writes. */
static inline void stats_count(_Atomic uint64_t *count)
{
	uint64_t n = atomic_load_explicit(count, memory_order_relaxed);

	atomic_store_explicit(count, n + 1, memory_order_relaxed);
}

static inline uint64_t stats_read(const _Atomic uint64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

/* Makes *S count from 0. */
void stats_init(struct stats *s);

/* A request was answered after LATENCY_NS, with these TIMES in its last try. */
void stats_done(struct stats *s, int64_t latency_ns, const struct times *times);

/*
 * A request at HOST, LEN bytes, failed. REASON is static text; DEPTH as in
 * struct detail.
 */
void stats_failed(struct stats *s, enum kind kind, const char *host, size_t len,
		  const char *reason, int depth);

/* Adds all that FROM counted to *S; nobody may be counting. */
void stats_add(struct stats *s, const struct stats *from);

#endif
