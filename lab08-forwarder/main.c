/* SPDX-License-Identifier: MIT */
/* forwarder - a TCP load balancer that is managed while it runs. */
#include <stdio.h>

#include "log.h"
#include "server/program.h"

static void ready(struct program *p)
{
	for (size_t i = 0; i < p->table.count; i++) {
		const struct service *s = p->table.services[i];

		for (size_t j = 0; j < s->rule->listen_count; j++)
			printf("listening on %s %s\n", s->listeners[j]->bound,
			       s->rule->id);
	}
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	struct options o;
	int status = options_parse(&o, argc, argv);

	if (status >= 0)
		return status;
	if (o.debug)
		log_set_level(LOG_DEBUG);
	return program_run(&o, ready);
}
