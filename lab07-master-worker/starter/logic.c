/* SPDX-License-Identifier: MIT */
/*
 * Task 5. A table with a handler for each code: what reads its body, and what
 * does its work. Everything else follows from the table.
 *
 * *W comes with the bytes of whoever used it last. Whatever is sent to a client
 * must have been put there for this client.
 */
#include "logic.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "util.h"

struct logic_handler {
	/* Fills in W from the body; whether the body is as it should be. */
	bool (*read)(struct logic_work *w, const struct frame *f);
	/* Does it; NULL: there is nothing to do, and the answer is the header. */
	enum logic_result (*run)(const struct logic_work *w,
				 const struct logic_accounts *accounts);
};

/*
 * UTF-8 in four forms: each has a least value, and a value that fits a shorter
 * form is malformed in a longer one (RFC 3629, section 3).
 */
enum logic_verdict logic_begin(struct logic_work *w, const struct frame *f)
{
	TODO(w, f);
	return LOGIC_DROPPED;
}

void logic_run(struct logic_work *w, const struct logic_accounts *accounts)
{
	TODO(w, accounts);
}

void logic_busy(struct logic_work *w)
{
	TODO(w);
}

enum logic_stale logic_stale(const struct logic_work *w,
			     const struct logic_conn *now)
{
	TODO(w, now);
	return LOGIC_STALE_DESCRIPTOR;
}
