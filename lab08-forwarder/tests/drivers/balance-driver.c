/* SPDX-License-Identifier: MIT */
/*
 * Drives the choice of a server: a line of standard input is a command, with
 * one blank between its words, and one line of standard output its answer.
 *
 *	new MODE SEED WEIGHT...		servers s0, s1, ... with these weights;
 *					takes the place of what was there: "ok"
 *	renew MODE SEED			the same servers, by a balance of its
 *					own: "ok"
 *	turn MODE SEED			the same, in the opposite order: what was
 *					the first one is the last one: "ok"
 *	set I FIELD N			of server I: weight, maxconn, open,
 *					backup, out, banned_until, slow_since
 *					(nanoseconds); no answer
 *	pick NOW ADDRESS [TRIED]	"2", "none" or "full"; TRIED is a 0 or 1
 *					for each server
 *	run N NOW ADDRESS		N picks, each of which stays open:
 *					"0 1 2 0 ..."; they are closed again
 *	hold N NOW ADDRESS		the same, and they stay open
 *	clients N NOW			a pick for each of N clients, 10.0.0.0,
 *					10.0.0.1, ... which open nothing
 *	hold-clients N NOW		the same, and they stay open
 *	answered I NS			"smoothed N"
 *	service I NOW			"yes" or "no": balance_in_service()
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "balance.h"
#include "words.h"

static struct balance_server server[RULES_SERVERS_MAX];
static struct balance_server *servers[RULES_SERVERS_MAX];
static char names[RULES_SERVERS_MAX][16];
static size_t count;
static struct balance balance;
static bool made;

static enum rules_mode mode_of(const char *name)
{
	static const char *const all[] = { "G",	 "MS", "RR", "LC", "RT",
					   "RD", "HS", "P2", "CH" };

	for (int i = 0; i < 9; i++)
		if (strcmp(all[i], name) == 0)
			return (enum rules_mode)i;
	fprintf(stderr, "driver: no mode %s\n", name);
	exit(2);
}

static void drop(void)
{
	if (made)
		balance_free(&balance);
	made = false;
}

static void begin(enum rules_mode mode, uint64_t seed)
{
	if (balance_init(&balance, mode, servers, count, seed) < 0) {
		printf("failed %s\n", words_errno(errno));
		return;
	}
	made = true;
	printf("ok\n");
}

static void new_balance(char *rest)
{
	enum rules_mode mode = mode_of(words_next(&rest));
	uint64_t seed = (uint64_t)words_number(&rest);

	drop();
	memset(server, 0, sizeof(server));
	for (count = 0; rest && *rest; count++) {
		server[count].weight = (unsigned int)words_number(&rest);
		/* One machine has many servers. */
		snprintf(names[count], sizeof(names[count]), "host:%zu",
			 8000 + count);
		server[count].name = names[count];
		servers[count] = &server[count];
	}
	begin(mode, seed);
}

static void renew(char *rest)
{
	enum rules_mode mode = mode_of(words_next(&rest));

	drop();
	begin(mode, (uint64_t)words_number(&rest));
}

/* What a server is called stays, and where it stands does not. */
static void turn(char *rest)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct balance_server *s = servers[i];

		servers[i] = servers[count - 1 - i];
		servers[count - 1 - i] = s;
	}
	renew(rest);
}

static void set(char *rest)
{
	struct balance_server *s = &server[words_number(&rest)];
	const char *field = words_next(&rest);
	int64_t n = words_number(&rest);

	if (strcmp(field, "weight") == 0)
		s->weight = (unsigned int)n;
	else if (strcmp(field, "maxconn") == 0)
		s->maxconn = (unsigned int)n;
	else if (strcmp(field, "open") == 0)
		s->open = (unsigned int)n;
	else if (strcmp(field, "backup") == 0)
		s->backup = n;
	else if (strcmp(field, "out") == 0)
		s->health.out = n;
	else if (strcmp(field, "banned_until") == 0)
		s->health.banned_until_ns = n;
	else if (strcmp(field, "slow_since") == 0)
		s->health.slow_since_ns = n;
}

static struct addr address_of(const char *text)
{
	struct addr a;

	if (addr_parse(text, &a) == 0)
		return a;
	fprintf(stderr, "driver: no address %s\n", text);
	exit(2);
}

static void show(int chosen)
{
	if (chosen == BALANCE_NONE)
		printf("none");
	else if (chosen == BALANCE_FULL)
		printf("full");
	else
		printf("%d", chosen);
}

static void pick(char *rest)
{
	int64_t now = words_number(&rest);
	struct addr client = address_of(words_next(&rest));
	const char *flags = words_next(&rest);
	bool tried[RULES_SERVERS_MAX] = { false };

	for (size_t i = 0; flags[i]; i++)
		tried[i] = flags[i] == '1';
	show(balance_pick(&balance,
			  &(struct balance_request){ now, &client,
						     *flags ? tried : NULL }));
	printf("\n");
}

/* N picks, for one client or for N of them. */
static void run(char *rest, bool many, bool opens, bool stay)
{
	int64_t n = words_number(&rest), now = words_number(&rest);
	struct addr client =
		address_of(many ? "10.0.0.0:1" : words_next(&rest));
	unsigned int opened[RULES_SERVERS_MAX] = { 0 };

	for (int64_t i = 0; i < n; i++) {
		int chosen =
			balance_pick(&balance, &(struct balance_request){
						       now, &client, NULL });

		if (many)
			client.in.sin_addr.s_addr =
				htonl(ntohl(client.in.sin_addr.s_addr) + 1);
		if (i)
			putchar(' ');
		show(chosen);
		if (opens && chosen >= 0 && (size_t)chosen < count) {
			server[chosen].open++;
			opened[chosen]++;
		}
	}
	for (size_t i = 0; i < count && !stay; i++)
		server[i].open -= opened[i];
	printf("\n");
}

static void command(const char *name, char *rest)
{
	if (strcmp(name, "new") == 0) {
		new_balance(rest);
	} else if (strcmp(name, "renew") == 0) {
		renew(rest);
	} else if (strcmp(name, "turn") == 0) {
		turn(rest);
	} else if (strcmp(name, "set") == 0) {
		set(rest);
	} else if (strcmp(name, "pick") == 0) {
		pick(rest);
	} else if (strcmp(name, "run") == 0) {
		run(rest, false, true, false);
	} else if (strcmp(name, "hold") == 0) {
		run(rest, false, true, true);
	} else if (strcmp(name, "clients") == 0) {
		run(rest, true, false, false);
	} else if (strcmp(name, "hold-clients") == 0) {
		run(rest, true, true, true);
	} else if (strcmp(name, "answered") == 0) {
		struct balance_server *s = &server[words_number(&rest)];

		balance_answered(s, words_number(&rest));
		printf("smoothed %lld\n", (long long)s->answer_ns);
	} else if (strcmp(name, "service") == 0) {
		struct balance_server *s = &server[words_number(&rest)];

		puts(balance_in_service(s, words_number(&rest)) ? "yes" : "no");
	}
}

int main(void)
{
	char *line;

	while ((line = words_line())) {
		const char *name = words_next(&line);

		command(name, line);
		fflush(stdout);
	}
	drop();
	return 0;
}
