/* SPDX-License-Identifier: MIT */
/*
 * A SYN makes a half-open connection, which waits for the third packet of the
 * handshake. From a forged source that never comes. tcp_conn_request() admits
 * half-open ones up to the backlog (inet_csk_reqsk_queue_is_full()), and when
 * there are as many, it answers with a cookie and remembers nothing
 * (tcp_syncookies), or drops the SYN. The accept queue has no part in it.
 *
 * All of it happens in a network namespace of our own, which ends with us: a
 * veth pair, one end with an address, the other with nobody behind it. The
 * SYNs are put into the other end, at most FLOOD at a time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <net/ethernet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_netns.h"

enum { FLOOD = 400, BACKLOG = 16, ARRIVE_MS = 5000, PATIENCE_MS = 1000 };
enum { LIFE_MS = 20000, LOOK_MS = 50 };

/* The address of our end; the absent sources are in the same network. */
static const uint32_t our_address = 0x0a4d0001; /* 10.77.0.1 */
static const uint32_t absent = 0x0a4d1000;	/* 10.77.16.0 and up */

static const char network[] = "link add flooded type veth peer name nobody\n"
			      "link set lo up\n"
			      "link set flooded arp off up\n"
			      "link set nobody arp off up\n"
			      "address add 10.77.0.1/16 dev flooded\n";

/* ----------------------------------------------------------------- flood */

struct syn {
	struct iphdr ip;
	struct tcphdr tcp;
};

/* The sum of RFC 1071, not folded yet. */
static uint32_t sum(const void *data, size_t length)
{
	const char *bytes = data;
	uint32_t total = 0;
	uint16_t word;

	for (size_t i = 0; i < length; i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		total += word;
	}
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

static struct syn make_syn(uint32_t source, in_port_t port)
{
	struct syn syn = {
		.ip = {
			.version = 4,
			.ihl = sizeof(struct iphdr) / 4,
			.tot_len = htons(sizeof(struct syn)),
			.ttl = 64,
			.protocol = IPPROTO_TCP,
			.saddr = htonl(source),
			.daddr = htonl(our_address),
		},
		.tcp = {
			.source = htons(40000),
			.dest = port,
			.seq = htonl(1),
			.doff = sizeof(struct tcphdr) / 4,
			.syn = 1,
			.window = htons(65535),
		},
	};

	syn.ip.check = fold(sum(&syn.ip, sizeof(syn.ip)));
	syn.tcp.check = fold(sum(&syn.ip.saddr, 4) + sum(&syn.ip.daddr, 4) +
			     htons(IPPROTO_TCP) + htons(sizeof(syn.tcp)) +
			     sum(&syn.tcp, sizeof(syn.tcp)));
	return syn;
}

/* COUNT SYNs for LISTENER, each from another absent source. */
static void send_syns(int listener, int count)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("nobody"),
		.sll_halen = ETH_ALEN,
	};
	struct ifreq flooded = { .ifr_name = "flooded" };
	int raw = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (raw < 0 || ioctl(raw, SIOCGIFHWADDR, &flooded) < 0)
		exp_skip("cannot send raw packets: %s", strerror(errno));
	memcpy(to.sll_addr, flooded.ifr_hwaddr.sa_data, ETH_ALEN);
	for (int i = 0; i < count; i++) {
		struct syn syn = make_syn(absent + (uint32_t)i,
					  exp_address(listener).sin_port);

		if (sendto(raw, &syn, sizeof(syn), 0, (struct sockaddr *)&to,
			   sizeof(to)) != (ssize_t)sizeof(syn))
			exp_die("sendto");
	}
	close(raw);
}

/* -------------------------------------------------------------- counters */

static int flooded_listener(void)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(our_address),
	};
	int fd = exp_socket(0);

	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, BACKLOG) < 0)
		exp_die("listen");
	return fd;
}

/* Connections to LISTENER in state SYN-RECV: /proc/net/tcp, proc(5). */
static int half_open(int listener)
{
	FILE *table = fopen("/proc/self/net/tcp", "re");
	unsigned port = ntohs(exp_address(listener).sin_port);
	unsigned local, state;
	char line[512];
	int count = 0;

	if (!table)
		exp_skip("needs /proc/net/tcp");
	while (fgets(line, sizeof(line), table))
		if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &local, &state) ==
			    2 &&
		    local == port && state == TCP_SYN_RECV)
			count++;
	fclose(table);
	return count;
}

static int accept_queue(int listener)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		exp_die("getsockopt(TCP_INFO)");
	return (int)info.tcpi_unacked;
}

/* A counter of "TcpExt" in /proc/net/netstat: names, then values. */
static long counter(const char *name)
{
	FILE *table = fopen("/proc/self/net/netstat", "re");
	char names[8192], values[8192];
	char *n, *v, *keep_n, *keep_v;
	long value = 0;

	if (!table || !fgets(names, sizeof(names), table) ||
	    !fgets(values, sizeof(values), table))
		exp_skip("needs /proc/net/netstat");
	fclose(table);
	n = strtok_r(names, " \n", &keep_n);
	v = strtok_r(values, " \n", &keep_v);
	while (n && v && strcmp(n, name) != 0) {
		n = strtok_r(NULL, " \n", &keep_n);
		v = strtok_r(NULL, " \n", &keep_v);
	}
	if (n && v)
		value = strtol(v, NULL, 10);
	return value;
}

/* Does a real client get through within PATIENCE_MS? */
static bool client_connects(int listener)
{
	struct sockaddr_in to = exp_address(listener);
	int fd = exp_socket(SOCK_NONBLOCK);
	bool connected;

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
	    errno != EINPROGRESS)
		exp_die("connect");
	exp_poll(fd, POLLOUT, PATIENCE_MS);
	connected = exp_tcp_state(fd) == TCP_ESTABLISHED;
	close(fd);
	return connected;
}

/* ------------------------------------------------------------ experiment */

/* Floods a new listener until all SYNs have been counted; see "TcpExt". */
static int flood(const char *what_becomes_of_the_rest)
{
	int64_t deadline = clock_ms() + ARRIVE_MS;
	long before = counter(what_becomes_of_the_rest), rest;
	int listener = flooded_listener();

	send_syns(listener, FLOOD);
	do {
		rest = counter(what_becomes_of_the_rest) - before;
	} while (half_open(listener) + rest < FLOOD && exp_tick(deadline));
	exp_saw("%d in SYN-RECV, %d in the accept queue; %s: %ld",
		half_open(listener), accept_queue(listener),
		what_becomes_of_the_rest, rest);
	exp_expect(half_open(listener) == BACKLOG + 1 &&
			   accept_queue(listener) == 0,
		   "backlog + 1 in SYN-RECV, none in the accept queue");
	return listener;
}

static void with_cookies(void)
{
	bool connects;
	int listener;

	exp_netns_set("tcp_syncookies", 1);
	exp_did("listen(%d), tcp_syncookies 1, %d SYNs from absent sources",
		BACKLOG, FLOOD);
	listener = flood("SyncookiesSent");
	connects = client_connects(listener);
	exp_saw("a real client %s; SyncookiesRecv: %ld",
		connects ? "connects" : "waits", counter("SyncookiesRecv"));
	exp_expect(connects && counter("SyncookiesRecv") == 1,
		   "it connects, by its cookie");
	close(listener);
}

static void without_cookies(void)
{
	bool connects;
	int listener;

	exp_netns_set("tcp_syncookies", 0);
	exp_did("the same with tcp_syncookies 0");
	listener = flood("TCPReqQFullDrop");
	connects = client_connects(listener);
	exp_saw("a real client %s",
		connects ? "connects" : "waits for more than a second");
	exp_expect(!connects, "its SYN is dropped");
	close(listener);
}

static void lifetime(void)
{
	int listener = flooded_listener();
	int64_t start = clock_ms(), deadline = start + LIFE_MS;
	double seconds;

	exp_netns_set("tcp_synack_retries", 1);
	exp_did("one SYN, tcp_synack_retries 1");
	send_syns(listener, 1);
	while (!half_open(listener) && exp_tick(start + ARRIVE_MS))
		;
	while (half_open(listener) && clock_ms() < deadline)
		exp_poll(listener, POLLIN, LOOK_MS);
	seconds = (double)(clock_ms() - start) / 1e3;
	exp_saw("it is half-open for %.1f s", seconds);
	exp_expect(seconds > 2 && !half_open(listener), "for 1 + 2 s, not 75");
	close(listener);
}

int main(void)
{
	exp_begin("syn-flood", "a SYN flood fills the queue of finished "
			       "connections");
	exp_netns_enter();
	exp_netns_ip(network);
	with_cookies();
	without_cookies();
	lifetime();
	return exp_end(EXP_FALSE, "it fills that of half-open ones, as many as "
				  "the backlog allows; cookies do without it");
}
