/* SPDX-License-Identifier: MIT */
/* forwarder - a TCP load balancer that is managed while it runs. */
#include "log.h"
#include "server/program.h"

int main(int argc, char *argv[])
{
	struct options o;
	int status = options_parse(&o, argc, argv);

	if (status >= 0)
		return status;
	if (o.debug)
		log_set_level(LOG_DEBUG);
	return program_run(&o);
}
