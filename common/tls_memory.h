/* SPDX-License-Identifier: MIT */
/*
 * tls_memory - OpenSSL's memory from lists of free blocks, one list a size and
 * a thread. A handshake takes and gives back some thousands of small blocks,
 * and with SSL_MODE_RELEASE_BUFFERS each record a large one: here that is a few
 * instructions, and no lock.
 */
#ifndef COMMON_TLS_MEMORY_H
#define COMMON_TLS_MEMORY_H

/*
 * Has OpenSSL use it. Before any other call of OpenSSL in the process; later,
 * and in a process that has done it already, it has no effect. A thread's free
 * blocks are given back when it ends.
 */
void tls_memory_init(void);

#endif
