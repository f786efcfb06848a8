/* SPDX-License-Identifier: MIT */
/*
 * Task 2: balance_pick() in its eight modes.
 *
 * balance.h says what each has to choose, the handout why. A pick has two
 * steps: who may be asked at all (the three groups), and which one of these.
 * Keep them apart, with a function for each mode. Helpers of your own are
 * welcome: make them static.
 */
#include "balance.h"

#include <errno.h>
#include <stdlib.h>

#include "address/pattern.h"
#include "util.h"

int balance_init(struct balance *b, enum rules_mode mode,
		 struct balance_server **servers, size_t count, uint64_t seed)
{
	/*
	 * The only function that may take memory: scratch has room for COUNT
	 * indexes, for the servers that are left after the first step. None is
	 * a number of servers, too.
	 */
	TODO(b, mode, servers, count, seed);
	return -1;
}

void balance_free(struct balance *b)
{
	TODO(b);
}

int balance_pick(struct balance *b, const struct balance_request *request)
{
	/*
	 * First group 1, else group 2, else the one whose ban ends first. In
	 * which modes is a full server passed over, and in which does the
	 * client wait for it?
	 *
	 * MS and RR are a few lines each. For LC, RT and P2 write down first
	 * what "less" means, without a division; in RT, for a server that has
	 * not answered as well. For HS and CH hash the address and nothing
	 * else: address_unmap() makes ::ffff:10.0.0.1 the IPv4 address that it
	 * is. What should happen to the clients of the other servers when one
	 * goes?
	 */
	TODO(b, request);
	return BALANCE_NONE;
}

void balance_answered(struct balance_server *s, int64_t ns)
{
	TODO(s, ns);
}

bool balance_in_service(const struct balance_server *s, int64_t now_ns)
{
	/* Up to which moment does a ban last: up to its end, or with it? */
	TODO(s, now_ns);
	return false;
}
