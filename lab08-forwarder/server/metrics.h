/* SPDX-License-Identifier: MIT */
/*
 * metrics - the state of the program for Prometheus, in its text format 0.0.4:
 * lines end in LF.
 *
 *	forwarder_sessions			gauge
 *	forwarder_sessions_max			gauge
 *	forwarder_sessions_total		counter
 *	forwarder_sessions_ended_total		counter, by reason
 *	forwarder_server_up			gauge; these by rule and server
 *	forwarder_server_weight			gauge
 *	forwarder_server_sessions		gauge
 *	forwarder_server_sessions_total		counter
 *	forwarder_server_connect_failures_total	counter
 *	forwarder_server_bytes_total		counter, also by direction
 */
#ifndef LAB08_METRICS_H
#define LAB08_METRICS_H

#include "buf.h"
#include "server/program.h"

/* Appends all of it to OUT. The first worker's thread, without the lock. */
void metrics_write(struct program *p, struct buf *out);

#endif
