/* SPDX-License-Identifier: MIT */
/*
 * plan - which request is next, and when: so many in all, for so long, at such
 * a rate. The workers take from one plan, so that none of them waits while
 * another has too much.
 */
#ifndef LAB06_PLAN_H
#define LAB06_PLAN_H

#include <pthread.h>
#include <stdint.h>

/* What a rate and a time plan at most; also "no limit". */
#define PLAN_ENDLESS UINT64_MAX

struct plan {
	pthread_mutex_t lock;
	uint64_t total;	  /* planned; PLAN_ENDLESS */
	uint64_t next;	  /* number of the next one, from 0 */
	int64_t start_ns; /* by clock_ns() */
	int64_t end_ns;	  /* no request begins then; INT64_MAX: never */
	double rate;	  /* a second; 0: at once */
};

enum plan_verdict {
	PLAN_NOW,   /* request *NUMBER was taken; planned for *WHEN_NS */
	PLAN_LATER, /* the next one is planned for *WHEN_NS */
	PLAN_OVER,  /* none is left */
};

/*
 * A plan from now on: REQUESTS of them in all (0: no limit), for DURATION_NS
 * (0: no limit), RATE a second (0: without). With a rate and a duration, as
 * many are planned as have their time before the end.
 */
void plan_init(struct plan *p, uint64_t requests, int64_t duration_ns,
	       double rate);
void plan_destroy(struct plan *p);

/* Takes the next request at the time NOW_NS. Any thread. */
enum plan_verdict plan_take(struct plan *p, int64_t now_ns, uint64_t *number,
			    int64_t *when_ns);

/* How many were planned; PLAN_ENDLESS if nothing says so. */
static inline uint64_t plan_total(const struct plan *p)
{
	return p->total;
}

#endif
