/* SPDX-License-Identifier: MIT */
/*
 * experiment_netns - a network namespace of the experiment's own
 * (network_namespaces(7)): with no interfaces but a "lo" that is down, with
 * settings of its own, and gone when the process ends. What is not allowed
 * here ends the program with exp_skip(). One thread.
 */
#ifndef COMMON_EXPERIMENT_NETNS_H
#define COMMON_EXPERIMENT_NETNS_H

/*
 * Moves the process into a new network namespace, as root of it: by its own
 * rights, or else in a new user namespace (user_namespaces(7)). Before any
 * thread is started.
 */
void exp_netns_enter(void);

/* Gives ip(8) COMMANDS, a line each (ip -batch), of which all must succeed. */
void exp_netns_ip(const char *commands);

/* Sets net.ipv4.NAME of this namespace (sysctl(8)). */
void exp_netns_set(const char *name, int value);

#endif
