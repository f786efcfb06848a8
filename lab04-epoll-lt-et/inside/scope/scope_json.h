/* SPDX-License-Identifier: MIT */
/*
 * scope_json - photographs of uepoll as JSON, for other tools.
 *
 *	{ "title": "what the script is about", "script": FILE, "agree": true,
 *	  "notes": [ { "step": 2, "line": 9, "text": "..." } ],
 *	  "steps": [ {
 *	    "line": 12, "op": "write b 3", "kernel": "3", "uepoll": "3",
 *	    "code": "write(b, buf, 3);", "calls": [ { "function":
 *	        "ep_poll_callback", "source": "fs/eventpoll.c" } ],
 *	    "files": [ { "name": "a", "fd": 0, "file": 1, "kind": "stream",
 *	        "bytes": 3, "queue": [ { "epoll": "e", "item": "a", "fd": 0,
 *	        "exclusive": false } ] } ],
 *	    "wakeups": [ { "file": "a", "key": "IN|PRI|RDNORM|RDBAND",
 *	        "heard": true } ],
 *	    "moves": [ { "epoll": "e", "what": "b", "how": "..." } ],
 *	    "during": { "before": [ EPOLL... ], "after": [ EPOLL... ] },
 *	    "epolls": [ {
 *	        "name": "e", "root": 1, "items": [ { "name": "a", "fd": 0,
 *	            "file": 1, "mask": "IN|ET", "ready": true, "red": false,
 *	            "left": -1, "right": -1 } ],
 *	        "scanning": false, "ready": [ 0 ], "batch": [], "overflow": [],
 *	        "waiters": [ "t" ] } ] } ] }
 *
 * A note stands before the step of its number; a note behind the last has the
 * number of steps. "bytes" are those that a read would find; a counter's is its
 * value. A wake-up with the key "" says that anything may have changed; one
 * that is not "heard" found an empty queue. "calls" are functions of Linux 6.18.
 *
 * Lists hold indices into items. "ready" of an item that is an epoll is null.
 */
#ifndef SCOPE_JSON_H
#define SCOPE_JSON_H

#include "scope_jout.h"
#include "scope_play.h"

/* The note OP, which stands before the step STEP. */
void scope_json_note(struct jout *j, const struct uop *op, int step);

/*
 * The step OP, which P has just played; what it answered, and what the kernel
 * did, or NULL if nobody asked it.
 */
void scope_json_step(struct jout *j, const struct scope_play *p,
		     const struct uop *op, const char *kernel,
		     const char *uepoll);

#endif
