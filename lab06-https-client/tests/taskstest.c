/* SPDX-License-Identifier: MIT */
#include "taskstest.h"

#include <stdio.h>

int port;

void begin_tasks(int capacity)
{
	origin = origin_start("--trap", "refused", "--trap", "never-accepts");
	port = prog_port(origin);
	d = prog_driver("tasks-driver");
	prog_input(d, "create %d any", capacity);
	answers("created");
}

void push_ms(int i, const char *host, int to, int ms)
{
	prog_input(d, "push %d %s %d %d", i, host, to, ms);
	answers("queued");
}

void push(int i, const char *host)
{
	push_ms(i, host, port, 10000);
}

const char *waits(int i, const char *want)
{
	prog_input(d, "wait %d", i);
	return answers(want);
}

void connected(int i, const char *address, const char *dns)
{
	char want[128];

	snprintf(want, sizeof(want), "connected %s:%d %s", address, port, dns);
	waits(i, want);
}
