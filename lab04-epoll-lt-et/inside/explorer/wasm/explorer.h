/* SPDX-License-Identifier: MIT */
/*
 * explorer - what the page in the browser calls: a script goes in, JSON comes
 * out. One script a WebAssembly instance; a new script takes a new instance, so
 * that files are numbered as epoll-scope numbers them.
 *
 * Strings returned live until the next call, and end with NUL.
 */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <stddef.h>

/* The most operations that a script may have here. */
#define EXPLORER_OPS 1000

/* Room for a script of SIZE bytes, which the page fills. */
char *explorer_room(size_t size);

/*
 * Reads the SIZE bytes of that room. JSON: { "error": { "line": 3, "text":
 * "expected ..." } }; or { "title": "...", "notes": [...], "steps": 12 }, as in
 * scope_json.h, with the number of steps that can be played.
 */
const char *explorer_load(size_t size);

/* Plays the next step, and returns it as in scope_json.h; NULL at the end. */
const char *explorer_step(void);

/* How the WHICH-th operation of the language is written; NULL behind the last.
 */
const char *explorer_usage(int which);

#endif
