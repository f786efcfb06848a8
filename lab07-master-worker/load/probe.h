/* SPDX-License-Identifier: MIT */
/*
 * probe - a blocking connection that says what became of it. Nothing waits for
 * longer than PROBE_MS.
 */
#ifndef LAB07_LOAD_PROBE_H
#define LAB07_LOAD_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

#define PROBE_MS 10000

struct probe {
	int fd;
};

/* Connects. Returns 0, or -1 with errno; probe_close() in either case. */
int probe_open(struct probe *p, const struct addr *a);
void probe_close(struct probe *p);

/* Closes with a RST. */
void probe_reset(struct probe *p);

/* Sends all of it; false if the server has closed, or takes nothing more. */
bool probe_send(struct probe *p, const void *data, size_t len);

/* The same, a byte a segment. */
bool probe_send_bytewise(struct probe *p, const void *data, size_t len);

/* shutdown(2) of our side. */
void probe_half_close(struct probe *p);

/*
 * Receives LEN bytes. Returns how many came: fewer if the connection ended, or
 * nothing came for PROBE_MS.
 */
size_t probe_receive(struct probe *p, void *data, size_t len);

/* How the connection goes on. SILENT: not at all, for PROBE_MS. */
enum probe_end { PROBE_DATA, PROBE_FIN, PROBE_RST, PROBE_SILENT };
enum probe_end probe_end(struct probe *p);

#endif
