/* SPDX-License-Identifier: MIT */
#include "lab02.h"

struct prog *spin_server_opts(const struct prog_opts *opts, const char *option,
			      const char *value)
{
	return prog_start_opts(opts, "spin-server", "--listen", "127.0.0.1:0",
			       option, value);
}

struct prog *spin_server_with(const char *option, const char *value)
{
	return spin_server_opts(&(struct prog_opts){ 0 }, option, value);
}

struct prog *spin_server(void)
{
	return spin_server_with(NULL, NULL);
}

/* Which function is used for it is the student's choice. */

uint64_t calls_to_receive(struct prog *p)
{
	return prog_calls(p, "recv") + prog_calls(p, "read") +
	       prog_calls(p, "recvfrom") + prog_calls(p, "recvmsg") +
	       prog_calls(p, "readv");
}

uint64_t calls_to_send(struct prog *p)
{
	return prog_calls(p, "send") + prog_calls(p, "write") +
	       prog_calls(p, "sendto") + prog_calls(p, "sendmsg") +
	       prog_calls(p, "writev");
}
