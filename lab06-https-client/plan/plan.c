/* SPDX-License-Identifier: MIT */
/*
 * With a rate, request k is planned for k / rate after the start, computed anew
 * for each, so that no rounding adds up. Who takes it late has to say so: the
 * plan does not move.
 */
#include "plan.h"

#include <math.h>
#include <stdbool.h>

#include "clock.h"
#include "util.h"

#define NS_PER_S 1e9

void plan_init(struct plan *p, uint64_t requests, int64_t duration_ns,
	       double rate)
{
	double timed;

	*p = (struct plan){
		.total = requests ? requests : PLAN_ENDLESS,
		.start_ns = clock_ns(),
		.end_ns = INT64_MAX,
		.rate = rate,
	};
	if (duration_ns)
		p->end_ns = p->start_ns + duration_ns;
	if (duration_ns && rate > 0) {
		/* 0.3 s at 10 a second are 3, whatever 0.3 * 10 is. */
		timed = ceil(duration_ns * rate / NS_PER_S - 1e-6);
		p->total = MIN(p->total, (uint64_t)MAX(timed, 1.0));
	}
	pthread_mutex_init(&p->lock, NULL);
}

void plan_destroy(struct plan *p)
{
	pthread_mutex_destroy(&p->lock);
}

enum plan_verdict plan_take(struct plan *p, int64_t now_ns, uint64_t *number,
			    int64_t *when_ns)
{
	enum plan_verdict verdict = PLAN_NOW;

	pthread_mutex_lock(&p->lock);
	*number = p->next;
	*when_ns = now_ns;
	if (p->rate > 0)
		*when_ns =
			p->start_ns + (int64_t)(p->next * (NS_PER_S / p->rate));
	if (p->next == p->total || now_ns >= p->end_ns)
		verdict = PLAN_OVER;
	else if (*when_ns > now_ns)
		verdict = PLAN_LATER;
	else
		p->next++;
	pthread_mutex_unlock(&p->lock);
	return verdict;
}
