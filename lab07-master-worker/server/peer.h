/* SPDX-License-Identifier: MIT */
/*
 * peer - a client as the server sees it: packets in, answers out.
 *
 *	recv(2) ─► frame_read() ─► flood, heartbeat ─► logic_begin()
 *	                                                │        │
 *	send(2) ◄─ session_flush() ◄─ outbox_reply() ◄──┘        ▼
 *	                          ◄─ outbox_answer() ◄───── work (threads)
 *
 * BACK-PRESSURE. Nothing more is read from a client for whom PEER_OWED packets
 * wait for the pool, or PEER_BEHIND answers wait for their turn behind one that
 * is. What was read already is held, and goes on when half of that is done.
 */
#ifndef LAB07_PEER_H
#define LAB07_PEER_H

#include "addr.h"
#include "buf.h"
#include "frame.h"
#include "heartbeat.h"
#include "server/flood.h"
#include "server/work.h"
#include "session.h"
#include "stats/stats.h"

#define PEER_OWED   64
#define PEER_BEHIND 512
#define PEER_READ   16384 /* bytes of a recv(2) */

/* What all peers of a worker share. */
struct peers {
	struct loop *loop;
	struct sessions *sessions;
	struct heartbeat heartbeat;
	struct flood_rules flood;
	struct work *work;
	struct stats *stats;
	/*
	 * Whether clients that have nothing outstanding are closed: between two
	 * packets, or also within one.
	 */
	enum { PEERS_STAY, PEERS_GO_BETWEEN, PEERS_GO } drain;
	void (*closed)(struct peers *peers); /* a descriptor is closed */
	struct peer *idle;		     /* of peers_make_room() */
	unsigned char bytes[PEER_READ];	     /* of the recv(2) at hand */
	struct logic_work logic;	     /* of the packet at hand */
};

struct peer {
	struct session session; /* first: see sessions_create() */
	struct peers *all;
	struct frame_reader reader;
	struct flood flood;
	bool dry; /* the last recv(2) left nothing */
	struct heartbeat_entry beat;
	struct buf held; /* bytes that were read and have to wait */
	struct work_line line;
	struct addr addr;
};

extern const struct session_ops peer_ops;

/*
 * Lets the client on FD in, which is then the peer's; or closes FD, logs why,
 * and returns -1.
 */
int peer_admit(struct peers *all, int fd);

/* For work_create(): an answer has come for S. */
void peer_answered(struct session *s);

/* PEERS->drain has changed. */
void peers_drain(struct peers *all);

/* Closes everybody who was silent for too long. */
void peers_check_silence(struct peers *all);

/*
 * Out of descriptors: closes the client that has been silent for longest, of
 * those with nothing outstanding. Returns false if no client is like that.
 */
bool peers_make_room(struct peers *all);

#endif
