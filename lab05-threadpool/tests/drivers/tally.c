/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (1 << 20)

struct slot {
	atomic_uint run;
	atomic_uint cancelled;
	atomic_ulong begun; /* 1 + how many were begun before it */
	bool refused;
};

static struct slot slots[SLOTS];
static atomic_ulong nslots;
static atomic_ulong nbegun;

void tally_reset(void)
{
	unsigned long n = atomic_load(&nslots);

	memset(slots, 0, n * sizeof(slots[0]));
	atomic_store(&nslots, 0);
	atomic_store(&nbegun, 0);
}

static void run(void *arg)
{
	struct slot *s = arg;

	atomic_store(&s->begun, atomic_fetch_add(&nbegun, 1) + 1);
	atomic_fetch_add(&s->run, 1);
}

static void cancel(void *arg)
{
	struct slot *s = arg;

	atomic_fetch_add(&s->cancelled, 1);
}

int tally_submit(struct pool *p, enum tally_way way, int64_t deadline_ms)
{
	unsigned long i = atomic_fetch_add(&nslots, 1);
	struct task t = { run, cancel, &slots[i] };
	int err;

	if (i >= SLOTS)
		abort();
	if (way == TALLY_WAIT)
		err = pool_submit(p, t);
	else if (way == TALLY_TRY)
		err = pool_try_submit(p, t);
	else
		err = pool_submit_until(p, t, deadline_ms);
	slots[i].refused = err != 0;
	return err;
}

void tally_count(struct tally *t)
{
	unsigned long n = atomic_load(&nslots), last = 0, begun;

	*t = (struct tally){ .in_order = true };
	for (unsigned long i = 0; i < n; i++) {
		unsigned int ran = atomic_load(&slots[i].run);
		unsigned int gone = atomic_load(&slots[i].cancelled);

		t->accepted += !slots[i].refused;
		t->run += ran;
		t->cancelled += gone;
		t->wrong += ran + gone != !slots[i].refused;
		begun = atomic_load(&slots[i].begun);
		t->in_order &= !begun || begun > last;
		last = begun ? begun : last;
	}
}
