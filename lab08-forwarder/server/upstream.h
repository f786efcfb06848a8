/* SPDX-License-Identifier: MIT */
/*
 * upstream - a server of a rule, with all that has happened to it. It outlives
 * the rule's text: a reload or a modified rule with the same id and address
 * goes on with the same upstream. The program's lock guards all that changes.
 */
#ifndef LAB08_UPSTREAM_H
#define LAB08_UPSTREAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "address/resolve.h"
#include "balance.h"
#include "health.h"
#include "rules.h"

struct program;

struct upstream {
	struct balance_server balance;
	atomic_uint holders; /* services and connections */
	char id[RULES_ID_MAX + 1];
	char text[RULES_WORD_MAX + 1];
	struct addresses *addresses;
	bool listed;	 /* in the table in force */
	bool weight_set; /* by people: the file's does not count */
	/* Checks run in the first worker's loop. */
	struct program *program;
	struct health_check check;
	struct addresses *checked; /* NULL: it is not checked */
	unsigned int check_s;
	enum { CHECK_NONE, CHECK_GOOD, CHECK_BAD } last_check;
	uint64_t bytes[2];	 /* of connections that are over: up, down */
	uint64_t live[2];	 /* of those that run, when a report was made */
	uint64_t total;		 /* connections made */
	uint64_t failed;	 /* tries that were not */
	enum health_state shown; /* the last one that was logged */
};

/* NULL with errno ENOMEM. One holder. */
struct upstream *upstream_create(const char *id, const char *text);

void upstream_hold(struct upstream *u);
/* The last one frees it; it is not checked any more by then. */
void upstream_release(struct upstream *u);

/*
 * Takes over what the rule RULE says of it as SERVER, and the addresses A
 * (which it holds itself).
 */
void upstream_configure(struct upstream *u, const struct rule *rule,
			const struct rules_server *server, struct addresses *a);

/*
 * Begins, goes on or ends to be checked in LOOP, each PERIOD_S seconds (0: no
 * more); P is told (program_checked()). In the loop's thread.
 */
void upstream_check(struct upstream *u, struct program *p, struct loop *loop,
		    unsigned int period_s);

/* Logs a line if its state is another than the last one, because of WHY. */
void upstream_note(struct upstream *u, int64_t now_ns, const char *why);

#endif
