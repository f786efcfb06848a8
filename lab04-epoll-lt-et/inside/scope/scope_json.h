/* SPDX-License-Identifier: MIT */
/*
 * scope_json - photographs of uepoll as JSON, for other tools.
 *
 *	{ "title": "what the script is about", "script": FILE, "agree": true,
 *	  "notes": [ { "step": 2, "line": 9, "text": "..." } ],
 *	  "steps": [ {
 *	    "line": 12, "op": "write b 3", "kernel": "3", "uepoll": "3",
 *	    "files": [ { "name": "a", "fd": 0, "file": 1, "kind": "stream",
 *	        "bytes": 3 } ],
 *	    "wakeups": [ { "file": "a", "key": "IN|PRI|RDNORM|RDBAND" } ],
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
 * value. A wake-up with the key "" says that anything may have changed.
 *
 * Lists hold indices into items. "ready" of an item that is an epoll is null.
 */
#ifndef SCOPE_JSON_H
#define SCOPE_JSON_H

#include <jansson.h>

#include "scope_files.h"
#include "scope_state.h"

/* All epolls of a photograph. The caller owns the reference. */
json_t *scope_json_state(const struct scope_state *state);

/* The open files of W, and the wake-ups that scope_wakes() has. */
json_t *scope_json_files(const struct uworld *w);
json_t *scope_json_wakes(void);

json_t *scope_json_moves(const struct scope_move *move, int n);

#endif
