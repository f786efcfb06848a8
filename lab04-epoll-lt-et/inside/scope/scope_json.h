/* SPDX-License-Identifier: MIT */
/*
 * scope_json - photographs of uepoll as JSON, for other tools.
 *
 *	{ "script": FILE, "agree": true, "steps": [ {
 *	    "line": 12, "op": "write b 3", "kernel": "3", "uepoll": "3",
 *	    "moves": [ { "epoll": "e", "what": "b", "how": "..." } ],
 *	    "during": { "before": [ EPOLL... ], "after": [ EPOLL... ] },
 *	    "epolls": [ {
 *	        "name": "e", "root": 1, "items": [ { "name": "a", "fd": 0,
 *	            "file": 1, "mask": "IN|ET", "ready": true, "red": false,
 *	            "left": -1, "right": -1 } ],
 *	        "scanning": false, "ready": [ 0 ], "batch": [], "overflow": [],
 *	        "waiters": [ "t" ] } ] } ] }
 *
 * Lists hold indices into items. "ready" of an item that is an epoll is null.
 */
#ifndef SCOPE_JSON_H
#define SCOPE_JSON_H

#include <jansson.h>

#include "scope_state.h"

/* All epolls of a photograph. The caller owns the reference. */
json_t *scope_json_state(const struct scope_state *state);

json_t *scope_json_moves(const struct scope_move *move, int n);

#endif
