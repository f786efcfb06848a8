/* SPDX-License-Identifier: MIT */
/*
 * sock - a socket's options and addresses, as one call each.
 *
 * What a lab teaches is not here: to listen (lab 1), to connect (lab 2), to
 * accept (lab 4), and the options that belong to these.
 *
 * Every function that returns int returns 0 or -1 with errno as the system
 * call set it (EBADF, ENOTSOCK, ...), unless it says otherwise. None closes
 * the descriptor. Any thread may call.
 */
#ifndef COMMON_SOCK_H
#define COMMON_SOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "addr.h"

/*
 * O_NONBLOCK on or off (fcntl(2)). Belongs to the open file, so to every dup
 * of FD, in every process. For any descriptor. No system call is spent if the
 * flag already is so, beyond the one that looks.
 */
int sock_set_nonblock(int fd, bool on);

/*
 * TCP_NODELAY (tcp(7)): small segments leave at once instead of waiting for
 * the acknowledgement of the one before (Nagle). For servers that answer in
 * one write.
 */
int sock_set_nodelay(int fd, bool on);

/*
 * SO_REUSEPORT (socket(7)): several sockets of one user may be bound to the
 * same address, and the kernel spreads the connections over them. Before
 * bind(2), on each of them.
 */
int sock_set_reuseport(int fd, bool on);

/*
 * TCP_DEFER_ACCEPT (tcp(7)) for a listener: a connection is not reported, and
 * accept(2) does not see it, before its first byte is here, or SECONDS have
 * passed (the kernel counts in retransmissions of its SYN-ACK: 1 is one second,
 * 2 and 3 are three). Saves a wake-up for each connection where the client
 * speaks first. 0: off. When the SYN queue overflows (SYN cookies), the kernel
 * reports clients at once in spite of it.
 */
int sock_set_defer_accept(int fd, int seconds);

/*
 * SO_KEEPALIVE with a first probe after IDLE_S seconds of silence, then each
 * INTERVAL_S, and the end after COUNT without an answer (tcp(7)). Each is 1 or
 * more.
 */
int sock_set_keepalive(int fd, int idle_s, int interval_s, int count);

/*
 * SO_LINGER (socket(7)). SECONDS > 0: close(2) waits up to that long for the
 * peer to acknowledge what was sent, even if FD is non-blocking. 0: close(2)
 * throws unsent bytes away and resets the connection. Negative: off, as a socket is born.
 */
int sock_set_linger(int fd, int seconds);

/*
 * SO_SNDBUF and SO_RCVBUF in bytes, before connect(2) or listen(2). The kernel
 * doubles the number for its bookkeeping and caps it (net.core.wmem_max,
 * rmem_max); 0 leaves one as it is. Fixing them turns off their auto-tuning.
 */
int sock_set_buffers(int fd, int send_bytes, int recv_bytes);

/*
 * SO_ERROR: the error that waits at FD (a refused connect(2), a reset), and
 * clears it. Returns an errno value; 0 if there is none. If FD cannot be asked
 * (EBADF, ENOTSOCK), it returns that.
 */
int sock_error(int fd);

/* The address FD is bound to (getsockname(2)) or connected to (getpeername(2)).
 * A peer that has gone: ENOTCONN. */
int sock_local(int fd, struct addr *addr);
int sock_peer(int fd, struct addr *addr);

/*
 * The same as text, see addr_print() for the form and errors; ADDR_TEXT_MAX
 * bytes hold any IP address. On failure TEXT is "?", if SIZE is 2 or more, so
 * that a log line may use it unasked.
 */
int sock_local_text(int fd, char *text, size_t size);
int sock_peer_text(int fd, char *text, size_t size);

#endif
