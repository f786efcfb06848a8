/* SPDX-License-Identifier: MIT */
/*
 * clients - the three loads of the show: bot over HTTP, bot over HTTPS, which
 * trusts the origin's root and nothing else, and framed-load.
 */
#ifndef DEMO_CLIENTS_H
#define DEMO_CLIENTS_H

#include "cluster.h"
#include "load.h"

enum { LOAD_HTTP, LOAD_HTTPS, LOAD_FRAMES, LOADS };

/* Makes LOADS loads for *C, which serves and stays where it is. Once. */
void clients_prepare(struct load *loads, const struct cluster *c);

#endif
