/* SPDX-License-Identifier: MIT */
/*
 * listener - the socket that a server waits on for its clients.
 *
 * Any thread may call. Later labs open their listeners with this, too.
 */
#ifndef LAB01_LISTENER_H
#define LAB01_LISTENER_H

/*
 * Opens a TCP socket that listens on ADDRESS, a text as common/addr.h takes it
 * apart: "127.0.0.1:8000", "[::1]:0", "localhost:8000", "*:0". Port 0 lets
 * the kernel choose (see listener_port()). A name is resolved with
 * getaddrinfo(3), and the first of its addresses that can be bound is taken.
 * The host "*" is all addresses of this machine, IPv6 and IPv4 on one socket
 * (ipv6(7), IPV6_V6ONLY off); IPv4 alone if the machine has no IPv6.
 *
 * The socket is blocking and close-on-exec, and has SO_REUSEADDR set, so that
 * a restarted server gets its port back while connections of its predecessor
 * are in TIME_WAIT (socket(7)). BACKLOG is handed to listen(2).
 *
 * Returns the descriptor, which the caller closes; or -1 with errno set, and
 * *WHY a sentence for people, in memory that nobody frees or changes. Nothing
 * is left open then. What can go wrong:
 *   EINVAL		ADDRESS is no HOST:PORT; *WHY is "not HOST:PORT"
 *   EADDRNOTAVAIL	no such name, or none of its addresses is ours; for a
 *			name, *WHY is what gai_strerror(3) says
 *   ENOMEM		no memory to resolve the name; *WHY is gai_strerror(3)'s
 *   EADDRINUSE		another socket listens there
 *   EACCES		the port is reserved for root
 *   else		what socket(2), setsockopt(2), bind(2) or listen(2) say;
 *			for a name, what errno says if getaddrinfo(3) says
 *			EAI_SYSTEM
 * *WHY is strerrordesc_np(errno) unless said otherwise above.
 */
int listener_open(const char *address, int backlog, const char **why);

/*
 * The port that FD, an IPv4 or IPv6 socket, is bound to, in host byte order: 1
 * to 65535, 0 if it is not bound. -1 with getsockname(2)'s errno, or with
 * EAFNOSUPPORT for a socket of another family.
 */
int listener_port(int fd);

#endif
